"""What tests assemble has to work for a stranger: each wheel is kept, and proven once in an environment of its own."""
