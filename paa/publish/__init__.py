"""Distributions → an index: ask what it has, send what is missing, wait until it serves it, write a receipt."""
