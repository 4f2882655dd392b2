"""The repository itself: what sets it up and keeps it up to date."""
