"""Slow answers about packages and the system, kept with the project's bytecode between inspections.

Both are kept with what they depend on: definitions with the size and time of their file, libraries
with the time at which the system's list of libraries was made.
"""

import json
import os
import sys

from .bounded import read_bytes
from .config import CONFIG
from .guard import GUARD
from .places import NEW, REMEMBERED

SIZE_LIMIT = 16 * 2**20  # bytes
SYSTEM_LIBRARIES = "/etc/ld.so.cache"
_LIBRARIES, _NEW_LIBRARIES = {}, {}


def remember():
    """Read what earlier inspections of this project found, and make use of it."""
    try:
        known = json.loads(read_bytes(path(), SIZE_LIMIT).decode("ascii"))
        REMEMBERED.update(known["definitions"])
        _LIBRARIES.update(known["libraries"])
    except (OSError, ValueError, LookupError, TypeError):
        pass  # none yet, or damaged
    if sys.platform == "linux":
        remember_libraries()


def keep():
    """Add what this inspection found."""
    if not CONFIG["bytecode"] or not (NEW or _NEW_LIBRARIES):
        return
    text = json.dumps({"definitions": dict(REMEMBERED, **NEW), "libraries": _LIBRARIES})
    if len(text) > SIZE_LIMIT:  # mostly about packages that are no longer there: begin anew
        text = json.dumps({"definitions": NEW, "libraries": _NEW_LIBRARIES})
    unfinished = "%s.%d" % (path(), os.getpid())
    with GUARD.ours():
        try:
            with open(unfinished, "w", encoding="ascii") as file:
                file.write(text)
            os.replace(unfinished, path())  # another inspection may be reading it
        except OSError:
            pass


def path():
    return os.path.join(CONFIG["bytecode"] or os.devnull, "remembered.json")


def remember_libraries():
    """Let `find_library` answer from memory: it starts up to three programs for every name."""
    import ctypes.util

    find = ctypes.util.find_library

    def find_library(name):
        try:
            folders = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
            changed = [
                os.stat(one).st_mtime_ns for one in [SYSTEM_LIBRARIES, *filter(None, folders)]
            ]
        except OSError:
            return find(name)
        key = "%s %s %s" % (name, folders, changed)
        if key not in _LIBRARIES:
            _LIBRARIES[key] = _NEW_LIBRARIES[key] = find(name)
        return _LIBRARIES[key]

    ctypes.util.find_library = find_library
