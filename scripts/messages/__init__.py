"""Translations: the messages in the source, and whether every language has them."""
