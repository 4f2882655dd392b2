"""What tags, tracking, notes and indexes say of each release, where they differ, and the smallest repair."""
