"""An app's folders of files: uploads, other storages of its fields, paths that its table moves to
the data folder, exports, and results of heavy jobs."""

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

# Folders of the data folder with content made by users.
OF_DATA_DIR = ("exports", "jobs")
# Files of a job that are locked while it runs or half written.
PASSING = (".new", ".head")


def folders() -> dict[str, Path]:
    """Folders by a name that is the same on every computer. Raises TransferProblem for a storage
    that is not a folder."""
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
        # A file, such as a task queue's, is specific to this computer.
        if place and not place.is_file() and (place.is_dir() or not place.suffix):
            found[dotted] = place
    if data_dir := getattr(settings, "DATA_DIR", None):
        found |= {name: Path(data_dir) / name for name in OF_DATA_DIR}
    return found


def _named(dotted: str) -> Path | None:
    """The path in a setting that the app's table moves to the data folder."""
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
            "Copy them with that service's own tools, and leave them out here with "
            "--without-files.",
        )
    place = Path(real.location)
    if not any(place.is_relative_to(other) for other in found.values()):
        found[name] = place


def _is_folder(storage: Storage) -> bool:
    return isinstance(_real(storage), FileSystemStorage)


def _real(storage: Storage) -> Storage:
    """Resolve Django's lazy default storage."""
    if isinstance(storage, LazyObject):
        if storage._wrapped is empty:
            storage._setup()
        return storage._wrapped
    return storage


def files(name: str, root: Path, after: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Path components of each file in a stable order, after ``after``. Symbolic links are skipped:
    they lead outside the app, or to files that are found anyway."""
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
    """The target of a member ``files/NAME/…``. Raises TransferProblem if it would lead outside or
    its folder does not exist here."""
    _top, name, *parts = member.split("/")
    # These characters in a name refer to NTFS streams or another drive.
    foreign = "\\:" if os.name == "nt" else ""
    if not parts or any(
        part in ("", ".", "..") or any(sign in part for sign in foreign) for part in parts
    ):
        raise TransferProblem(f"The file holds {member!r}, which is not a file name.")
    if name not in roots:
        what = "DATA_DIR" if name in OF_DATA_DIR else "MEDIA_ROOT" if name == "media" else name
        raise TransferProblem(
            f"The export contains files of {name}, but there is no folder for them here.",
            f"Set {what} in the settings, or leave the files out with --without-files.",
        )
    return roots[name].joinpath(*parts)
