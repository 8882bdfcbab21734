"""Time limits. In the project's Python `__main__.py` loads the file of `djdesk.projects` under this
name; if djdesk can be imported, this module just re-exports it.
"""

from djdesk.projects.timelimit import TooSlow, at_most

__all__ = ["TooSlow", "at_most"]
