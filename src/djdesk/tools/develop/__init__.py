"""What server and worker do besides, under ``djdesk start``: follow changes, debug, warn.

Never in a packaged app. The overlay adds the middleware in development; the children call
``begin``.
"""

from __future__ import annotations


def begin(*, server: bool) -> None:
    """Call once Django is set up. The server alone watches: the shell restarts both."""
    from . import breakpoints

    breakpoints.install()
    if server:
        from . import follow

        follow.start()
