"""The only rooms that touch the world, one outside thing a file."""
