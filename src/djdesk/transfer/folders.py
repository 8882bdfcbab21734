"""The folders of files that belong to an app: uploads, other storages of its fields, those that its
table moves to the data folder, exports, and what heavy jobs have made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db.models import FileField
from django.utils.functional import LazyObject, empty

from djdesk.app import current

from .problem import TransferProblem

# Folders of the data folder that hold what users have made.
OF_DATA_DIR = ("exports", "jobs")
# Of a job: held while it runs, or half written.
PASSING = (".new", ".head")


def folders() -> dict[str, Path]:
    """By a name that is the same on every computer. Raises TransferProblem for a storage that is no
    folder."""
    found: dict[str, Path] = {}
    if settings.MEDIA_ROOT or not _is_folder(default_storage):
        _add(found, "media", default_storage)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField) and _real(field.storage) is not _real(default_storage):
                _add(found, f"{model._meta.label}.{field.name}", field.storage)
    for dotted in current().data.move:
        place = _named(dotted)
        # A file, such as that of a task queue, is of this computer only.
        if place and not place.is_file() and (place.is_dir() or not place.suffix):
            found[dotted] = place
    if data_dir := getattr(settings, "DATA_DIR", None):
        found |= {name: Path(data_dir) / name for name in OF_DATA_DIR}
    return found


def _named(dotted: str) -> Path | None:
    """The path that a setting has, which the app's table moves to the data folder."""
    name, *keys = dotted.split(".")
    value = getattr(settings, name, None)
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return Path(value) if isinstance(value, str | Path) and str(value) else None


def _add(found: dict[str, Path], name: str, storage: Storage) -> None:
    real = _real(storage)
    if not isinstance(real, FileSystemStorage):
        raise TransferProblem(
            f"The files of {name} are kept by {type(real).__name__}, not in a folder.",
            "Copy them with the tools of that service, and leave them out here: --without-files.",
        )
    place = Path(real.location)
    if not any(place.is_relative_to(other) for other in found.values()):
        found[name] = place


def _is_folder(storage: Storage) -> bool:
    return isinstance(_real(storage), FileSystemStorage)


def _real(storage: Storage) -> Storage:
    """Behind Django's lazy default."""
    if isinstance(storage, LazyObject):
        if storage._wrapped is empty:
            storage._setup()
        return storage._wrapped
    return storage


def files(name: str, root: Path, after: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The parts of the path of each file, in an order that does not change, behind ``after``.
    Links are left out: they lead to what is no part of the app, or is found anyway."""
    for parts in _walk(root, ()):
        if name == "jobs" and (parts[-1].endswith(PASSING) or parts[1:] == ("lock",)):
            continue
        if parts > after:
            yield parts


def _walk(folder: Path, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in entries
                if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
            )
    except FileNotFoundError:
        return
    for name, is_folder in found:
        if is_folder:
            yield from _walk(folder / name, (*above, name))
        else:
            yield (*above, name)


def place_of(roots: dict[str, Path], member: str) -> Path:
    """Where a member ``files/NAME/…`` goes. Raises TransferProblem for one that would lead out, or
    whose folder there is none for here."""
    _top, name, *parts = member.split("/")
    # A file of Windows' streams, or of another disk, has a name with one of these in it.
    foreign = "\\:" if os.name == "nt" else ""
    if not parts or any(
        part in ("", ".", "..") or any(sign in part for sign in foreign) for part in parts
    ):
        raise TransferProblem(f"The file holds {member!r}, which is no name of a file.")
    if name not in roots:
        what = "DATA_DIR" if name in OF_DATA_DIR else "MEDIA_ROOT" if name == "media" else name
        raise TransferProblem(
            f"The file holds files of {name}, and there is no folder for them here.",
            f"Set {what} in the settings, or leave the files out: --without-files.",
        )
    return roots[name].joinpath(*parts)
