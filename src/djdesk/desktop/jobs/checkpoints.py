"""Where a job has got to: written so that a crash or a power cut leaves the one before it.

Two files take turns. Each begins with a line that has its number and the digest of the rest, so
that half a file, or one that the disk lost, is recognised and the other one taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import pickle
import shutil
from pathlib import Path
from typing import Any

from .. import ownfiles

logger = logging.getLogger(__name__)

NAMES = ("checkpoint-0", "checkpoint-1")
_CHUNK = 1 << 20


def write(folder: Path, value: Any, keep: str = "") -> int:
    """Keep ``value``, a Path to a file or anything that pickles; returns the number that it got.

    ``keep`` is the one that was restored: it stays, even if a newer one that could not be read is
    there, until this one is on the disk.
    """
    number = max((head["number"] for head in _heads(folder).values()), default=0) + 1
    number += NAMES[number % 2] == keep
    path = folder / NAMES[number % 2]
    data = folder / f"{path.name}.data"
    scratch = folder / f"{path.name}.new"
    kind = "file" if isinstance(value, Path) else "pickle"
    with scratch.open("wb") as file:
        if isinstance(value, Path):
            with value.open("rb") as source:
                shutil.copyfileobj(source, file, _CHUNK)
        else:
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        _to_disk(file)
    head = {"number": number, "kind": kind, "digest": _digest(scratch)}
    scratch.replace(data)
    head_scratch = folder / f"{path.name}.head"
    with head_scratch.open("w", encoding="ascii") as text:
        json.dump(head, text)
        _to_disk(text)
    head_scratch.replace(path)
    _folder_to_disk(folder)
    return number


def read(folder: Path) -> Any:
    """What was kept last and can be read: a Path for a file, else the value; None for none."""
    return find(folder)[1]


def find(folder: Path) -> tuple[str, Any]:
    """The same with its name, which is empty for none."""
    heads = _heads(folder)
    for name in sorted(heads, key=lambda name: heads[name]["number"], reverse=True):
        data = folder / f"{name}.data"
        try:
            if _digest(data) != heads[name]["digest"]:
                raise ValueError("its content is damaged")
            if heads[name]["kind"] == "file":
                return name, data
            with data.open("rb") as file:
                return name, pickle.load(file)  # noqa: S301  written by this app, for this user only
        except Exception as error:  # whatever unpickling under another version may raise
            logger.warning("checkpoint %s is left out: %s", heads[name]["number"], error)
    return "", None


def exists(folder: Path) -> bool:
    return bool(_heads(folder))


def delete(folder: Path) -> None:
    for path in folder.glob("checkpoint-*"):
        path.unlink(missing_ok=True)


def _heads(folder: Path) -> dict[str, dict[str, Any]]:
    heads = {}
    for name in NAMES:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            head = ownfiles.read_json(folder / name)
            heads[name] = {key: head[key] for key in ("number", "kind", "digest")}
    return heads


def _digest(path: Path) -> str:
    if not path.is_file():
        raise OSError(f"{path} is not a regular file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    """So that the new names survive a power cut, too. Windows has no such call."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
