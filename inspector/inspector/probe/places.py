"""Files: whose code they are, their paths as the inspector shows them, and lines of definitions."""

import os
import re
import sys

from .bounded import read_bytes
from .config import CONFIG
from .definitions import add_definitions
from .limits import SOURCE_LIMIT, parsed

# The folder of Django once it was imported; empty before.
DJANGO = [""]
OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
DEFINED = r"^([ \t]*)(?:class|def|async def)[ \t]+%s\b"
_PARSED = {}
_TEXTS = {}
_RELATIVE = {}
_ORIGIN = {}


def inside(path, folder):
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def is_ours(file):
    """Whether a file belongs to the probe."""
    return file.startswith(OURS)


def relative(path):
    if not path:
        return None
    if path not in _RELATIVE:
        _RELATIVE[path] = _relative(path)
    return _RELATIVE[path]


def _relative(path):
    for root in (CONFIG["root"], CONFIG["real_root"]):
        if root and inside(path, root):
            # Not `relpath`, which takes longer than the check of this path.
            below = path[len(root) :].lstrip(os.sep)
            return os.path.normpath(below).replace(os.sep, "/")
    return path


def real(path):
    """The path in the project that corresponds to a path in the private copy."""
    if CONFIG["real_root"] and inside(path, CONFIG["root"]):
        return CONFIG["real_root"] + path[len(CONFIG["root"]) :]
    return path


def origin(path):
    """Whose code a file is: own, third-party or Django's."""
    if not path:
        return "outside"
    if not DJANGO[0]:  # not known yet, so do not cache the answer
        return _origin(path)
    if path not in _ORIGIN:
        _ORIGIN[path] = _origin(path)
    return _ORIGIN[path]


def _origin(path):
    packages = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
    tail = path[len(CONFIG["root"]) :] if inside(path, CONFIG["root"]) else None
    carried = any(inside(path, folder) for folder in CONFIG["paths"])
    if tail is not None and not carried and not any(part in tail for part in packages):
        return "project"
    if DJANGO[0] and inside(path, DJANGO[0]):
        return "django"
    if carried or any(part in path for part in packages):
        return "third-party"
    if inside(path, os.path.dirname(os.__file__)):
        return "stdlib"
    return "outside"


def module_file(name):
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    if not file:
        return None
    return file[:-1] if file.endswith(".pyc") else file


def definitions(file):
    """{qualified name: line} of a file, including class attributes; parsed at most once."""
    if file in _PARSED:
        return _PARSED[file]
    lines = _PARSED[file] = {}
    try:
        if real(file) in CONFIG["places"]:
            size, changed, known = CONFIG["places"][real(file)]
            now = os.stat(file)
            if (now.st_size, now.st_mtime_ns) == (size, changed):
                _PARSED[file] = known
                return known
    except OSError:
        return lines
    tree = parsed(file)
    if tree is not None:
        add_definitions(tree.body, lines)
    return lines


def line_of(file, name):
    """The line of one definition. Package files are searched as text, since parsing is slow."""
    if "." in name or file in _PARSED or real(file) in CONFIG["places"] or not is_foreign(file):
        return definitions(file).get(name)
    found = re.search(DEFINED % re.escape(name), text_in(file), re.MULTILINE)
    if found is None or found.group(1):
        # With several or nested definitions, only the parser can tell.
        return definitions(file).get(name)
    return text_in(file).count("\n", 0, found.start()) + 1


def is_foreign(file):
    return origin(file) in ("django", "third-party", "stdlib")


def text_in(file):
    """The text of a package file; empty if it cannot be read."""
    if file not in _TEXTS:
        try:
            _TEXTS[file] = read_bytes(file, SOURCE_LIMIT).decode("utf-8", "replace")
        except (OSError, ValueError):
            _TEXTS[file] = ""
    return _TEXTS[file]


def place(thing):
    """(file, line) of a class or function; Nones if unknown."""
    file = module_file(getattr(thing, "__module__", "") or "")
    code = getattr(thing, "__code__", None)
    if file is None and code is not None:
        file = code.co_filename
    if file is None:
        return None, None
    line = line_of(file, getattr(thing, "__qualname__", ""))
    if line is None and code is not None:
        line = code.co_firstlineno
    return file, line
