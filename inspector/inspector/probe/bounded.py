"""Reads project files. In the project's Python `__main__.py` loads the file of `djdesk.projects`
under this name; if djdesk can be imported, this module just re-exports it.
"""

from djdesk.projects.bounded import TooLarge, Unreadable, only_regular, read_bytes, read_head

__all__ = ["TooLarge", "Unreadable", "only_regular", "read_bytes", "read_head"]
