"""The tests of paa: ``unit/`` mirrors the package, ``functional/`` runs it as a user would."""
