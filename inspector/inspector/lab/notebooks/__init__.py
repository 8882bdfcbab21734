"""Notebooks that contain their data. Each is built from a file of cells (``# %%``) in cells/."""

from .document import KINDS, document

__all__ = ["KINDS", "document"]
