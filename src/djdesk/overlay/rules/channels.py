"""ASGI1: channel layers without a server."""

from __future__ import annotations

from ..rule import Context, Decision, Settings

MEMORY = "channels.layers.InMemoryChannelLayer"


def rule(settings: Settings, context: Context) -> Decision | None:
    layers = settings.get("CHANNEL_LAYERS") or {}
    if not layers and "channels" in settings.get("INSTALLED_APPS", []):
        # Only settings for a server may have one; code that sends to it would fail without.
        layers = {"default": {}}
    moved = [alias for alias, entry in layers.items() if entry.get("BACKEND") != MEMORY]
    if not moved:
        return None
    return Decision(
        f"Channel layers in memory: {', '.join(moved)}. WebSockets are not served.",
        {"CHANNEL_LAYERS": {alias: {"BACKEND": MEMORY} for alias in layers}},
    )
