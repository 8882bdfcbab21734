"""Notebooks that carry their data. Each is a file of cells (``# %%``) beside this one."""

from .document import KINDS, document

__all__ = ["KINDS", "document"]
