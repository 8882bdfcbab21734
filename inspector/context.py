"""What every template may ask about the user's choices."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import editors
from .models import Preferences


def preferences(request: HttpRequest) -> dict[str, Any]:
    """``preferences``; ``theme`` for the runtime's own pages; ``editor``, its name or ``""``.

    A page that says what is wrong with the database is shown with the defaults.
    """

    def load() -> Preferences:
        try:
            return Preferences.load()
        except DatabaseError:
            return Preferences()

    found = SimpleLazyObject(load)
    return {
        "preferences": found,
        "theme": SimpleLazyObject(lambda: found.theme),
        "editor": SimpleLazyObject(lambda: _editor_name(found)),
    }


def _editor_name(found: Any) -> str:
    editor = editors.chosen(found.editor, found.editor_command)
    return editor.name if editor else ""
