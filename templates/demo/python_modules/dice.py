"""Roll dice. On its own: no change of the others reaches it."""

import random


def roll(sides=6):
    """A number from 1 to the number of sides."""
    return random.randint(1, sides)
