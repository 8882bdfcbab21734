"""A job's files: ``<data folder>/jobs/<id>/``."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

LOG = "log.txt"
FILES = "files"


def root(data_dir: Path) -> Path:
    return data_dir / "jobs"


def folder(data_dir: Path, job: UUID | str) -> Path:
    return root(data_dir) / str(UUID(str(job)))


def make(data_dir: Path, job: UUID | str) -> Path:
    """The folder of a job, accessible to this user only."""
    place = folder(data_dir, job)
    root(data_dir).mkdir(mode=0o700, exist_ok=True)
    (place / FILES).mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def delete(data_dir: Path, job: UUID | str) -> None:
    shutil.rmtree(folder(data_dir, job), ignore_errors=True)


def file_of(place: Path, name: str) -> Path:
    """The path of a result by name, which may contain folders but never leads outside.

    Raises ValueError for a name that would.
    """
    files = (place / FILES).resolve()
    path = (files / name).resolve()
    if not name or path == files or not path.is_relative_to(files):
        raise ValueError(f"{name!r} is not the name of a file within a job's folder")
    return path


def results(place: Path) -> list[tuple[str, int]]:
    """Name and size in bytes of every result, sorted by name."""
    files = place / FILES
    found = [path for path in files.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted((path.relative_to(files).as_posix(), path.stat().st_size) for path in found)
