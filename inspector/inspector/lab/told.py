"""Translates texts in exported files."""

from __future__ import annotations


def told(text: str) -> str:
    """The sentence in the active language; English if Django is not set up."""
    from django.conf import settings

    if not settings.configured:
        return text
    from djdesk.desktop.wording import said

    return said(text)
