"""What is in the repository: packages, their imports, components, requirements, metadata and fingerprints."""
