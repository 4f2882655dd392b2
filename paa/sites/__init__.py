"""Websites of packages, and the catalogue that lists them: made with MkDocs, and put on the branch that is shown."""
