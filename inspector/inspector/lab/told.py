"""Texts of a file in the language that it is made in."""

from __future__ import annotations


def told(text: str) -> str:
    """The sentence in the active language; English where nobody has set Django up."""
    from django.conf import settings

    if not settings.configured:
        return text
    from djdesk.desktop.wording import said

    return said(text)
