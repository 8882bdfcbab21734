"""Everything that is shipped, with version, licence and licence texts, from the staged files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from ..plan import own_licence
from ..stage.places import Backend, StageProblem

TEXTS = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)", re.IGNORECASE)


@dataclass
class Part:
    """``purl``: package URL; ``beside``: where the licence text is, if not included here."""

    name: str
    version: str
    license: str
    purl: str
    texts: list[str] = field(default_factory=list)
    beside: str = ""
    hashes: list[str] = field(default_factory=list)


def everything(stage: Path, modules: Path) -> list[Part]:
    """``modules``: the folder that holds node_modules and its lock."""
    backend = Backend(stage / "backend")
    return [
        *_electron(modules),
        *_javascript(stage, modules),
        *_python(backend),
        *_packages(backend),
        *_vendored(backend),
    ]


def _electron(modules: Path) -> list[Part]:
    package = _json(modules / "node_modules" / "electron" / "package.json")
    return [
        Part(
            "Electron", package["version"], package["license"],
            f"pkg:npm/electron@{package['version']}",
            beside="Its licence and those of Chromium and Node are beside the app: "
                   "LICENSE.electron.txt and LICENSES.chromium.html.",
        )
    ]  # fmt: skip


def _javascript(stage: Path, modules: Path) -> list[Part]:
    """The npm packages that bundle.js reports as bundled."""
    lock = _json(modules / "package-lock.json")["packages"]
    parts = []
    for name in _json(stage / "bundled.json"):
        folder = modules / "node_modules" / name
        package = _json(folder / "package.json")
        parts.append(
            Part(
                name, package["version"], package.get("license", ""),
                f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
                _texts(folder) or _mit(package),
                hashes=[lock[f"node_modules/{name}"]["integrity"]],
            )
        )  # fmt: skip
    return parts


def _mit(package: dict[str, Any]) -> list[str]:
    """For a package that names only MIT and its author: the licence text is always the same."""
    author = package.get("author", "")
    name = author.get("name", "") if isinstance(author, dict) else author.partition(" <")[0]
    if package.get("license") != "MIT" or not name:
        return []
    # djdesk's own licence has the same text.
    text, found = re.subn(r"(?m)^Copyright .*$", f"Copyright (c) {name}", _read(own_licence()))
    return [text] if found == 1 else []


def _python(backend: Backend) -> list[Part]:
    version = _json(backend.manifest)["python"]
    texts = _texts(backend.library) or _texts(backend.home)
    return [Part("CPython", version, "PSF-2.0", f"pkg:generic/cpython@{version}", texts)]


def _packages(backend: Backend) -> list[Part]:
    parts = []
    for folder in sorted(backend.packages.glob("*.dist-info")):
        headers = HeaderParser().parsestr((folder / "METADATA").read_text("utf-8"))
        name, version = headers["Name"], headers["Version"]
        licence = headers.get("License-Expression") or headers.get("License") or ""
        if len(licence) > 80 or "\n" in licence:
            licence = ""
        if not licence:
            classified = [
                value.rpartition(" :: ")[2]
                for value in headers.get_all("Classifier") or []
                if value.startswith("License ::")
            ]
            licence = ", ".join(classified)
        texts = [text for place in (folder, folder / "licenses") for text in _texts(place)]
        if name == "djdesk":
            texts = [_read(own_licence())]
        plain = re.sub(r"[-_.]+", "-", name).lower()
        # The app developer's file for a package without a licence text.
        own = backend.app / "licences" / f"{plain}.txt"
        if not texts and own.is_file():
            texts = [_read(own)]
        said = "" if texts or not licence else _of_itself(headers, licence)
        if not texts and not licence and (folder / "RECORD").is_file():
            said = "It only depends on other packages, and has no files of its own."
        parts.append(Part(name, version, licence, f"pkg:pypi/{plain}@{version}", texts, said))
    if not parts:
        raise StageProblem(f"There are no packages in {backend.packages}.")
    return parts


def _of_itself(headers: Message, licence: str) -> str:
    """For a package without a licence text: what its metadata says."""
    lines = [
        f"It includes no licence text. Its metadata says: {licence}",
        *(f"{name}: {headers[name]}" for name in ("Author", "Author-email", "Home-page")
          if headers[name]),
        *(f"{url}" for url in headers.get_all("Project-URL") or []),
    ]  # fmt: skip
    return "\n".join(lines)


def _vendored(backend: Backend) -> list[Part]:
    """Vendored libraries of the app's pages, each with its licence file, which begins with a line
    such as ``d3-force 3.0.1 (ISC)`` or ``pypi/furo 2025.12.19 (MIT)``."""
    parts = []
    for file in sorted(backend.app.rglob("vendor/*.LICENSE.txt")):
        text = _read(file)
        for said, version, licence in re.findall(r"^(\S+) (\d\S*) \(([^)]+)\)$", text, re.M):
            own = text.partition(f"{said} {version} ({licence})")[2]
            kind, name = ("pypi", said[5:]) if said.startswith("pypi/") else ("npm", said)
            purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
            own = re.split(r"^\S+ \d\S* \([^)]+\)$", own, maxsplit=1, flags=re.M)[0].strip()
            parts.append(Part(name, version, licence, purl, [own]))
    return parts


def _texts(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [_read(f) for f in sorted(folder.iterdir()) if f.is_file() and TEXTS.match(f.name)]


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace").strip()


def _json(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))
