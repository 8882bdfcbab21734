"""Read a TOML table key by key, with errors that name the line and the nearest valid key."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=""")
SIZE = re.compile(r"(\d+)\s*(B|kB|KB|MB|GB)?")
# Variables that control how programs and Python itself run.
RESERVED = {"PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LD_PRELOAD", "LD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES", "DJANGO_SETTINGS_MODULE"}  # fmt: skip
UNITS = {None: 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3}


class AppError(Exception):
    """An app's table is invalid. ``line`` counts from 1; 0 if no line is to blame."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        place = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{place}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Table:
    """One table of a TOML file; ``path`` is its position, such as ``("tool", "djdesk", "pages")``.

    ``number``: the index in an array of tables (``[[tool.djdesk.menu]]``).
    """

    def __init__(
        self, file: Path, text: str, path: tuple[str, ...], raw: Any, number: int | None = None
    ) -> None:
        self.file = file
        self.path = path
        self.number = number
        self._text = text
        value = raw
        for part in path:
            value = value.get(part, {}) if isinstance(value, dict) else {}
            if not isinstance(value, dict | list):
                raise AppError(file, self.line_of(""), f"{self._shown} must be a table.")
        if number is not None:
            value = value[number]
        if not isinstance(value, dict):
            raise AppError(file, self.line_of(""), f"{self._shown} must be a table.")
        self._raw = raw
        self._values: dict[str, Any] = value

    @property
    def _shown(self) -> str:
        return f"[{'.'.join(self.path)}]"

    def has(self, key: str) -> bool:
        return key in self._values

    def error(self, key: str, reason: str) -> AppError:
        """An AppError about ``key``, for the caller to raise."""
        return AppError(self.file, self.line_of(key), reason)

    def only(self, *known: str) -> None:
        """Refuse every key that is not among ``known``."""
        for key in self._values:
            if key in known:
                continue
            near = _nearest(key.replace("_", "-"), known)
            way = f"Did you mean “{near}”?" if near else f"There are: {', '.join(known)}."
            raise self.error(key, f"{self._shown} has no key “{key}”. {way}")

    def text(self, key: str, default: str, pattern: str = r"[^\n]*", wanted: str = "text") -> str:
        """One line of text that fully matches ``pattern``."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or (value != default and not re.fullmatch(pattern, value)):
            raise self._wrong(key, wanted)
        return value

    def texts(
        self, key: str, default: tuple[str, ...], pattern: str, wanted: str
    ) -> tuple[str, ...]:
        value = self._values.get(key, list(default))
        if not isinstance(value, list) or not all(
            isinstance(one, str) and re.fullmatch(pattern, one) for one in value
        ):
            raise self._wrong(key, f"a list, each one {wanted}")
        return tuple(value)

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        """One of ``known``; the first is the default."""
        value = self._values.get(key, known[0])
        if value not in known:
            raise self._not_among(key, value, known)
        return str(value)

    def choices(self, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        values = self.items(key)
        for value in values:
            if value not in known:
                raise self._not_among(key, value, known)
        return tuple(values)

    def items(self, key: str) -> list[Any]:
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return value

    def label(self, key: str) -> str | dict[str, str]:
        """A text, or one text per language."""
        value = self._values.get(key)
        texts: Iterable[Any] = value.values() if isinstance(value, dict) else [value]
        if not value or not all(isinstance(one, str) and one for one in texts):
            raise self._wrong(key, "a text, or one for each language: { en = “…”, de = “…” }")
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false if missing."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def size(self, key: str, default: int) -> int:
        """Bytes: a number, or a text such as “200 MB”."""
        value = self._values.get(key, default)
        match = SIZE.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
        if match is None or int(match[1]) == 0:
            raise self._wrong(key, "a size such as “200 MB”")
        return int(match[1]) * UNITS[match[2]]

    def lanes(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Lists of queue names; no queue twice."""
        value = self.items(key)
        seen: set[str] = set()
        for lane in value:
            if not isinstance(lane, list) or not lane or not all(isinstance(q, str) for q in lane):
                raise self._wrong(key, "a list of lists of queues, such as [[“default”], [“mail”]]")
            if twice := seen.intersection(lane):
                raise self.error(key, f"The queue “{twice.pop()}” is in two lanes.")
            seen.update(lane)
        return tuple(tuple(lane) for lane in value)

    def commands(self) -> dict[str, tuple[str, ...]]:
        """Keys are names, values management commands with their arguments."""
        found = {}
        for name, value in self._values.items():
            if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", name):
                raise self.error(name, f"“{name}” is not a process name: use a-z, 0-9 and -.")
            if name in ("shell", "server", "worker", "tasks"):
                raise self.error(
                    name, f"“{name}” is the name of one of the runtime's logs: choose another."
                )
            words = shlex.split(value) if isinstance(value, str) else value
            if not (
                isinstance(words, list) and words and all(isinstance(w, str) and w for w in words)
            ):
                raise self._wrong(name, "a management command, such as “run_huey”")
            found[name] = tuple(words)
        return found

    def builds(self) -> tuple[tuple[str, str], ...]:
        """Keys are folders, values a command or a list of them: (folder, command)."""
        found = []
        for folder, value in self._values.items():
            if folder.startswith("/") or "\\" in folder:
                raise self.error(folder, f"“{folder}” is not a folder of the project.")
            if folder.split("/").count("..") > 1:
                # Everything in between is copied.
                raise self.error(
                    folder, f"“{folder}” is too far from the project: at most one level up."
                )
            rows = [value] if isinstance(value, str) else value
            if not (
                isinstance(rows, list) and rows and all(isinstance(r, str) and r for r in rows)
            ):
                raise self._wrong(folder, "a command or a list of them, such as “npm run build”")
            found += [(folder, row) for row in rows]
        return tuple(found)

    def variables(self) -> dict[str, str]:
        """Keys are names of environment variables, values their text."""
        for name, value in self._values.items():
            if not re.fullmatch(r"[A-Za-z_]\w*", name):
                raise self.error(name, f"“{name}” is not a variable name: use A-Z, 0-9 and _.")
            if name.upper() in RESERVED or name.upper().startswith(("PYTHON", "DJDESK_")):
                raise self.error(name, f"{name} changes how programs run: no app may set it.")
            if not isinstance(value, str) or "\0" in value:
                raise self._wrong(name, "a text, such as “yes” or “12”")
        return dict(self._values)

    def table(self, key: str) -> Table:
        return Table(self.file, self._text, (*self.path, key), self._raw)

    def tables(self, key: str) -> list[Table]:
        path = (*self.path, key)
        return [
            Table(self.file, self._text, path, self._raw, n) for n, _ in enumerate(self.items(key))
        ]

    def line_of(self, key: str) -> int:
        """The line of ``key`` in this table, else of the table, else 0."""
        wanted = (*self.path, key) if key else self.path
        best, count = 0, -1
        header: tuple[str, ...] = ()
        for number, line in enumerate(self._text.splitlines(), 1):
            if match := HEADER.match(line):
                header = _parts(match[1])
                if header == self.path:
                    count += 1
                if wanted[: len(header)] == header and count in (-1, self.number or 0):
                    best = number
            elif (match := KEY.match(line)) and header == wanted[: len(header)]:
                whole = (*header, *_parts(match[1]))
                mine = self.number is None or header != self.path or count == self.number
                if mine and whole == wanted:
                    return number
                if mine and wanted[: len(whole)] == whole:
                    best = number
        return best

    def _wrong(self, key: str, wanted: str) -> AppError:
        value = self._values.get(key)
        return self.error(key, f"{key} is {value!r}; it must be {wanted}.")

    def _not_among(self, key: str, value: Any, known: tuple[str, ...]) -> AppError:
        near = _nearest(str(value), known)
        way = f"Did you mean “{near}”? " if near else ""
        return self.error(key, f"{key} cannot be {value!r}. {way}There are: {', '.join(known)}.")


def _nearest(word: str, known: tuple[str, ...]) -> str:
    """The known word that was probably meant, or ""."""
    import difflib  # only for an error: every start of an app reads a table

    return next(iter(difflib.get_close_matches(word, known, 1, 0.5)), "")


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
