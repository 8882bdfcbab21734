"""What is left out, each with its reason. The check that follows staging proves the rest whole."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from .places import WINDOWS, Backend, StageProblem, environment

# Below the interpreter's folder.
HOME = (
    "BUILD",  # a mark of uv
    "include",  # headers: nothing is compiled
    "share",  # manual pages, terminal descriptions
    "libs",  # Windows import libraries
    "tcl",
    "Scripts",
    "Doc",
    "Tools",
    "DLLs/tcl*",
    "DLLs/tk*",
    "DLLs/_tkinter*",
    "DLLs/_test*",
    "DLLs/_ctypes_test*",
    "**/*.a",
    "**/*.lib",
    "**/*.pdb",
    "**/*.exe",  # launchers; see KEPT
)
# The same, not on Windows: there "lib/thread*" would be Lib/threading.py.
HOME_POSIX = (
    "lib/pkgconfig",
    "lib/tcl*",  # tkinter's other half
    "lib/tk*",
    "lib/itcl*",
    "lib/thread*",
    "lib/libtcl*",
    "lib/libtk*",
)
# Below the standard library.
LIBRARY = (
    "config-*",  # for building extensions
    "test",
    "idlelib",
    "tkinter",
    "turtledemo",
    "turtle.py",
    "lib2to3",
    "ensurepip",
    "venv",  # makes environments with pip, which is not there
    "pydoc_data",
    "_pyrepl",  # the interactive prompt
    "lib-dynload/_tkinter*",
    "lib-dynload/_test*",
    "lib-dynload/_ctypes_test*",
    "lib-dynload/_xx*",
    "lib-dynload/xx*",
    "lib-dynload/_curses*",
    "lib-dynload/readline*",
    "site-packages/*",  # pip
    "**/test",
    "**/tests",
    "**/idle_test",
    "**/__pycache__",
)
# Below site-packages, once the locked packages are there.
PACKAGES = (
    "bin",
    "*.dist-info/RECORD",  # names files that are pruned and compiled here
    "*.dist-info/direct_url.json",
    "*.dist-info/uv_cache.json",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    ".lock",
    "**/tests",
    "**/__pycache__",
    "**/*.pyi",
    "**/py.typed",
    "django/contrib/gis",  # wants GDAL
    "django/contrib/postgres",  # wants psycopg; this app has SQLite
    "django/contrib/admindocs",
    "django/contrib/flatpages",
    "django/contrib/redirects",
    "django/contrib/admin/static",  # no page of ours is the admin's
    "django/conf/app_template",  # startproject, startapp
    "django/conf/project_template",
)
# Those of settings.LANGUAGES; a project that is looked at brings its own translations.
LANGUAGES = ("en", "de")
KEPT = ("python.exe", "pythonw.exe")
# Dead weight of the interactive prompt where the system's libraries were bundled.
PROMPT_LIBRARIES = re.compile(r"lib(readline|ncurses|tinfo|panel)w?\.")


def prune_interpreter(backend: Backend) -> None:
    _remove(backend.home, HOME)
    _remove(backend.library, LIBRARY)
    backend.packages.mkdir(exist_ok=True)
    if WINDOWS:
        return
    _remove(backend.home, HOME_POSIX)
    for file in sorted((backend.home / "lib").iterdir()):
        if PROMPT_LIBRARIES.match(file.name):
            file.unlink()
    for file in sorted((backend.home / "bin").iterdir()):
        if file != backend.python:
            file.unlink()
    _unneeded_library(backend)


def prune_packages(backend: Backend) -> None:
    _remove(backend.packages, PACKAGES)
    for folder in sorted(backend.packages.rglob("locale")):
        for language in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
            if language.name not in LANGUAGES:
                shutil.rmtree(language)
    for source in backend.packages.rglob("*.po"):
        source.unlink()


def strip_binaries(backend: Backend) -> int:
    """Take symbols out of ELF files, if there is a ``strip``. Returns the bytes saved."""
    tool = shutil.which("strip")
    if tool is None:
        raise StageProblem("There is no strip here.", "Install binutils, or leave --strip out.")
    saved = 0
    for file in sorted(backend.home.rglob("*")):
        if file.is_file() and file.read_bytes()[:4] == b"\x7fELF":
            before = file.stat().st_size
            subprocess.run([tool, "--strip-unneeded", file], check=True, capture_output=True)
            saved += before - file.stat().st_size
    return saved


def _remove(folder: Path, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        for found in sorted(folder.glob(pattern), reverse=True):
            if found.name in KEPT:
                continue
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            elif found.exists() or found.is_symlink():
                found.unlink()


def _unneeded_library(backend: Backend) -> None:
    """The shared libpython is for programs that embed Python; whether ours needs it, it tells."""
    aside = backend.root / "aside"
    aside.mkdir()
    moved = []
    for pattern in ("libpython*.so*", "libpython*.dylib"):
        for file in sorted((backend.home / "lib").glob(pattern)):
            moved.append((file, file.rename(aside / file.name)))
    said = subprocess.run(
        [backend.python, "-I", "-B", "-c", "import ssl, sqlite3, ctypes, zlib"],
        capture_output=True, timeout=60, check=False, env=environment(),
    )  # fmt: skip
    if said.returncode != 0:
        for original, kept in moved:
            kept.rename(original)
    shutil.rmtree(aside)
