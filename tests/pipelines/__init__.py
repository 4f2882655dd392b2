"""Generated pipelines are run for real: clean clones, a Git host with tokens, index servers, artifacts between jobs."""
