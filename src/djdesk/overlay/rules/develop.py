"""DEV1: under ``djdesk start`` open pages follow changes of the app's files."""

from __future__ import annotations

from ..rule import Context, Decision, Settings, after
from .runtime import GUARD

FOLLOW = "djdesk.tools.develop.middleware.FollowChanges"


def rule(settings: Settings, context: Context) -> Decision | None:
    # Only with a shell, which starts the app again; "djdesk manage runserver" reloads by itself.
    if context.mode != "development" or not context.launched:
        return None
    return Decision(
        "Open pages are loaded again when files of the app change.",
        {"MIDDLEWARE": after(list(settings["MIDDLEWARE"]), FOLLOW, GUARD)},
    )
