"""Trusted folders: which folders are acceptable, and which projects lie inside them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

LIMIT = 20  # folders


def accept(path: Path) -> Path:
    """Resolve links. Raises ValueError with a message if the folder is too broad to trust
    everything that may ever be placed in it.
    """
    try:
        folder = path.resolve(strict=True)
        mode = folder.stat().st_mode
    except (OSError, RuntimeError):
        raise ValueError(_("There is no folder at %s.") % path) from None
    if not stat.S_ISDIR(mode):
        raise ValueError(_("%s is not a folder.") % path)
    home = Path.home().resolve()
    if folder == home or folder in home.parents or folder.parent == folder:
        raise ValueError(
            _("%s contains far more than your projects. Choose a folder inside your home folder.")
            % folder
        )
    if folder.name.lower() in {"downloads", "desktop"} and folder.parent == home:
        raise ValueError(
            _("Other programs save files in %s. Choose a folder in which only you put projects.")
            % folder
        )
    # On Windows the mode does not tell who may write.
    if os.name != "nt" and mode & stat.S_IWOTH:
        raise ValueError(
            _("Everyone on this computer can write to %s. Choose a folder that is yours.") % folder
        )
    return folder


def trusted_folder_of(folders: Iterable[str], path: str) -> str:
    """The trusted folder that contains the project, or an empty string.

    Links are resolved now: a listed folder that now links elsewhere, or would no longer be
    accepted, does not count.
    """
    real = Path(os.path.realpath(path))
    for listed in folders:
        try:
            folder = accept(Path(listed))
        except ValueError:
            continue
        if str(folder) == listed and folder in real.parents:
            return listed
    return ""
