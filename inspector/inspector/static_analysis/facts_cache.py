"""The cache between scans, one file per project.

Its lines: a hash of the rest; the version; then for each result ``[key, mark]``, a tab and the
value, all as JSON. Values are decoded on access and written back unchanged.

Facts about a file are stored under its path and the hash of its content. For results derived from
several files see `memo.py`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from djdesk import projects
from djdesk.messages import dumps, loads
from djdesk.projects.reading import read_bytes

# Bytes for all projects together; the least recently used are removed first.
TOTAL_LIMIT = 200 * 2**20
FILE_LIMIT = 64 * 2**20


def digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@functools.cache
def own_digest() -> str:
    """A hash of the code that creates facts: facts from another version of it are not used."""
    here = Path(__file__).parent
    whole = hashlib.blake2b(digest_size=16)
    reading = Path(projects.__file__).parent.rglob("*.py")
    for file in [*sorted(here.glob("*.py")), *sorted(reading)]:
        whole.update(file.read_bytes())
    return whole.hexdigest()


class FactsCache:
    """``get`` and ``put`` facts; ``save`` writes only what was used in this scan."""

    def __init__(self, folder: Path | None, root: Path) -> None:
        self.version = own_digest()
        self.reused = 0
        # {key: (mark, value as text)}
        self.known: dict[str, tuple[str, str]] = {}
        self.used: set[str] = set()
        self.fresh: dict[str, tuple[str, object]] = {}
        self.file: Path | None = None
        if folder is not None:
            name = hashlib.sha256(os.fsencode(root)).hexdigest()[:24]
            self.file = folder / f"{name}.jsonl"
            self._load()

    def _load(self) -> None:
        try:
            if self.file is None:
                return
            head, _, body = read_bytes(self.file, FILE_LIMIT).partition(b"\n")
            if head.decode("ascii", "replace") != digest(body):
                return
            version, *lines = body.decode().split("\n")
            if version != self.version:
                return
            for line in lines:
                pair, _, text = line.partition("\t")
                key, mark = json.loads(pair)
                self.known[key] = (mark, text)
        except (OSError, ValueError):
            self.known = {}  # the hash shows that the file is damaged: treat it as missing

    def _value(self, key: str, mark: str) -> Any:
        if key in self.fresh:
            kept, value = self.fresh[key]
            return value if kept == mark else None
        kept, text = self.known.get(key, ("", ""))
        return loads(text) if text and kept == mark else None

    def get(self, key: str, mark: str) -> Any:
        """The facts of a file with that content hash, or None."""
        value = self._value(key, mark)
        if value is not None:
            self.keep(key)
            self.reused += 1
        return value

    def result(self, key: str, mark: str) -> list[Any] | None:
        """A result derived from several files, such as ``[questions and answers, value]`` of a
        `Memo`. It counts as used only after `keep`.
        """
        made: list[Any] | None = self._value(key, mark)
        return made

    def keep(self, key: str) -> None:
        self.used.add(key)

    def marks(self, prefix: str) -> list[tuple[str, str]]:
        """Keys with this prefix and their marks, from earlier scans and this one."""
        both: dict[str, tuple[str, object]] = {**self.known, **self.fresh}
        return [(key, row[0]) for key, row in both.items() if key.startswith(prefix)]

    def put(self, key: str, mark: str, facts: object) -> None:
        self.fresh[key] = (mark, facts)

    def _lines(self) -> Iterator[str]:
        yield self.version
        for key in sorted((self.used & self.known.keys()) - self.fresh.keys()):
            mark, text = self.known[key]
            yield f"{json.dumps([key, mark])}\t{text}"
        for key, (mark, value) in self.fresh.items():
            # Source may hold constants that JSON cannot represent; results with
            # them are not stored.
            with contextlib.suppress(TypeError, ValueError):
                yield f"{json.dumps([key, mark])}\t{dumps(value, separators=(',', ':'))}"

    def save(self) -> None:
        if self.file is None:
            return
        if not self.fresh and self.used == self.known.keys():
            with contextlib.suppress(OSError):
                os.utime(self.file)
            return
        body = "\n".join(self._lines()).encode()
        if len(body) > FILE_LIMIT:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self.file.with_suffix(f".{os.getpid()}.tmp")
            fresh.write_bytes(digest(body).encode() + b"\n" + body)
            fresh.replace(self.file)
            prune(self.file.parent, TOTAL_LIMIT, keep=self.file)
        except OSError:
            return


def prune(folder: Path, limit: int, *, keep: Path | None = None) -> None:
    """Remove the oldest files of a flat folder until the rest fits ``limit`` bytes."""
    rows = []
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False):
            stat = entry.stat(follow_symlinks=False)
            rows.append((stat.st_mtime, stat.st_size, Path(entry.path)))
    total = sum(size for _, size, _ in rows)
    for _, size, file in sorted(rows):
        if total <= limit:
            return
        if file != keep:
            with contextlib.suppress(OSError):
                file.unlink()
                total -= size
