"""Exports: the form, the background task and the files in the exports folder."""
