"""A module and its components as the text of one module that does what they do apart."""
