"""Messages for users. In the project's Python `__main__.py` loads the file of djdesk under this
name; if djdesk can be imported, this module just re-exports it.
"""

from djdesk.messages import loads, packed, say

__all__ = ["loads", "packed", "say"]
