"""The translations: which texts there are, and whether every language has them."""
