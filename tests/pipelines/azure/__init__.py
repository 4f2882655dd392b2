"""Rendered Azure pipelines, run for real: a small stand-in for the service and its agent, and what it is used for."""
