"""Built distributions → findings: one rule a file. A check that could not run is a failure."""
