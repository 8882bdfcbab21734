"""ENV1: environment variables that the project's settings read, from the table and the user's own
file.

On a server the operator sets them; a desktop has no operator. The table's values override the
machine's, so that every user gets the same app. ``settings.env`` in the data folder overrides both:
it holds values generated for this installation, and may be edited.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from djdesk.desktop import ownfiles
from djdesk.desktop.datadir import os_failure
from djdesk.desktop.lock import FileLock

FILE = "settings.env"
LINE = re.compile(r"^\s*([A-Za-z_]\w*)=(.*)$", re.MULTILINE)
# {secret}: 50 random characters; {key}: 32 random bytes as for Fernet.
MADE: dict[str, Callable[[], str]] = {
    "{secret}": lambda: secrets.token_urlsafe(48)[:50],
    "{key}": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}
# Variables that name a folder, and values that place it in the data folder.
FOLDER = re.compile(r"(DIR|DIRECTORY|FOLDER|ROOT)$")
BELOW = re.compile(r"\{data\}(/[\w-]+)+")
HEAD = "# Settings of this install. The app reads this file at each start.\n"


def variables(wanted: Mapping[str, str], data_dir: Path, *, keep: bool = True) -> dict[str, str]:
    """``wanted`` with its placeholders filled in. Generated values are stored in ``settings.env``
    unless ``keep`` is false, and named folders are created, because many projects expect them to
    exist. Raises LaunchFailure if that cannot be written."""
    file = data_dir / FILE
    if keep:
        _make_folders(wanted, data_dir)
    if not keep or not any(mark in text for text in wanted.values() for mark in MADE):
        return _filled(wanted, read(file) if keep else {}, data_dir)
    # Server and worker start together and must agree.
    lock = FileLock(data_dir / f"{FILE}.lock")
    try:
        lock.acquire(timeout=5.0)
        kept = read(file)
        filled = _filled(wanted, kept, data_dir)
        fresh = [n for n, text in wanted.items() if n not in kept and any(m in text for m in MADE)]
        if fresh:
            _write(file, {name: filled[name] for name in fresh})
    except OSError as error:
        raise os_failure(error, data_dir) from error
    finally:
        lock.release()
    return filled


def _make_folders(wanted: Mapping[str, str], data_dir: Path) -> None:
    for name, text in wanted.items():
        if FOLDER.search(name) and BELOW.fullmatch(text):
            try:
                (data_dir / text.removeprefix("{data}/")).mkdir(parents=True, exist_ok=True)
            except FileExistsError:
                continue  # a file created by the project
            except OSError as error:
                raise os_failure(error, data_dir) from error


def _filled(wanted: Mapping[str, str], kept: dict[str, str], data_dir: Path) -> dict[str, str]:
    found = {}
    for name, text in wanted.items():
        value = text.replace("{data}", str(data_dir))
        for mark, make in MADE.items():
            if mark in value and name not in kept:
                value = value.replace(mark, make())
        found[name] = value
    return found | kept


def read(file: Path) -> dict[str, str]:
    try:
        return dict(LINE.findall(ownfiles.read_bytes(file).decode("utf-8", "replace")))
    except (OSError, ValueError):
        return {}


def _write(file: Path, fresh: dict[str, str]) -> None:
    """Append lines atomically, readable by this user only."""
    before = file.read_text(encoding="utf-8") if file.is_file() else HEAD
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(before + "".join(f"{name}={value}\n" for name, value in fresh.items()))
    new.replace(file)
