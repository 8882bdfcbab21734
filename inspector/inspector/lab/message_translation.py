"""Translates texts in exported files."""

from __future__ import annotations


def translated(text: str) -> str:
    """The sentence in the active language; English if Django is not set up."""
    from django.conf import settings

    if not settings.configured:
        return text
    from djdesk.desktop.message_translation import translated

    return translated(text)
