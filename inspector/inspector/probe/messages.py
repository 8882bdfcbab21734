"""Sentences for people. In a project's own Python `__main__.py` loads the file of djdesk under this
name; where djdesk can be imported, that is all there is to do."""

from djdesk.messages import loads, packed, say

__all__ = ["loads", "packed", "say"]
