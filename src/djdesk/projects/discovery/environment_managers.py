"""Environments of a project that its editor or its environment manager knows: VS Code, PyCharm,
PDM, Poetry, Pipenv, Hatch, conda, direnv, mise, asdf and pyenv. Their files are read; none is run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from djdesk.projects.discovery.installed import normalize, packages_of
from djdesk.projects.discovery.requirements import Declared
from djdesk.projects.discovery.walk import is_environment
from djdesk.projects.reading import Unreadable, load_json, load_toml, read_text


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


# In order of preference. Each gets root, base and what is declared, and yields an environment or
# its interpreter, with the name of the source.
READERS: tuple[Callable[[Path, Path, Declared], Iterator[tuple[Path, str]]], ...] = (
    _vscode, _idea, _pdm, _poetry, _pipenv, _hatch, _conda, _direnv, _mise, _tool_versions, _pyenv,
    _active,
)  # fmt: skip
