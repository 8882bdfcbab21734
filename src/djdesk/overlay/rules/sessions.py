"""SESS1: sessions survive a restart."""

from __future__ import annotations

from ..rule import Context, Decision, Settings

PREFIX = "django.contrib.sessions.backends."


def rule(settings: Settings, context: Context) -> Decision | None:
    engine = settings.get("SESSION_ENGINE", f"{PREFIX}db")
    changes = {}
    if engine == f"{PREFIX}cache":
        there = "django.contrib.sessions" in settings.get("INSTALLED_APPS", [])
        changes["SESSION_ENGINE"] = f"{PREFIX}{'db' if there else 'signed_cookies'}"
        said = "Sessions are kept in the database: a cache may be empty at the next start."
    elif engine == f"{PREFIX}file":
        changes["SESSION_FILE_PATH"] = str(context.data_dir / "sessions")
        said = "Session files are kept in the data folder."
    else:
        return None
    return Decision(said, changes)
