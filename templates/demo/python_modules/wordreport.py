"""A text's words as a table: needs the package wordcount, and says so by importing it."""

import wordcount
from components.words import words


def report(text):
    """A line per word, under the number of words in all."""
    lines = [f"{number:4}  {word}" for word, number in wordcount.count(text)]
    return "\n".join([f"{len(words(text)):4}  words", *lines])
