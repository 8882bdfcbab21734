"""Template filters for every page: local times, and sentences in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django import template

from ..localtime import written
from ..message_translation import translated as _translated
from ..message_translation import translated_word as _translated_word

register = template.Library()


@register.simple_tag
def moment(when: datetime | None) -> str:
    """Format a local date and time to the second."""
    return written(when)


@register.filter
def translated(text: str | None) -> str:
    """An English message in the language of the page."""
    return _translated(text)


@register.filter
def translated_word(text: str) -> str:
    """A single word of ours in the language of the page."""
    return _translated_word(text)
