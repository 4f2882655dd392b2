"""Count the words of a text."""

from collections import Counter

from .components.words import words

__package_metadata__ = {"author": "A. Newcomer", "keywords": ["text"], "license": "mit"}


def count(text):
    """How often each word occurs, the most frequent first."""
    return Counter(words(text)).most_common()
