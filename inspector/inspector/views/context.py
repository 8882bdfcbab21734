"""Template context: the user's preferences."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from djdesk.desktop.commits import until_commit

from ..models import Preferences
from ..projects import editors


def preferences(request: HttpRequest) -> dict[str, Any]:
    """``preferences``; ``theme`` for the runtime's own pages; ``editor``, its name or ``""``.

    Falls back to the defaults on pages that report a database problem.
    """

    found = SimpleLazyObject(lambda: _preferences(request))
    return {
        "preferences": found,
        "theme": SimpleLazyObject(lambda: found.theme),
        "editor": SimpleLazyObject(lambda: _editor_name(found)),
    }


def language(request: HttpRequest) -> str:
    """The language the user chose; empty to follow the system."""
    chosen = _preferences(request).language
    return "" if chosen == Preferences.Language.SYSTEM else chosen


def forget(request: HttpRequest) -> None:
    """Drop the cached preferences after they have been changed."""
    request.__dict__.pop("_preferences", None)


def _preferences(request: HttpRequest) -> Preferences:
    """The preferences, read once per request: both the language and the page need them."""
    found = request.__dict__.get("_preferences")
    if found is None:
        try:
            found = until_commit("preferences", Preferences.load)
        except DatabaseError:
            found = Preferences()
        request.__dict__["_preferences"] = found
    return found


def _editor_name(found: Any) -> str:
    editor = editors.chosen(found.editor, found.editor_command)
    return editor.name if editor else ""
