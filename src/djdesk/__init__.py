"""DJDesk: Django as desktop software."""
