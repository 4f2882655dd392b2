"""What is said about a package: ``__package_metadata__``, settings, licences, and the Pythons that it needs."""
