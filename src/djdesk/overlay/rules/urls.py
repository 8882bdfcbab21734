"""URL1: the runtime's pages under /desktop/ and /health/, before the project's own."""

from __future__ import annotations

from ..rule import Context, Decision, OverlayProblem, Settings


def rule(settings: Settings, context: Context) -> Decision:
    root = settings.get("ROOT_URLCONF")
    if not root:
        raise OverlayProblem("URL1: the settings name no ROOT_URLCONF.")
    return Decision(
        f"/desktop/ and /health/ belong to the runtime. Everything else goes to {root}.",
        # djdesk.overlay.urls includes the project's patterns and refuses those that collide.
        {"ROOT_URLCONF": "djdesk.overlay.urls", "PROJECT_URLCONF": root},
    )
