"""The list of all files in a backend, and its comparison with the actual files."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from djdesk.app import App

from .places import Backend

FORMAT = 1
NAME = "manifest.json"


def files(folder: Path) -> list[Path]:
    """Every file below ``folder`` except the manifest, in an order that is the same on
    all systems.
    """
    found = [entry for entry in folder.rglob("*") if entry.is_file() or entry.is_symlink()]
    names = sorted((entry.relative_to(folder).as_posix(), entry) for entry in found)
    return [entry for name, entry in names if name != NAME]


def digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def make(backend: Backend, app: App, *, python: str, epoch: int) -> dict[str, Any]:
    listed = {
        file.relative_to(backend.root).as_posix(): [file.stat().st_size, digest(file)]
        for file in files(backend.root)
    }
    packages = {
        dist.metadata["Name"]: dist.version for dist in distributions(path=[str(backend.packages)])
    }
    return {
        "format": FORMAT,
        "version": app.version,
        "commit": commit(app.root),
        "platform": sys.platform,
        "machine": platform.machine().lower(),
        "python": python,
        "source_date_epoch": epoch,
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].lower())),
        # path: [bytes, SHA-256]
        "files": listed,
    }


def settle_times(folder: Path, epoch: int) -> None:
    """Give every file the same time, so that archives of equal content are equal."""
    for entry in folder.rglob("*"):
        os.utime(entry, (epoch, epoch))


def write(backend: Backend, value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False)
    backend.manifest.write_bytes((text + "\n").encode())


def differences(folder: Path, *, contents: bool = True) -> list[str]:
    """Differences between a backend and its manifest, as sentences; empty if there are none."""
    try:
        listed = json.loads((folder / NAME).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{NAME} cannot be read: {error}"]
    present = {file.relative_to(folder).as_posix(): file for file in files(folder)}
    found = [f"{name} is missing" for name in listed if name not in present]
    found += [f"{name} was added" for name in present if name not in listed]
    for name, (size, sha256) in listed.items():
        file = present.get(name)
        if file is None:
            continue
        if file.is_symlink() or file.stat().st_size != size:
            found.append(f"{name} has a different size")
        elif contents and digest(file) != sha256:
            found.append(f"{name} was changed")
    return found


def _git(folder: Path, *arguments: str) -> str:
    try:
        said = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=20, check=False
        )
    except OSError:
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


def commit(folder: Path) -> str:
    """The commit being packaged; with a mark if files differ from it; empty without git."""
    revision = _git(folder, "rev-parse", "HEAD")
    if not revision:
        return ""
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{revision}-modified" if changed else revision


def commit_time(folder: Path) -> int:
    """Seconds since the epoch of the commit, used as the clock of a reproducible build."""
    said = _git(folder, "log", "-1", "--format=%ct")
    return int(said) if said.isdigit() else 0
