"""DJDesk: Django as desktop software."""

__version__ = "0.2.0"
