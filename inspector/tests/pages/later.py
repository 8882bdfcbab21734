"""Lets the undo period pass, so that removed objects are deleted."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from inspector import tasks
from inspector.models import Export, Project
from inspector.projects import environments, removal


def for_good() -> int:
    """Delete everything removed, as if long ago; returns how much."""
    long_ago = timezone.now() - removal.KEPT * 2
    for model in (Project, Export):
        model.everything.filter(removed__isnull=False).update(removed=long_ago)
    for folder in (settings.DATA_DIR / environments.FOLDER).glob(f"*{environments.ASIDE}*"):
        name = folder.name.rpartition("-")[0]
        folder.rename(folder.with_name(f"{name}-{long_ago.timestamp():.0f}"))
    return int(tasks.delete_removed.call())


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() or file.is_symlink()]
