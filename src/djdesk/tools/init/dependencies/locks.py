"""Read the project's lock, whichever tool wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.requirements import Declared, logical_lines
from djdesk.projects.reading import Unreadable, load_json, load_toml, read_text

LIMIT = 8 * 2**20
INDEX = re.compile(
    r"^\s*(?:-i|--index-url|--extra-index-url|-f|--find-links)[ =]\s*(\S+)", re.MULTILINE
)
PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([\w.+!-]+)(?![\w.+!*-])")
# name[extra] @ git+https://…@commit ; marker, and the older git+https://…#egg=name.
ELSEWHERE = re.compile(
    r"(?:(?:-e|--editable)[ =]\s*)?"
    r"(?:(?P<name>[A-Za-z0-9][\w.-]*)(?P<extras>\[[^\]]*\])?\s*@\s*)?"
    r"(?P<url>(?:git\+|hg\+|svn\+|https?:)[^\s;#]+(?:#(?:[^\s;]*&)?egg=(?P<egg>[\w.-]+))?)[^\s;]*"
    r"(?P<marker>\s*;[^#]*)?"
)
# Requirement files for production, most preferred first.
LISTS = (
    "requirements.txt", "requirements/production.txt", "requirements/prod.txt",
    "requirements/deploy.txt", "requirements/live.txt", "requirements/requirements.txt",
    "requirements/base.txt", "requirements/common.txt", "requirements/main.txt",
    "requirements/pip.txt", "requirements/default.txt",
)  # fmt: skip


@dataclass
class Wanted:
    """``source``: the file, or empty. ``lines``: requirements in pip's format. ``lists``:
    requirement files instead. ``pins``: normalised name -> version. ``indexes``: (URL, location) of
    extra indexes. ``elsewhere``: (name, URL) of packages from no index; ``places``: where a list
    names them. ``wheels``: a folder of wheels for uv."""

    source: str = ""
    lines: list[str] = field(default_factory=list)
    lists: list[Path] = field(default_factory=list)
    pins: dict[str, str] = field(default_factory=dict)
    indexes: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    wheels: Path | None = None

    def pin(self, name: str, version: str, marker: str = "", extras: str = "") -> None:
        self.pins.setdefault(normalize(name), version)
        self.lines.append(f"{name}{extras}=={version}{f' ; {marker}' if marker else ''}")


def read(root: Path, base: Path, declared: Declared) -> Wanted:
    """The first of these that the project has; uv.lock is read by uv itself (see `resolve`)."""
    for folder in dict.fromkeys((base, root)):
        for name, reader in (
            ("poetry.lock", _poetry), ("pdm.lock", _pdm), ("pylock.toml", _pylock),
            ("Pipfile.lock", _pipfile),
        ):  # fmt: skip
            file = folder / name
            text = read_text(file, LIMIT) if file.is_file() else None
            if text is None:
                continue
            found = Wanted(name)
            try:
                reader(found, text, folder)
            except (Unreadable, KeyError, TypeError, AttributeError):
                continue
            if found.lines:
                return found
    for folder in dict.fromkeys((base, root)):
        for name in LISTS:
            if (folder / name).is_file():
                return _lists(folder, name)
    found = Wanted("pyproject.toml" if (root / "pyproject.toml").is_file() else "setup.py")
    for one in declared.requirements:
        if one.group == "main":
            extras = f"[{','.join(one.extras)}]" if one.extras else ""
            marker = f" ; {one.marker}" if one.marker else ""
            version = _pep440(one.specifier)
            if version.startswith("@"):
                found.elsewhere.append((one.name, without_login(version[1:].strip())))
                version = f" {version}"
            found.lines.append(f"{one.name}{extras}{version}{marker}")
    return found


def _lists(folder: Path, name: str) -> Wanted:
    found = Wanted(name, lists=[folder / name])
    seen: set[Path] = set()
    waiting = [folder / name]
    while waiting:
        file = waiting.pop()
        text = read_text(file, LIMIT)
        if file in seen or text is None:
            continue
        seen.add(file)
        shown = file.relative_to(folder) if file.is_relative_to(folder) else file
        for match in INDEX.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.indexes.append((without_login(match[1]), f"{shown}:{line}"))
        for number, raw in logical_lines(text):
            _line(found, file, raw.strip(), f"{shown}:{number}", waiting)
    return found


def _line(found: Wanted, file: Path, raw: str, place: str, waiting: list[Path]) -> None:
    """One line of a requirements file; another file that it includes is added to ``waiting``."""
    # pip ignores most options behind a requirement, such as --only-binary; uv refuses them.
    line = re.sub(r"\s--[a-z][a-z-]*(=|\s+)\S+", "", raw) if raw[:1] != "-" else raw
    line = re.sub(r"(^|\s)#.*$", "", line).strip()
    if match := re.match(r"(?:-r|--requirement)[ =]?\s*(\S+)$", line):
        waiting.append(file.parent / match[1])
    elif one := ELSEWHERE.match(raw):
        name = one["name"] or one["egg"] or _of_address(one["url"])
        url = one["url"].partition("#")[0]
        found.elsewhere.append((name, without_login(url)))
        found.places[name] = place
        found.lines.append(f"{name}{one['extras'] or ''} @ {url}{one['marker'] or ''}")
    elif line and not line.startswith("-"):
        found.lines.append(line)
        if match := PIN.match(line):
            found.pins.setdefault(normalize(match[1]), match[2])


def _of_address(url: str) -> str:
    """A package named by the last part of its URL: https://example.org/django-shop.git@1.0."""
    last = url.partition("#")[0].rstrip("/").rpartition("/")[2].partition("@")[0]
    return re.split(r"\.git$|\.zip$|\.tar|-\d", last)[0]


def _poetry(found: Wanted, text: str, folder: Path) -> None:
    lock = load_toml(text)
    rows = lock["package"]
    project = load_toml(read_text(folder / "pyproject.toml") or "")
    needed = _needed(rows, project) if not any("groups" in row for row in rows) else None
    for row in rows:
        name = normalize(row["name"])
        if needed is not None and name not in needed:
            continue
        if needed is None and ("main" not in row.get("groups", []) or row.get("optional")):
            continue
        marker = row.get("markers", "")
        if isinstance(marker, dict):
            marker = marker.get("main", "")
        source = row.get("source", {})
        kind, url = source.get("type", ""), str(source.get("url", ""))
        if kind in ("git", "url"):
            address = f"git+{url}@{source.get('resolved_reference', '')}" if kind == "git" else url
            found.elsewhere.append((row["name"], without_login(address)))
            found.lines.append(f"{row['name']} @ {address}")
        elif kind not in ("directory", "file"):
            if kind == "legacy":
                found.indexes.append((without_login(url), "poetry.lock"))
            found.pin(row["name"], row["version"], marker)


def _needed(rows: list[dict[str, Any]], project: dict[str, Any]) -> set[str]:
    """For a lock without groups: the packages that production requirements lead to."""
    by_name = {normalize(row["name"]): row for row in rows}
    table = project.get("tool", {}).get("poetry", {}).get("dependencies", {})
    waiting = [
        normalize(name)
        for name, value in table.items()
        if name.lower() != "python" and not (isinstance(value, dict) and value.get("optional"))
    ]
    waiting += [
        normalize(re.split(r"[^\w.-]", one.strip(), maxsplit=1)[0])
        for one in project.get("project", {}).get("dependencies", [])
    ]
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in needed or name not in by_name:
            continue
        needed.add(name)
        waiting += map(normalize, by_name[name].get("dependencies", {}))
    return needed


def _pdm(found: Wanted, text: str, folder: Path) -> None:
    for row in load_toml(text)["package"]:
        if "default" not in row.get("groups", ["default"]):
            continue
        if "git" in row or "url" in row:
            address = f"git+{row['git']}@{row.get('revision', '')}" if "git" in row else row["url"]
            found.elsewhere.append((row["name"], without_login(address)))
            found.lines.append(f"{row['name']} @ {address}")
        elif "path" not in row:
            found.pin(row["name"], row["version"], row.get("marker", ""))


def _pylock(found: Wanted, text: str, folder: Path) -> None:
    for row in load_toml(text)["packages"]:
        marker = row.get("marker", "")
        if "dependency_groups" in marker or "extras" in marker:
            continue  # of a group, or of an extra that was not requested
        if "version" in row:
            found.pin(row["name"], row["version"], marker)
        if index := row.get("index"):
            found.indexes.append((without_login(index), "pylock.toml"))


def _pipfile(found: Wanted, text: str, folder: Path) -> None:
    lock = load_json(text)
    for source in lock.get("_meta", {}).get("sources", []):
        found.indexes.append((without_login(str(source.get("url"))), "Pipfile.lock"))
    for name, row in lock["default"].items():
        if "version" in row:
            extras = f"[{','.join(row['extras'])}]" if row.get("extras") else ""
            found.pin(name, row["version"].lstrip("="), row.get("markers", ""), extras)
        elif "git" in row:
            address = f"git+{row['git']}@{row.get('ref', '')}"
            found.elsewhere.append((name, without_login(address)))
            found.lines.append(f"{name} @ {address}")


def _pep440(specifier: str) -> str:
    """Convert Poetry's ``^1.2`` and ``~1.2`` to pip's format."""
    if not (match := re.fullmatch(r"([\^~])\s*(\d+(?:\.\d+)*)\S*", specifier.strip())):
        bare = re.fullmatch(r"\d[\w.*]*", specifier.strip())
        return f"=={specifier.strip()}" if bare else specifier
    numbers = [int(part) for part in match[2].split(".")]
    at = 0 if match[1] == "^" else min(1, len(numbers) - 1)
    if match[1] == "^":
        at = next((n for n, part in enumerate(numbers) if part), len(numbers) - 1)
    upper = [*numbers[:at], numbers[at] + 1]
    return f">={match[2]},<{'.'.join(map(str, upper))}"


def without_login(address: str) -> str:
    return re.sub(r"//[^/@]*@", "//", address)
