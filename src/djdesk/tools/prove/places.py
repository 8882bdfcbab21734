"""Find the source of something seen on a page: in the app's own files first, then in the packages
that it uses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

TEXTS = {".html", ".htm", ".txt", ".xml", ".svg", ".jinja", ".jinja2", ".j2", ".js", ".mjs", ".css",
         ".py"}  # fmt: skip
NEVER = {"node_modules", "__pycache__", "site-packages", "venv", "env", "tests", "migrations"}
LARGEST = 1 << 20  # bytes


class Places:
    """``root``: locations are relative to it. ``own``, ``packages``: folders to search."""

    def __init__(self, root: Path, own: Iterable[str], packages: Iterable[str]) -> None:
        self._root = root
        self._own = list(dict.fromkeys([str(root), *own]))
        self._packages = list(packages)
        self._texts: dict[str, list[tuple[Path, str]]] = {}

    def named(self, file: str, line: int = 0) -> str:
        """``shop/views.py:12``, relative to the project if the file is in it."""
        if not file:
            return ""
        path = Path(file)
        if path.is_relative_to(self._root):
            file = path.relative_to(self._root).as_posix()
        elif "site-packages" in path.parts:
            file = "/".join(path.parts[path.parts.index("site-packages") + 1 :])
        return f"{file}:{line}" if line else file

    def lines_of(self, where: str) -> tuple[str, int]:
        """The text of a Python file named by `named`, and the line; empty for other files."""
        name, _, line = where.rpartition(":")
        file = self._root / name
        if not name.endswith(".py") or not file.is_file():
            return "", 0
        return file.read_text(encoding="utf-8", errors="replace"), int(line)

    def of_text(self, *wanted: str) -> str:
        """Location of the first of the texts that is found, the app's own files first."""
        for folders in (self._own, self._packages):
            for text in filter(None, wanted):
                for path, content in self._files(folders):
                    at = content.find(text)
                    if at >= 0:
                        return self.named(str(path), content.count("\n", 0, at) + 1)
        return ""

    def of_url(self, url: str) -> str:
        """Location of a URL of another host: searched in full, without its query, and by host."""
        parts = urlsplit(url)
        bare = f"//{parts.netloc}{parts.path}"
        return self.of_text(url, bare, f"//{parts.netloc}{parts.path.rpartition('/')[0]}")

    def of_static(self, path: str, prefix: str) -> str:
        """Location of a URL below STATIC_URL or MEDIA_URL: searched in full, then by file name."""
        name = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", path)
        return self.of_text(path, name, name.removeprefix(prefix), f"/{name.rpartition('/')[2]}")

    def of_inline(self, sample: str) -> str:
        """Location of an inline script, style or handler, by its beginning."""
        lines = [line.strip() for line in sample.splitlines() if len(line.strip()) > 5]
        return self.of_text(*lines[:1], *(line[:24] for line in lines[:2]))

    def _files(self, folders: list[str]) -> Iterator[tuple[Path, str]]:
        for folder in folders:
            if folder not in self._texts:
                self._texts[folder] = list(_texts(Path(folder)))
            yield from self._texts[folder]


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Templates first: most of a page comes from there; scripts and Python only add to it."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NEVER and name[0] != ".")
        for name in sorted(names):
            path = Path(place) / name
            if path.suffix in TEXTS and path.stat().st_size < LARGEST:
                found.append(path)
    for path in sorted(
        found, key=lambda path: (path.suffix == ".py", path.suffix in {".js", ".css"})
    ):
        yield path, path.read_text(encoding="utf-8", errors="replace")
