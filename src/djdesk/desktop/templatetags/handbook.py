"""Links from a page into the handbook."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..handbook import topics

register = template.Library()


@register.simple_tag
def help_to(place: str = "", anchor: str = "") -> SafeString:
    """Attributes of a link to ``topic`` or ``topic#anchor``, or to all topics: it opens the drawer
    beside the page, or without JavaScript the topic as a page."""
    if anchor:
        place = f"{place}#{anchor}"
    return format_html('href="{}" data-help="{}"', topics.address(place), place)
