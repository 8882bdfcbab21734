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
DEFINED = re.compile(r"^([ \t]*)(?:class|def|async def)[ \t]+(\w+)", re.MULTILINE)
# Definitions parsed by earlier inspections and by this one, with the shape of CONFIG["places"].
REMEMBERED, NEW = {}, {}
_PARSED = {}
_NAMED = {}
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
        now = os.stat(file)
    except OSError:
        return lines
    stamp = [now.st_size, now.st_mtime_ns]
    for known in (CONFIG["places"], REMEMBERED):
        if real(file) in known and known[real(file)][:2] == stamp:
            _PARSED[file] = known[real(file)][2]
            return _PARSED[file]
    tree = parsed(file)
    if tree is not None:
        add_definitions(tree.body, lines)
        NEW[real(file)] = [*stamp, lines]
    return lines


def line_of(file, name):
    """The line of one definition. Except in the project, files are searched as text, since parsing
    is slow.
    """
    if "." in name or file in _PARSED or real(file) in CONFIG["places"] or is_own(file):
        return definitions(file).get(name)
    line = named_in(file).get(name)
    # Of several or nested definitions only the parser can tell.
    return definitions(file).get(name) if line is None else line


def named_in(file):
    """{name: line} of a file's classes and functions, by their text; None if the first of that name
    is nested.
    """
    if file not in _NAMED:
        found = _NAMED[file] = {}
        text, at, line = text_in(file), 0, 1
        for one in DEFINED.finditer(text):
            line += text.count("\n", at, one.start())
            at = one.start()
            found.setdefault(one.group(2), None if one.group(1) else line)
    return _NAMED[file]


def is_own(file):
    return origin(file) == "project"


def text_in(file):
    """The text of a package file; empty if it cannot be read."""
    try:
        return read_bytes(file, SOURCE_LIMIT).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


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
