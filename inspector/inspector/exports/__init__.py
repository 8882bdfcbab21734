"""Exports: what the page offers, how one is made in the background, and the files in the folder."""
