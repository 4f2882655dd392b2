"""A setup directory → wheel and sdist."""
