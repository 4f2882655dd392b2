"""paa assembles, builds and releases Python packages from the modules of one Git repository."""

__version__ = "0.1.0"
