"""One folder or module for each of paa's."""
