"""What server and worker also do under ``djdesk start``: reload on changes, debug, warn.

Never in a packaged app. The overlay adds the middleware in development; the child processes call
``begin``.
"""

from __future__ import annotations


def begin(*, server: bool) -> None:
    """Call after django.setup(). Only the server watches files: the shell restarts both."""
    from . import breakpoints

    breakpoints.install()
    if server:
        from . import follow

        follow.start()
