"""Masks secrets. In the project's Python `__main__.py` loads the file of `djdesk.projects` under
this name; if djdesk can be imported, this module just re-exports it.
"""

from djdesk.projects.redact import CUT, GIVEN, MASK, SHAPES, scrub, secret_name

__all__ = ["CUT", "GIVEN", "MASK", "SHAPES", "scrub", "secret_name"]
