"""Answers about the repository as it is on disk: what a package is, why it needs what it needs, who needs whom."""
