"""A module and its components as one module that does what they do apart, or the reasons why that can't be had."""
