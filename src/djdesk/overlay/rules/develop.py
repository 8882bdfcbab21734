"""DEV1: under ``djdesk start`` open pages reload when the app's files change."""

from __future__ import annotations

from ..rule import Context, Decision, Settings, after
from .runtime import GUARD

FOLLOW = "djdesk.tools.develop.middleware.FollowChanges"


def rule(settings: Settings, context: Context) -> Decision | None:
    # Needs the shell, which restarts the app; "djdesk manage runserver" reloads by itself.
    if context.mode != "development" or not context.launched:
        return None
    return Decision(
        "Open pages reload when the app's files change.",
        {"MIDDLEWARE": after(list(settings["MIDDLEWARE"]), FOLLOW, GUARD)},
    )
