"""Thin: a view finds the rows, asks inspector.pages for their order, and renders."""
