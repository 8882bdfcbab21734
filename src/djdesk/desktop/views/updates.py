"""The updates page. The shell reports the update in progress (static/desktop/updates.js); earlier
ones are read from the update contract's journals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from djdesk.app import current
from djdesk.messages import say_noop, without_messages

from .. import backups, ownfiles

# The journal states in which an update is over.
ENDED = ("confirmed", "rolled_back", "refused", "abandoned")
# Texts that the shell writes into a journal (electron/backend/update-words.js), repeated here so
# that the page can translate them.
OF_THE_WINDOW = (
    say_noop("You have skipped version {version}."),
    say_noop("The download was cancelled."),
    say_noop("Version {version} was withdrawn: {why}"),
)


@dataclass(frozen=True, slots=True)
class Update:
    """One finished update. ``state``: one of ``ENDED``. ``kept``: the backup file with what was
    written between the update and its end."""

    old: str
    new: str
    state: str
    at: datetime | None
    reason: str
    asked: bool
    kept: str
    backup: str


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    past = [one for name in ("update.json", "last.json") if (one := _read(name))]
    done = next((one for one in past if one.state == "confirmed"), None)
    made = {backup.name: backup.created for backup in backups.listed(settings.DATA_DIR)}
    return render(
        request,
        "desktop/updates.html",
        {
            "version": current().version,
            "past": past,
            "backup_made": made.get(done.backup) if done else None,
        },
    )


def _read(name: str) -> Update | None:
    """The journal of that name, if its update is over. Its content is not trusted."""
    try:
        journal = ownfiles.read_json(settings.DATA_DIR / "updates" / name)
    except (OSError, ValueError):
        return None
    if not isinstance(journal, dict) or journal.get("state") not in ENDED:
        return None
    journal = without_messages(journal)
    texts = {key: str(journal.get(key) or "") for key in ("from", "to", "reason", "kept", "backup")}
    return Update(
        old=texts["from"],
        new=texts["to"],
        state=journal["state"],
        at=_when(journal.get("history")),
        reason=texts["reason"],
        asked=journal.get("asked") is True,
        kept=texts["kept"],
        backup=texts["backup"],
    )


def _when(history: Any) -> datetime | None:
    """When the last history entry of a journal was made."""
    try:
        return datetime.fromtimestamp(float(history[-1]["at"]), UTC)
    except (TypeError, ValueError, LookupError, OverflowError, OSError):
        return None
