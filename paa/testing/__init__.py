"""The tests of packages, run against what a user of these packages would install."""
