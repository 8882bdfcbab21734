"""What is left out, each with its reason. The check after staging proves that the rest
is complete.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from djdesk.app import App
from djdesk.tools.desktop import environment as desktop_environment
from djdesk.tools.scratch import temporary_folder

from .places import RUN, WINDOWS, Backend, StageProblem, environment

# Below the interpreter's folder.
HOME = (
    "BUILD",  # a marker of uv
    "include",  # headers: nothing is compiled
    "share",  # man pages, terminfo
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
# The same, except on Windows, where "lib/thread*" would match Lib/threading.py.
HOME_POSIX = (
    "lib/pkgconfig",
    "lib/tcl*",  # tkinter's Tcl side
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
    "venv",  # creates environments with pip, which is removed
    "pydoc_data",
    "_pyrepl/[!_p]*",  # the interactive prompt; pydoc, which some packages use, needs its pager
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
# electron-builder leaves these out, wherever they are (excludedNames in its fileMatcher.js), and an
# installation that lacks one counts as damaged.
UNPACKED = (
    ".git", ".hg", ".svn", "CVS", "RCS", "SCCS", ".DS_Store", "thumbs.db", ".gitignore",
    ".gitkeep", ".gitattributes", ".npmignore", ".idea", ".vs", ".flowconfig", ".jshintrc",
    ".eslintrc", ".circleci", ".yarn-integrity", ".yarn-metadata.json", "yarn-error.log",
    "yarn.lock", "package-lock.json", "npm-debug.log", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
    "appveyor.yml", ".travis.yml", "circle.yml", ".nyc_output", ".husky", ".github",
    "electron-builder.env",
)  # fmt: skip
# Below site-packages, after the locked packages are installed.
PACKAGES = (
    "bin",
    "*.dist-info/direct_url.json",
    "*.dist-info/uv_cache.json",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    ".lock",
    "**/__pycache__",
    "**/*.pyi",
    *(f"**/{name}" for name in UNPACKED),
    "**/py.typed",
    "django/conf/app_template",  # startproject, startapp
    "django/conf/project_template",
)
# Below site-packages, unless the app or another package imports the module.
UNLESS_NAMED = (
    "django/contrib/gis",
    "django/contrib/postgres",
    "django/contrib/admindocs",
    "django/contrib/flatpages",
    "django/contrib/redirects",
    "**/tests",
)
IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t][^\n]*", re.M)
KEPT = ("python.exe", "pythonw.exe")
# Libraries of the interactive prompt, useless here, in packages that bundle system libraries.
PROMPT_LIBRARIES = re.compile(r"lib(readline|ncurses|tinfo|panel)w?\.")


def only_names_others(record: Path) -> bool:
    """Whether a package consists only of metadata, according to its RECORD."""
    own = f"{record.parent.name}/"
    lines = record.read_text(encoding="utf-8").splitlines()
    return bool(lines) and all(line.lstrip('"').startswith(own) for line in lines)


def modules(backend: Backend) -> set[str]:
    """Dotted names of everything importable below site-packages."""
    found = set()
    for file in backend.packages.rglob("*.py"):
        parts = file.relative_to(backend.packages).with_suffix("").parts
        found.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def library(backend: Backend) -> set[str]:
    """Dotted names of the standard library's modules that are files."""
    found = set()
    for file in backend.library.rglob("*"):
        if file.suffix not in (".py", ".so", ".pyd"):
            continue
        parts = file.relative_to(backend.library).parts
        if parts[0] == "site-packages":
            continue
        name = parts[-1].partition(".")[0]
        # Extension modules are in a folder of their own on the path.
        folders = () if file.suffix != ".py" else parts[:-1]
        found.add(".".join(folders if name == "__init__" else (*folders, name)))
    return found


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


def prune_packages(
    backend: Backend, installed: Iterable[str], languages: Iterable[str]
) -> list[str]:
    """Remove what the app cannot reach. Returns what was kept because something imports it.

    ``installed``: INSTALLED_APPS under the users' settings.
    """
    _remove(backend.packages, PACKAGES)
    _remove(backend.app, tuple(f"**/{name}" for name in UNPACKED))
    for record in sorted(backend.packages.glob("*.dist-info/RECORD")):
        # RECORD lists files that are pruned and compiled here. A RECORD without files shows that
        # the package only depends on others, so that it needs no licence (notices/parts.py).
        if not only_names_others(record):
            record.unlink()
    installed = list(installed)
    if "django.contrib.admin" not in installed:
        _remove(backend.packages, ("django/contrib/admin/static",))
    texts = _Sources(backend)
    kept = []
    for pattern in UNLESS_NAMED:
        for folder in sorted(backend.packages.glob(pattern)):
            if not folder.is_dir():
                continue
            name = ".".join(folder.relative_to(backend.packages).parts)
            if any(entry.startswith(name) for entry in installed) or texts.name(folder, name):
                kept.append(name)
            else:
                shutil.rmtree(folder)
    _prune_translations(backend, languages)
    return kept


def installed_apps(backend: Backend, app: App) -> list[str]:
    """INSTALLED_APPS under the users' settings, as reported by the staged app."""
    question = "from django.conf import settings; print(*settings.INSTALLED_APPS, sep='\\n')"
    with temporary_folder("stage") as data:
        said = subprocess.run(
            [backend.python, *RUN, "-c", question],
            capture_output=True, text=True, timeout=120, check=False,
            env=desktop_environment(app, "packaged", Path(data), root=backend.app),
        )  # fmt: skip
    if said.returncode != 0:
        raise StageProblem(
            "The settings of the staged app cannot be loaded.",
            "The message below names the cause: often a package that is not among the app's "
            "dependencies, or a variable that only the developer's machine has.",
            said.stderr[-3000:],
        )
    return said.stdout.split()


class _Sources:
    """All Python sources except Django's, to search for names of modules."""

    def __init__(self, backend: Backend) -> None:
        places = [*backend.packages.glob("[!_]*"), backend.app]
        files = [
            file
            for place in places
            if place.name != "django"
            for file in ([place] if place.suffix == ".py" else place.rglob("*.py"))
        ]
        # Only their imports: a large app has some ten thousand files and hundreds of `tests`.
        self._imports = {
            file: "\n".join(IMPORT.findall(file.read_text(encoding="utf-8", errors="ignore")))
            for file in files
        }

    def name(self, folder: Path, name: str) -> bool:
        """Whether a file outside ``folder`` imports the module, also by a relative import. Mentions
        in text do not count."""
        package, _, last = name.rpartition(".")
        absolute = re.compile(
            rf"^\s*(from|import) {re.escape(name)}\b"
            rf"|^\s*from {re.escape(package)} import [^\n]*\b{last}\b",
            re.M,
        )
        relative = re.compile(rf"^\s*from \.+{last}\b|^\s*from \.+ import [^\n]*\b{last}\b", re.M)
        return any(
            absolute.search(lines)
            or (file.is_relative_to(folder.parent) and relative.search(lines))
            for file, lines in self._imports.items()
            if last in lines and not file.is_relative_to(folder)
        )


def _prune_translations(backend: Backend, languages: Iterable[str]) -> None:
    """Keep the app's languages; the folder of ``zh-hans`` is zh_Hans."""
    wanted = {"en", *(language.lower().replace("-", "_") for language in languages)}
    wanted |= {language.split("_")[0] for language in wanted}
    for folder in backend.packages.rglob("locale"):
        for language in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
            if language.name.lower() not in wanted and (language / "LC_MESSAGES").is_dir():
                shutil.rmtree(language)
    # Format modules for dates and numbers are Python packages with the same names.
    for source in backend.packages.rglob("*.po"):
        source.unlink()


def strip_binaries(backend: Backend) -> int:
    """Strip symbols from ELF files, if ``strip`` is available. Returns the bytes saved."""
    tool = shutil.which("strip")
    if tool is None:
        raise StageProblem("The program strip was not found.", "Install binutils, or omit --strip.")
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
    """The shared libpython is for embedding; the interpreter itself shows whether it needs it."""
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
