"""Prepares snapshot sections for the pages, in the order that readers need."""
