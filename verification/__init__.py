"""Checks of the facts that paa ships, for whoever changes them; no part of paa itself."""
