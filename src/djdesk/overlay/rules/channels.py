"""ASGI1: channel layers without a server."""

from __future__ import annotations

from ..rule import Context, Decision, Settings

MEMORY = "channels.layers.InMemoryChannelLayer"


def rule(settings: Settings, context: Context) -> Decision | None:
    layers = settings.get("CHANNEL_LAYERS") or {}
    moved = [alias for alias, entry in layers.items() if entry.get("BACKEND") != MEMORY]
    if not moved:
        return None
    return Decision(
        f"Channel layers in memory: {', '.join(moved)}. WebSockets are not served.",
        {"CHANNEL_LAYERS": {alias: {"BACKEND": MEMORY} for alias in layers}},
    )
