"""Template filters for every page: local times, and sentences in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django import template

from ..localtime import written
from ..wording import said as _said
from ..wording import said_word as _said_word

register = template.Library()


@register.simple_tag
def moment(when: datetime | None) -> str:
    """Format a local date and time to the second."""
    return written(when)


@register.filter
def said(text: str | None) -> str:
    """An English message in the language of the page."""
    return _said(text)


@register.filter
def said_word(text: str) -> str:
    """A single word of ours in the language of the page."""
    return _said_word(text)
