"""A job's checkpoints, written so that a crash or power cut leaves the previous one intact.

Two files alternate. Each begins with a line that holds its number and the digest of the rest, so
that an incomplete file is recognised and the other one used.
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
    """Save ``value``, a Path to a file or anything picklable; returns the checkpoint's number.

    ``keep`` is the checkpoint that was restored: it is kept until this one is on disk, even if a
    newer unreadable one exists.
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
    """The latest readable checkpoint: a Path for a file, else the value; None if there is none."""
    return find(folder)[1]


def find(folder: Path) -> tuple[str, Any]:
    """The same with its name, which is empty if there is none."""
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
        except Exception as error:  # unpickling under another version may raise anything
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
    """Makes new names survive a power cut. Windows has no such call."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
