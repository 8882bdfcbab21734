"""Reads files of a project. In a project's own Python `__main__.py` loads the file of
`djdesk.projects` under this name; where djdesk can be imported, that is all there is to do."""

from djdesk.projects.bounded import TooLarge, Unreadable, only_regular, read_bytes, read_head

__all__ = ["TooLarge", "Unreadable", "only_regular", "read_bytes", "read_head"]
