"""Compare the files of a packaged app with the manifest that it was built with."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

# The folder around this Python: in a packaged app, the staged backend/.
HERE = Path(sys.prefix).resolve().parent
MANIFEST = "manifest.json"
UNLISTED_IS_FINE = {MANIFEST}


def is_packaged(folder: Path = HERE) -> bool:
    return (folder / MANIFEST).is_file() and (folder / "python").is_dir()


def damage(folder: Path = HERE) -> list[str]:
    """Missing, changed and added files, as sentences. Reads every file."""
    try:
        listed: dict[str, list[Any]] = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{MANIFEST} cannot be read: {error}"]
    found = []
    for name, (size, sha256) in listed.items():
        try:
            with (folder / name).open("rb") as file:
                whole = file.seek(0, 2) == size
                file.seek(0)
                if not whole or hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    found.append(f"{name} was changed")
        except OSError:
            found.append(f"{name} is missing")
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name not in listed and name not in UNLISTED_IS_FINE and not path.is_dir():
            found.append(f"{name} was added")
    return found
