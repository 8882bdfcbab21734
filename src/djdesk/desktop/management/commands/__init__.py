"""The commands themselves, one in each module."""
