"""Limits of time. In a project's own Python `__main__.py` loads the file of `djdesk.projects` under
this name; where djdesk can be imported, that is all there is to do."""

from djdesk.projects.timelimit import TooSlow, at_most

__all__ = ["TooSlow", "at_most"]
