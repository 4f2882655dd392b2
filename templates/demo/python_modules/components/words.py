"""Shared by two packages: shipped inside each of them, published as none."""

import re

WORD = re.compile(r"[a-z]+")


def words(text):
    """The words of a text, in lower case."""
    return WORD.findall(text.lower())
