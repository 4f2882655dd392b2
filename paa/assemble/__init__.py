"""A scanned package and a version → its setup directory, as a mapping of path → bytes."""
