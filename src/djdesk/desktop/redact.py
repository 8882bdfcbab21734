"""Remove secrets and private names from text before it leaves the machine in a report."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

MARK = "[redacted]"

_PATTERNS = (
    # our tokens, session secrets and digests are long runs of hexadecimal digits
    re.compile(r"\b[0-9a-fA-F]{32,}\b"),
    # one-time codes and other values in query strings and assignments
    re.compile(
        r"(?i)((?:code|token|secret|secret_key|password|passwd|pwd|api[_-]?key|authorization|cookie)"
        r"[\"']?\s*[=:]\s*[\"']?)(?:Bearer\s+)?[^\s\"'&,;]+"
    ),
    # user:password@ in URLs
    re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]+@"),
)


def redact(text: str, *, home: Path | None = None, user: str | None = None) -> str:
    """The text without anything that looks like a secret, and with ``~`` for the home folder.

    Other users' home folders become ``~`` too, and the user's name is removed wherever it is a
    whole word.
    """
    text = _PATTERNS[0].sub(MARK, text)
    text = _PATTERNS[1].sub(rf"\1{MARK}", text)
    text = _PATTERNS[2].sub(rf"\1{MARK}@", text)
    folder = str(home or Path.home())
    if len(folder) > 1:
        for spelling in {folder, folder.replace("\\", "/"), folder.replace("\\", "\\\\")}:
            text = text.replace(spelling, "~")
    text = re.sub(r"(?:/home|/Users|[A-Za-z]:[\\/]+Users)[\\/]+[^\\/\s\"':]+", "~", text)
    name = user if user is not None else _user()
    if len(name) > 2 and name != "root":
        text = re.sub(rf"\b{re.escape(name)}\b", "[user]", text)
    return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return ""
