"""What is installed in an environment, read from its ``*.dist-info`` folders."""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from djdesk.projects.reading import read_head, read_text

METADATA_LIMIT = 256 * 1024
WANTED = re.compile(r"^Requires-Dist:\s*([A-Za-z0-9._-]+)[^;\n]*;?([^\n]*)$", re.MULTILINE)


@dataclass(frozen=True)
class Distribution:
    """``installed_on``: a date such as ``2026-01-31``, from the RECORD file, which installers write
    last. An environment does not record release dates."""

    name: str
    version: str
    requires_python: str | None
    license: str | None
    summary: str | None
    installed_on: str | None = None


def normalize(name: str) -> str:
    """`Django_Extensions` and `django-extensions` are the same name."""
    return re.sub(r"[-_.]+", "-", name).lower()


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


def quick_versions(packages: list[Path]) -> dict[str, str]:
    """Normalised name -> version, from the folder names alone."""
    found: dict[str, str] = {}
    for folder in packages:
        for entry in _entries(folder):
            name, _, version = entry.name.removesuffix(".dist-info").partition("-")
            if entry.suffix == ".egg-info":
                name, _, version = entry.name.removesuffix(".egg-info").partition("-")
                version = version.partition("-py")[0]
            if version:
                found.setdefault(normalize(name), version)
    return found


def state(packages: list[Path]) -> list[list[str | int]]:
    """A value that changes when a distribution is added, removed or replaced: names, sizes and
    times (ns).
    """
    return [
        [str(entry), *_stat(f"{entry}"), *_stat(f"{entry}/METADATA"), *_stat(f"{entry}/RECORD")]
        for folder in packages
        for entry in sorted(_entries(folder))
    ]


def _stat(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - many files
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def distributions(packages: list[Path]) -> list[Distribution]:
    """Every installed distribution with its METADATA, by name."""
    found: dict[str, Distribution] = {}
    for folder in packages:
        for entry in _entries(folder):
            for name in ("METADATA", "PKG-INFO"):
                file = entry / name if entry.is_dir() else entry
                try:
                    text = read_head(file, METADATA_LIMIT).decode("utf-8", "replace")
                except OSError:
                    continue
                dist = _parse(text)
                if dist:
                    dist = replace(dist, installed_on=_installed_on(entry))
                    found.setdefault(normalize(dist.name), dist)
                break
    return [found[name] for name in sorted(found)]


def needs(packages: list[Path]) -> dict[str, list[str]]:
    """Normalised name -> the markers with which installed distributions require it; "" means
    always.
    """
    found: dict[str, list[str]] = {}
    for folder in packages:
        for entry in _entries(folder):
            try:
                text = read_head(entry / "METADATA", METADATA_LIMIT).decode("utf-8", "replace")
            except OSError:
                continue
            for name, marker in WANTED.findall(text.partition("\n\n")[0]):
                found.setdefault(normalize(name), []).append(marker.strip())
    return found


def _entries(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.suffix in {".dist-info", ".egg-info"}]
    except OSError:
        return []


def _installed_on(entry: Path) -> str | None:
    try:
        moment = (entry / "RECORD").stat().st_mtime
    except OSError:
        return None
    # Reproducible archives use 1980 or 1970.
    day = datetime.datetime.fromtimestamp(moment).astimezone().date()
    return day.isoformat() if day.year > 2000 else None


def _parse(text: str) -> Distribution | None:
    # Imported here: it is slow, and a repeated scan of the same environment does not need it.
    from email.parser import HeaderParser

    headers = HeaderParser().parsestr(text.partition("\n\n")[0] + "\n\n")
    name, version = headers.get("Name"), headers.get("Version")
    if not name or not version:
        return None
    licence = headers.get("License-Expression") or headers.get("License")
    if not licence or licence == "UNKNOWN" or len(licence) > 100:
        classified = [
            value.rpartition(" :: ")[2]
            for value in headers.get_all("Classifier") or []
            if value.startswith("License ::")
        ]
        licence = ", ".join(classified) or None
    return Distribution(
        name, version, headers.get("Requires-Python"), licence, headers.get("Summary")
    )
