"""Small words for templates: icons, times, numbers, places in the code."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SEVERITY_WORDS = {"error": "Error", "warning": "Warning", "info": "Note", "ok": "Fine"}
ORIGIN_WORDS = {
    "project": "this project",
    "third-party": "third-party",
    "django": "Django",
    "stdlib": "Python",
    "outside": "outside the project",
}
RELATION_WORDS = {
    "fk": "foreign key",
    "o2o": "one to one",
    "m2m": "many to many",
    "generic": "generic",
    "generic-relation": "generic relation",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A stroke icon of the sprite; without a label it is hidden from screen readers."""
    href = f"{static('inspector/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def severity(level: str) -> SafeString:
    """Icon and word of a severity: never colour alone."""
    return format_html(
        '<span class="severity {}">{} {}</span>',
        level if level in SEVERITY_WORDS else "info",
        icon(level if level in SEVERITY_WORDS else "info"),
        SEVERITY_WORDS.get(level, "Note"),
    )


@register.filter
def num(value: Any) -> str:
    """1234567 as 1,234,567; nothing for None."""
    return f"{value:,}" if isinstance(value, int) else ("" if value is None else str(value))


@register.filter
def count(value: Any, words: str) -> str:
    """``3|count:"model,models"`` is ``3 models``."""
    one, many = words.split(",")
    number = len(value) if hasattr(value, "__len__") else int(value or 0)
    return f"{number:,} {one if number == 1 else many}"


@register.filter
def seconds(value: Any) -> str:
    """A timedelta or a number of seconds: 340 ms, 2.1 s, 3 min 5 s."""
    if value is None:
        return ""
    total = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if total < 1:
        return f"{round(total * 1000)} ms"
    if total < 60:
        return f"{total:.1f} s"
    return f"{int(total // 60)} min {int(total % 60)} s"


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the local date and time as a tooltip; a script keeps it current."""
    if moment is None:
        return "never"
    # The server runs on the reader's machine, so its local zone is the reader's.
    local = moment.astimezone()
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(),
        local.strftime("%Y-%m-%d %H:%M:%S"),
        _ago(timezone.now() - moment),
    )


def _ago(age: timedelta) -> str:
    total = int(age.total_seconds())
    if total < 45:
        return "just now"
    if total < 5400:
        return f"{max(1, round(total / 60))} min ago"
    if total < 129600:
        return f"{round(total / 3600)} h ago"
    return f"{round(total / 86400)} days ago"


@register.simple_tag
def place(root: str, file: str | None, line: int | None = None) -> SafeString | str:
    """``file:line`` as a button that copies the whole path; empty without a file.

    Files outside the project are long: only their last three parts are shown.
    """
    if not file:
        return ""
    absolute = _is_absolute(file)
    whole = file if absolute else f"{root.rstrip('/')}/{file}"
    parts = PurePosixPath(file).parts
    elsewhere = absolute or "site-packages" in parts
    shown = "…/" + "/".join(parts[-3:]) if elsewhere else file
    suffix = f":{line}" if line else ""
    return format_html(
        '<button type="button" class="place" data-copy="{}{}" title="Copy {}{}">{}{}</button>',
        *(whole, suffix, whole, suffix, _wrapped(shown, "/"), suffix),
    )


@register.filter
def breakable(text: str | None) -> SafeString:
    """Text that may be wrapped after its separators rather than in the middle of a word."""
    return _wrapped(text or "", "/._:")


def _wrapped(text: str, separators: str) -> SafeString:
    parts = re.split(rf"(?<=[{separators}])(?=.)", text)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


def _is_absolute(file: str) -> bool:
    return PurePosixPath(file).is_absolute() or PureWindowsPath(file).is_absolute()


@register.filter
def origin(value: str | None) -> str:
    return ORIGIN_WORDS.get(value or "", value or "unknown")


@register.filter
def relation(kind: str) -> str:
    return RELATION_WORDS.get(kind, kind)


@register.filter
def tail(dotted: str | None) -> str:
    """The last part of a dotted name."""
    return (dotted or "").rpartition(".")[2]


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A key that a template cannot write, such as one from a variable."""
    return mapping.get(key) if isinstance(mapping, dict) else None


@register.filter
def percent(value: float | None) -> str:
    return "" if value is None else str(round(value * 100))
