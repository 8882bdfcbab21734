"""All help topics in one language, collected from the installed apps.

An AppConfig contributes a folder ``help/<language>/`` of Markdown files, ``help_contents``
(``((group, (topic, …)), …)``, the order of the table of contents) and ``help_pages`` (``{URL name:
"topic" or "topic#anchor"}``, what Help opens there). A topic overrides one with the same name from
an app that comes later in INSTALLED_APPS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from djdesk.app import program

from .markdown import PREFIX, Document, Section, parse

FALLBACK = "en"
NAME = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """``language``: that of the text, which is the fallback if there is no translation."""

    name: str
    language: str
    document: Document

    @property
    def title(self) -> str:
        return self.document.title or self.name

    @property
    def summary(self) -> str:
        return self.document.summary

    @property
    def sections(self) -> tuple[Section, ...]:
        return self.document.sections


def current() -> dict[str, Topic]:
    """All topics by name, in the request's language."""
    if settings.DEBUG:
        topics.cache_clear()
    return topics((get_language() or FALLBACK).split("-")[0].lower())


@cache
def topics(language: str) -> dict[str, Topic]:
    found: dict[str, Topic] = {}
    for folder in folders():
        for code in dict.fromkeys((language, FALLBACK)):
            if not NAME.fullmatch(code):
                continue
            for file in sorted((folder / code).glob("*.md")):
                if NAME.fullmatch(file.stem) and file.stem not in found:
                    # Commands are shown under the name that the app is installed as.
                    text = file.read_text(encoding="utf-8").replace("{command}", program())
                    found[file.stem] = Topic(file.stem, code, parse(text))
    return found


def folders() -> list[Path]:
    places = (Path(config.path) / "help" for config in apps.get_app_configs())
    return [place for place in places if place.is_dir()]


def contents(found: dict[str, Topic]) -> list[tuple[Any, list[Topic]]]:
    """``[(group, [topic])]``; topics that no app lists come last, so that none is hidden."""
    groups: list[tuple[Any, list[Topic]]] = []
    listed: set[str] = set()
    for config in apps.get_app_configs():
        for title, names in getattr(config, "help_contents", ()):
            own = [found[name] for name in names if name in found and name not in listed]
            listed.update(topic.name for topic in own)
            if own:
                groups.append((title, own))
    if rest := [topic for name, topic in found.items() if name not in listed]:
        groups.append((_("More"), rest))
    return groups


def for_page(view_name: str) -> str:
    """``topic`` or ``topic#anchor`` for the page with that URL name, or an empty string."""
    for config in apps.get_app_configs():
        if topic := getattr(config, "help_pages", {}).get(view_name):
            return topic
    return ""


def address(place: str) -> str:
    """The URL of ``topic`` or ``topic#anchor``; of the table of contents if empty."""
    name, _, anchor = place.partition("#")
    page = reverse("desktop-help-topic", args=[name]) if name else reverse("desktop-help")
    return f"{page}#{PREFIX}{anchor}" if anchor else page
