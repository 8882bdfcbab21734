"""Template tags and filters: icons, times, numbers, source locations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from djdesk.desktop.localtime import written
from djdesk.desktop.templatetags.desktop import moment, translated, translated_word

from ..pages import values
from ..views.catalogue import version

register = template.Library()
register.simple_tag(moment)
register.filter(translated)
register.filter(translated_word)

SEVERITY_WORDS = {"error": _("Error"), "warning": _("Warning"), "info": _("Note"), "ok": _("Fine")}
ORIGIN_WORDS = {
    "project": _("this project"),
    "third-party": _("third-party"),
    "django": "Django",
    "stdlib": "Python",
    "outside": _("outside the project"),
}
# Where a line may break: after a separator, and after underscores that join two words.
_JOINT = r"(?:(?<=[^\W_]_)|(?<=[^\W_]__))(?=[^\W_])"
_IN_PATHS = re.compile(rf"(?<=[^/…]/)(?=.)|{_JOINT}")
# In names also between the words of a CamelCase name.
_IN_NAMES = re.compile(rf"(?<=[/.:])(?=.)|{_JOINT}|(?<=[a-z0-9])(?=[A-Z][a-z])")
# Path components shown of a file outside the project.
PARTS = 3
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
# The page for a section whose name differs from the section's.
SECTION_PAGES = {
    "apps": "overview",
    "databases": "migrations",
    "drift": "migrations",
    "packages": "dependencies",
    "middleware": "wiring",
    "signals": "wiring",
    "commands": "wiring",
    "side_effects": "effects",
    "i18n": "translations",
}
OWN_PAGES = {
    *("models", "migrations", "urls", "settings", "checks", "templates", "admin", "code"),
    "dependencies",
}
SECTION_NAMES = {
    "runtime": _("runtime"),
    "apps": _("apps"),
    "models": _("models"),
    "fields": _("fields"),
    "relations": _("relations"),
    "migrations": _("migrations"),
    "databases": _("databases"),
    "urls": _("URLs"),
    "settings": _("settings"),
    "checks": _("checks"),
    "deploy": _("deploy"),
    "findings": _("findings"),
    "dependencies": _("dependencies"),
    "packages": _("packages"),
    "templates": _("templates"),
    "admin": _("admin"),
    "commands": _("commands"),
    "signals": _("signals"),
    "middleware": _("middleware"),
    "tasks": _("tasks"),
    "i18n": _("translations"),
    "drift": _("drift"),
    "tests": _("tests"),
    "code": _("code"),
    "side_effects": _("side effects"),
}
SOURCES = {"live": pgettext_lazy("source", "live"), "static": pgettext_lazy("source", "static")}
DATABASE_STATES = {
    "ok": _("read"),
    "error": pgettext_lazy("database", "could not be read"),
    "missing": pgettext_lazy("database", "missing"),
    "memory": pgettext_lazy("database", "in memory"),
    "not-opened": pgettext_lazy("database", "not opened"),
}
BASES = {
    "abstract": pgettext_lazy("base class", "abstract"),
    "multi-table": pgettext_lazy("base class", "own table"),
    "proxy": pgettext_lazy("base class", "proxy"),
    "mixin": pgettext_lazy("base class", "mixin"),
}
# Keyed by the English words that templates use: "model,models".
COUNTED = {
    "own app": ngettext_lazy("%(total)s app of its own", "%(total)s apps of its own", "total"),
    "model": ngettext_lazy("%(total)s model", "%(total)s models", "total"),
    "URL": ngettext_lazy("%(total)s URL", "%(total)s URLs", "total"),
    "error": ngettext_lazy("%(total)s error", "%(total)s errors", "total"),
    "warning": ngettext_lazy("%(total)s warning", "%(total)s warnings", "total"),
    "migration": ngettext_lazy("%(total)s migration", "%(total)s migrations", "total"),
    "operation": ngettext_lazy("%(total)s operation", "%(total)s operations", "total"),
    "section": ngettext_lazy("%(total)s section", "%(total)s sections", "total"),
}
RELATION_WORDS = {
    "fk": _("foreign key"),
    "o2o": _("one to one"),
    "m2m": _("many to many"),
    "generic": _("generic"),
    "generic-relation": _("generic relation"),
}


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """An icon from the sprite; without a label it is hidden from screen readers."""
    href = f"{static('inspector/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def severity(level: str) -> SafeString:
    """Icon and word for a severity, so that it never depends on colour alone."""
    return format_html(
        '<span class="severity {}">{} {}</span>',
        level if level in SEVERITY_WORDS else "info",
        icon(level if level in SEVERITY_WORDS else "info"),
        SEVERITY_WORDS.get(level, SEVERITY_WORDS["info"]),
    )


@register.filter
def num(value: Any) -> str:
    """1234567 as 1,234,567 or 1.234.567; empty for None."""
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return "" if value is None else str(value)


@register.filter
def count(value: Any, words: str) -> str:
    """``3|count:"model,models"`` gives ``3 models``; the words must be a key of ``COUNTED``."""
    number = len(value) if hasattr(value, "__len__") else int(value or 0)
    text = COUNTED[words.partition(",")[0]] % {"total": number}
    return text.replace(str(number), num(number), 1)


@register.filter
def seconds(value: Any) -> str:
    """A timedelta or a number of seconds: 340 ms, 2.1 s, 3 min 5 s."""
    if value is None:
        return ""
    total = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if total < 1:
        return f"{round(total * 1000)} ms"
    if total < 60:
        return f"{number_format(total, 1)} s"
    return f"{int(total // 60)} min {int(total % 60)} s"


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the local date and time as a tooltip; a script keeps it up to date."""
    if not moment:
        return gettext("never")
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(),
        # The server runs on the user's machine, so its local time zone is the user's.
        written(moment),
        _ago(timezone.now() - moment),
    )


@register.filter
def git(found: dict[str, str] | None) -> str:
    """``main, 1a2b3c4d5`` for ``{"branch", "commit"}``; empty if neither is known."""
    branch, commit = (found or {}).get("branch", ""), (found or {}).get("commit", "")
    return ", ".join(filter(None, (branch, commit[:9])))


@register.filter
def shown(value: Any) -> str:
    """A fact's value as text: "nothing", "yes", "no", or the value cut at 200 characters."""
    if value is None or value == "" or value == []:
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 200 else text[:200] + "…"


def _ago(age: timedelta) -> str:
    total = int(age.total_seconds())
    if total < 45:
        return gettext("just now")
    if total < 5400:
        return gettext("%(n)s min ago") % {"n": max(1, round(total / 60))}
    if total < 129600:
        return gettext("%(n)s h ago") % {"n": round(total / 3600)}
    return gettext("%(n)s days ago") % {"n": round(total / 86400)}


@register.simple_tag
def place(root: str, file: str | Path | None, line: int | None = None) -> SafeString | str:
    """``file:line`` as a button that opens the editor or copies the full path;
    empty without a file.

    Files outside the project have long paths: only the last three components are shown.
    """
    if not file:
        return ""
    file = str(file)
    absolute = _ABSOLUTE.match(file) is not None
    whole = file if absolute else f"{root.rstrip('/')}/{file}"
    shown = _end(file) if absolute or "site-packages" in file else file
    suffix = escape(f":{line}") if line else ""
    path = escape(whole) + suffix
    # Only files inside the project open in the editor.
    own = "" if absolute else f' data-file="{escape(file)}" data-line="{escape(str(line or 1))}"'
    # A page may have thousands of these, so build one string; every part is escaped.
    return SafeString(
        f'<button type="button" class="place" data-copy="{path}"{own} title="{path}">'
        f"{_wrapped(shown, _IN_PATHS)}{suffix}</button>"
    )


def _end(file: str) -> str:
    parts = [part for part in re.split(r"[\\/]", file) if part]
    return "…/" + "/".join(parts[-PARTS:]) if len(parts) > PARTS else file


@register.filter
def inside(file: str, folder: str) -> str:
    """Full path of a file in another project, which can be copied but not opened in the editor."""
    return file if _ABSOLUTE.match(file) else f"{folder.rstrip('/')}/{file}"


@register.filter
def laid_out(value: object) -> object:
    """A long list or dictionary with one entry per line; anything else unchanged."""
    return values.laid_out(value) if isinstance(value, str) else value


@register.filter
def beginning(value: object) -> object:
    """What a long value shows while collapsed."""
    return values.beginning(value) if isinstance(value, str) else value


@register.filter
def breakable(text: str | None) -> SafeString:
    """Text that may wrap between the words of a name rather than within a word."""
    # A default passed by the template may still be a lazy translation.
    return SafeString(_wrapped(str(text or ""), _IN_NAMES))


def _wrapped(text: str, breaks: re.Pattern[str]) -> str:
    return "<wbr>".join(map(escape, breaks.split(text)))


@register.filter
def origin(value: str | None) -> str:
    return str(ORIGIN_WORDS.get(value or "", value or _("unknown")))


@register.filter
def relation(kind: str) -> str:
    return str(RELATION_WORDS.get(kind, kind))


@register.filter
def section_page(section: str | None) -> str:
    """URL name of a section's page; empty if it has none."""
    return section if section in OWN_PAGES else SECTION_PAGES.get(section or "", "")


@register.filter
def section_name(name: str | None) -> str:
    """The display name of a section such as ``side_effects``."""
    return str(SECTION_NAMES.get(name or "", (name or "").replace("_", " ")))


@register.filter
def source_word(source: str | None) -> str:
    """The display name of ``live`` or ``static``."""
    return str(SOURCES.get(source or "", source or ""))


@register.filter
def database_state(state: str | None) -> str:
    return str(DATABASE_STATES.get(state or "", state or ""))


@register.filter
def base_kind(kind: str | None) -> str:
    """The relationship of a base class to its model, in words."""
    return str(BASES.get(kind or "", kind or ""))


@register.filter
def have_run(sections: Any) -> bool:
    """Whether any of a scan's sections came from the running project."""
    return any(one.ok and one.source == "live" for one in sections or [])


@register.filter
def any_failed(sections: Any) -> bool:
    """Whether any of a scan's sections failed."""
    return not all(one.ok for one in sections or [])


@register.simple_tag
def catalogue() -> str:
    """URL of the JavaScript message catalogue in the page's language."""
    language = get_language()
    return reverse("inspector:catalogue", args=[language, version(language)])


@register.filter
def tail(dotted: str | None) -> str:
    """The last part of a dotted name."""
    return (dotted or "").rpartition(".")[2]


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look up a key that a template cannot write literally, such as a variable's value."""
    return mapping.get(key) if isinstance(mapping, dict) else None


@register.filter
def percent(value: float | None) -> str:
    return "" if value is None else str(round(value * 100))
