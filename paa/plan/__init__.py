"""What has to be released, as which version, and why."""
