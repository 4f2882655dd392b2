"""Measurements of paa against the targets of its design; run by script/bench."""
