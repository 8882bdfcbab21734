"""What every template may ask about the runtime."""

from django.http import HttpRequest

from djdesk import __version__

from . import launch, notices


def desktop(request: HttpRequest) -> dict[str, object]:
    """``desktop.version``, ``desktop.browser`` (true when no window of ours shows the page) and
    ``desktop.notices`` (what the user should know about this launch)."""
    config = launch.current()
    return {
        "desktop": {
            "version": __version__,
            "browser": bool(config and config.browser_session),
            "notices": notices.current(),
        }
    }
