"""Where secrets are masked. In a project's own Python `__main__.py` loads the file of
`djdesk.projects` under this name; where djdesk can be imported, that is all there is to do."""

from djdesk.projects.redact import CUT, GIVEN, MASK, SHAPES, scrub, secret_name

__all__ = ["CUT", "GIVEN", "MASK", "SHAPES", "scrub", "secret_name"]
