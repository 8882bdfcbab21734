"""Load the app in this process, or explain why that fails and what to do about it.

``python -m djdesk.desktop.loading [COMMAND …]`` loads it and runs a management command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from djdesk.messages import say

from .launch import LaunchFailure, place_of


def set_up(begin: Callable[[], Any] | None = None) -> Any:
    """``django.setup()``, or ``begin``. Raises LaunchFailure."""
    import django

    try:
        return (begin or django.setup)()
    except LaunchFailure:
        raise
    except ImportError as error:
        raise LaunchFailure(
            "bad_config",
            say("A part of the app cannot be imported ({error}).", error=error),
            say(
                "Install the package (uv add, or pip install), or correct "
                "INSTALLED_APPS and MIDDLEWARE."
            ),
            place_of(error),
        ) from error
    except Exception as error:
        raise LaunchFailure(
            "bad_config",
            say(
                "The app cannot be loaded ({kind}: {error}).",
                kind=type(error).__name__,
                error=error,
            ),
            say("Correct the line named below."),
            place_of(error),
        ) from error


def read_addresses() -> None:
    """Import all URL patterns now instead of at the first request. Raises LaunchFailure."""
    from django.conf import settings
    from django.urls import get_resolver

    try:
        _ = get_resolver().url_patterns
    except Exception as error:
        raise LaunchFailure(
            "bad_config",
            say("The URLconf of the app cannot be loaded. {error}", error=error),
            say("Correct {module}.", module=settings.PROJECT_URLCONF),
            place_of(error),
        ) from error


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "djdesk.overlay.settings")
    try:
        set_up()
        read_addresses()
    except LaunchFailure as failure:
        print(
            *filter(None, (failure.reason, failure.hint, failure.detail)), sep="\n", file=sys.stderr
        )
        return 1
    if arguments:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
