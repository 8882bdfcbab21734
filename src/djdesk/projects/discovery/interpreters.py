# ruff: noqa: PTH100, PTH119, SIM102 - nested conditions and plain os.path read better here
"""Interpreters that belong to a project, found and judged without starting them.

`pyvenv.cfg` has the Python version, the names of the `*.dist-info` folders the installed packages.
Even ``python --version`` would run project code: `.pth` files are executed at startup.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from djdesk.messages import joined, say, say_noop
from djdesk.projects.discovery.bundled import bundled_django
from djdesk.projects.discovery.installed import normalize, quick_versions
from djdesk.projects.discovery.missing import missing
from djdesk.projects.discovery.requirements import Declared
from djdesk.projects.discovery.system_pythons import on_the_path
from djdesk.projects.discovery.walk import environment_of, is_environment
from djdesk.projects.lists import listed
from djdesk.projects.reading import Unreadable, load_json, load_toml, read_text

NAMES = (".venv", "venv", "env", ".env", "virtualenv")
OLDEST, NEWEST = (3, 8), (3, 99)


class InterpreterRow(TypedDict):
    """An interpreter as JSON, see `Interpreter`."""

    path: str
    source: str
    python: str | None
    django: str | None
    missing: list[str]
    usable: bool
    chosen: bool
    note: str


@dataclass
class Interpreter:
    """One candidate. ``packages``: folders of its distributions."""

    path: Path
    source: str
    python: str | None = None
    django: str | None = None
    missing: list[str] = field(default_factory=list)
    usable: bool = False
    chosen: bool = False
    note: str = ""
    packages: list[Path] = field(default_factory=list)
    # The machine's rather than the project's: used only if nothing else is usable.
    shared: bool = False

    def as_dict(self) -> InterpreterRow:
        return {
            "path": str(self.path),
            "source": self.source,
            "python": self.python,
            "django": self.django,
            "missing": self.missing,
            "usable": self.usable,
            "chosen": self.chosen,
            "note": self.note,
        }


def find_interpreters(
    root: Path,
    base: Path,
    declared: Declared,
    explicit: Path | None = None,
    bundled: list[Path] | None = None,
) -> list[Interpreter]:
    """Candidates in order of preference; at most one is chosen.

    ``bundled``: folders of the project that contain a Django of their own.
    """
    found: dict[str, Interpreter] = {}
    for place, source in candidates(root, base, declared, explicit):
        key = os.path.abspath(place)
        if key not in found:
            found[key] = judge(place, source, declared, bundled)
    rows = list(found.values())
    if explicit is None:
        rows += _shared(declared, {os.path.realpath(one.path) for one in rows})
    best: Interpreter | None = None
    if explicit is not None:
        best = rows[0] if rows and rows[0].usable else None
    else:
        usable = [row for row in rows if row.usable]
        # The first that has everything; otherwise the one that lacks least.
        best = min(usable, key=lambda row: (row.shared, len(row.missing)), default=None)
    if best is not None:
        best.chosen = True
    return rows


def _shared(declared: Declared, known: set[str]) -> Iterator[Interpreter]:
    """System Pythons that have Django: developers without an environment install there."""
    for python in on_the_path():
        if os.path.realpath(python) in known:
            continue
        row = judge(python, say("{word} of this machine", word=python.name), declared)
        if row.usable and row.django != "unknown":
            row.shared = True
            note = say("This is not the project's own environment; it also has packages of others.")
            row.note = joined([note, row.note or ""])
            yield row


def candidates(
    root: Path, base: Path, declared: Declared, explicit: Path | None
) -> Iterator[tuple[Path, str]]:
    if explicit is not None:
        path = explicit
        if path.is_dir():
            path = executable_in(path) or path / "bin" / "python"
        same = _same(path, Path(sys.executable))
        yield path, say("this app's own Python") if same else say("chosen by you")
        if not same:
            return
        return
    yield from _folders(root, base)
    for reader in (
        _vscode,
        _idea,
        _pdm,
        _poetry,
        _pipenv,
        _hatch,
        _conda,
        _direnv,
        _mise,
        _tool_versions,
        _pyenv,
        _active,
    ):
        for place, source in reader(root, base, declared):
            if python := executable_in(place) if place.is_dir() else place:
                if python.is_file():
                    yield python, source


def _same(one: Path, two: Path) -> bool:
    return os.path.abspath(one) == os.path.abspath(two)


def executable_in(environment: Path) -> Path | None:
    """The python of an environment, in any platform's layout."""
    for relative in (
        "bin/python",
        "bin/python3",
        "Scripts/python.exe",
        "bin/python.exe",  # MSYS2
        "python.exe",
    ):
        if (environment / relative).is_file():
            return environment / relative
    return None


def _folders(root: Path, base: Path) -> Iterator[tuple[Path, str]]:
    places = [
        (base, say_noop("{word} beside manage.py")),
        (root, say_noop("{word} in the project")),
        (root.parent, say_noop("{word} beside the project")),
    ]
    if base == root:
        places = places[1:]
    named = os.environ.get("UV_PROJECT_ENVIRONMENT")
    if named and (python := executable_in(root / named)):
        yield python, "UV_PROJECT_ENVIRONMENT"
    for folder, where in places:
        for name in NAMES:
            place = folder / name
            if place.is_file() and name == ".venv":  # a file that contains the path
                text = (read_text(place, 4096) or "").strip().splitlines()
                target = Path(text[0]).expanduser() if text and text[0] else None
                if target and (python := executable_in(folder / target)):
                    yield python, say("the path in {what_text}", what_text=say(where, word=name))
            elif python := executable_in(place):
                yield python, say(where, word=name)
    for folder, where in places[:-1]:
        try:
            children = sorted(folder.iterdir())
        except OSError:
            continue
        for child in children:
            if child.name not in NAMES and child.is_dir() and is_environment(child):
                if python := executable_in(child):
                    yield python, say(where, word=child.name)


def _vscode(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    for folder in dict.fromkeys((root, base)):
        text = read_text(folder / ".vscode" / "settings.json")
        for key in ("python.defaultInterpreterPath", "python.pythonPath"):
            found = re.search(rf'"{re.escape(key)}"\s*:\s*("(?:[^"\\]|\\.)*")', text or "")
            if found:
                value = str(load_json(found[1])).replace("${workspaceFolder}", str(folder))
                value = value.replace("${workspaceRoot}", str(folder))
                if "${" not in value:
                    yield (folder / Path(value).expanduser()), ".vscode/settings.json"


def _idea(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    text = read_text(root / ".idea" / "misc.xml") or ""
    for value in re.findall(r'(?:jdk-name|sdkName|project-jdk-name)="([^"]+)"', text):
        path = re.search(
            r"(/[^()\"]+/bin/python[\d.]*|[A-Z]:[^()\"]+python[\d.]*(?:\.exe)?)", value
        )
        if path:
            yield Path(path[1]), ".idea/misc.xml"


def _pdm(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    text = (read_text(root / ".pdm-python", 4096) or "").strip()
    if text:
        yield Path(text.splitlines()[0]), ".pdm-python"


def _data_folders() -> list[Path]:
    home = Path.home()
    return [
        Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache"),
        Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"),
        home / "Library" / "Caches",
        home / "Library" / "Application Support",
        Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"),
        Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming"),
    ]


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _poetry(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    """Named after the project and a hash; the name alone may match another checkout."""
    if not declared.name or not (root / "pyproject.toml").is_file():
        return
    text = read_text(root / "pyproject.toml") or ""
    if "poetry" not in text:
        return
    name = re.escape(normalize(declared.name))
    pattern = re.compile(rf"^{name}-[\w-]{{8}}-py[\d.]+$", re.IGNORECASE)
    mine: list[Path] = []
    for data in _data_folders():
        for store in ("pypoetry/virtualenvs", "pypoetry/Cache/virtualenvs"):
            mine += [place for place in _children(data / store) if pattern.match(place.name)]
    verified = [place for place in mine if _points_at(place, root)]
    for place in verified or (mine if len(mine) == 1 else []):
        yield place, "Poetry"


def _points_at(environment: Path, root: Path) -> bool:
    """Whether an environment has this project installed as editable."""
    for packages in packages_of(environment, None):
        for file in [*packages.glob("*.pth"), *packages.glob("*.dist-info/direct_url.json")]:
            if str(root) in (read_text(file, 64_000) or ""):
                return True
    return False


def _pipenv(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    """Pipenv and virtualenvwrapper write the project's folder into `.project`."""
    stores = [Path.home() / ".local" / "share" / "virtualenvs", Path.home() / ".virtualenvs"]
    if named := os.environ.get("WORKON_HOME"):
        stores.insert(0, Path(named))
    for store in stores:
        for place in _children(store):
            text = (read_text(place / ".project", 4096) or "").strip()
            if text and Path(text) in (root, base):
                yield place, "Pipenv" if (root / "Pipfile").is_file() else "virtualenvwrapper"


def _hatch(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    if not declared.name or "hatch" not in (read_text(root / "pyproject.toml") or ""):
        return
    for data in _data_folders():
        for hashed in _children(data / "hatch" / "env" / "virtual" / normalize(declared.name)):
            for place in _children(hashed):
                if is_environment(place) and _points_at(place, root):
                    yield place, "Hatch"


def _conda(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    name = None
    for file in ("environment.yml", "environment.yaml"):
        if match := re.search(
            r"^name:\s*['\"]?([\w.-]+)", read_text(root / file) or "", re.MULTILINE
        ):
            name = match[1]
    text = read_text(Path.home() / ".conda" / "environments.txt") or ""
    for line in text.splitlines():
        place = Path(line.strip())
        if line.strip() and (place.is_relative_to(root) or (name and place.name == name)):
            yield place, "conda"


def _direnv(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    for place in _children(root / ".direnv"):
        if place.name.startswith("python-"):
            yield place, ".direnv"


def _mise(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    """mise can create an environment: `_.python.venv = ".venv"`, or a table with its path."""
    for folder in dict.fromkeys((root, base)):
        for name in ("mise.toml", ".mise.toml", "mise.local.toml", ".config/mise.toml"):
            try:
                data = load_toml(read_text(folder / name) or "")
            except Unreadable:
                continue
            place: object = data.get("env", {})
            for key in ("_", "python", "venv"):
                place = place.get(key) if isinstance(place, dict) else None
            place = place.get("path") if isinstance(place, dict) else place
            if isinstance(place, str) and place and "{" not in place:
                yield folder / Path(place).expanduser(), name


def _tool_versions(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    """asdf and mise install Pythons by version; packages may have been installed
    directly into one.
    """
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    stores = [
        Path(os.environ.get("ASDF_DATA_DIR") or home / ".asdf") / "installs" / "python",
        Path(os.environ.get("MISE_DATA_DIR") or data / "mise") / "installs" / "python",
    ]
    for folder in dict.fromkeys((root, base)):
        text = read_text(folder / ".tool-versions", 4096) or ""
        for line in text.splitlines():
            words = line.partition("#")[0].split()
            if len(words) < 2 or words[0] != "python":
                continue
            for version in words[1:]:
                for store in stores:
                    if re.fullmatch(r"[\w.-]+", version) and (store / version).is_dir():
                        yield store / version, ".tool-versions"


def _pyenv(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    """`.python-version` may name a pyenv-virtualenv; a plain version is not an environment."""
    store = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for folder in dict.fromkeys((root, base)):
        text = (read_text(folder / ".python-version", 4096) or "").strip()
        name = text.splitlines()[0].strip() if text else ""
        if re.fullmatch(r"[\w.-]+", name) and (store / name / "pyvenv.cfg").is_file():
            yield store / name, ".python-version"


def _active(root: Path, base: Path, declared: Declared) -> Iterator[tuple[Path, str]]:
    """The environment that DJDesk was started in, only if its path belongs to this project."""
    place = Path(os.environ.get("VIRTUAL_ENV") or "")
    own = {one.name for one in (root, base)} | {declared.name or root.name}
    if place.is_absolute() and (place.is_relative_to(root) or own & set(place.parts[1:])):
        yield place, "VIRTUAL_ENV"


def packages_of(environment: Path, python: str | None) -> list[Path]:
    """The site-packages folders of an environment, with the paths added by its .pth files."""
    found = [environment / "Lib" / "site-packages"]
    # Homebrew and Linux keep packages of several Python versions side by side.
    number = re.match(r"3\.\d+", python or "")
    for lib in ("lib", "lib64"):
        for name in ("site-packages", "dist-packages"):
            every = sorted((environment / lib).glob(f"python3*/{name}"))
            of_it = [one for one in every if number and one.parent.name == f"python{number[0]}"]
            found += of_it or every
        found += sorted((environment / lib).glob("python3/dist-packages"))
    real: dict[str, Path] = {}
    for folder in found:
        if folder.is_dir():
            real.setdefault(os.path.realpath(folder), folder)
    rows = list(real.values())
    for folder in list(rows):
        for pth in sorted(folder.glob("*.pth")):
            for line in (read_text(pth, 64_000) or "").splitlines():
                line = line.strip()
                if line and not line.startswith(("#", "import ", "import\t")):
                    place = folder / line
                    if place.is_dir() and place not in rows:
                        rows.append(place)
    return rows


def judge(
    path: Path, source: str, declared: Declared, bundled: list[Path] | None = None
) -> Interpreter:
    """Fill in what the files around an executable reveal."""
    row = Interpreter(path, source)
    if not path.is_file():
        row.note = say("There is no such file.")
        return row
    if os.name != "nt" and not os.access(path, os.X_OK):
        row.note = say("This file cannot be executed.")
        return row
    environment = environment_of(path)
    row.python = _version(environment, path)
    row.packages = packages_of(environment, row.python)
    config = read_text(environment / "pyvenv.cfg") or ""
    if re.search(r"^include-system-site-packages\s*=\s*true", config, re.MULTILINE | re.IGNORECASE):
        if match := re.search(r"^home\s*=\s*(.+)$", config, re.MULTILINE):
            home = Path(match[1].strip()) / path.name
            row.packages += packages_of(environment_of(home), row.python)
    versions = quick_versions(row.packages)
    row.django = versions.get("django")
    if row.django is None and any((one / "django").is_dir() for one in row.packages):
        row.django = "unknown"
    carried = None
    if row.django is None and bundled:
        # The interpreter needs no Django: the project's own is put on its path.
        row.django = carried = bundled_django(bundled) or "unknown"
        versions |= quick_versions(bundled)
    row.missing = missing(declared, versions, row.packages, row.python)
    if row.python and not OLDEST <= _pair(row.python) <= NEWEST:
        row.note = say("Python {version} is too old: 3.8 or newer is needed.", version=row.python)
    elif row.django is None:
        row.note = say("Django is not installed here.")
    else:
        row.usable = True
        if carried:
            row.note = say("Django comes with the project, in a folder of its own.")
        if row.missing:
            row.note = say("Missing: {names_list}", names_list=listed(row.missing, 8))
    return row


def _pair(version: str) -> tuple[int, int]:
    parts = [int(part) for part in re.findall(r"\d+", version)[:2]]
    return (parts[0], parts[1]) if len(parts) == 2 else (0, 0)


def _version(environment: Path, path: Path) -> str | None:
    text = read_text(environment / "pyvenv.cfg") or ""
    if match := re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)", text, re.MULTILINE):
        return match[1]
    for meta in sorted((environment / "conda-meta").glob("python-3*.json")):
        if match := re.match(r"python-(\d+\.\d+\.\d+)", meta.name):
            return match[1]
    for name in (path.name, os.path.basename(os.path.realpath(path))):
        if match := re.search(r"python(\d+\.\d+)", name):
            return match[1]
    if _same(path, Path(sys.executable)):
        return ".".join(str(part) for part in sys.version_info[:3])
    # Windows: python.exe is a few kilobytes beside its python313.dll.
    for dll in sorted(environment.glob("python3*.dll")):
        if match := re.fullmatch(r"python3(\d+)\.dll", dll.name, re.IGNORECASE):
            return f"3.{match[1]}"
    return None
