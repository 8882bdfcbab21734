"""What is kept between scans, one file per project: a hash of the rest, then JSON.

Facts of a file are kept by its path and the hash of its content; see `memo.py` for results that
were made from several files.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from inspector.static_analysis.filefacts import Facts

# All projects together; the least recently used go first.
TOTAL_LIMIT = 200 * 2**20
FILE_LIMIT = 64 * 2**20


def digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def own_digest() -> str:
    """A hash of this package's source: facts of another version of it are not used."""
    here = Path(__file__).parent
    whole = hashlib.blake2b(digest_size=16)
    for file in sorted(here.glob("*.py")):
        whole.update(file.read_bytes())
    return whole.hexdigest()


class FactsCache:
    """``get`` and ``put`` facts; ``save`` writes what was used in this scan and nothing else."""

    def __init__(self, folder: Path | None, root: Path) -> None:
        self.version = own_digest()
        self.reused = 0
        self.known: dict[str, list[Any]] = {}
        self.used: dict[str, list[Any]] = {}
        self.changed = False
        self.file: Path | None = None
        if folder is not None:
            name = hashlib.sha256(os.fsencode(root)).hexdigest()[:24]
            self.file = folder / f"{name}.json"
            self._load()

    def _load(self) -> None:
        try:
            if self.file is None or self.file.stat().st_size > FILE_LIMIT:
                return
            head, _, body = self.file.read_bytes().partition(b"\n")
            if head.decode("ascii", "replace") != digest(body):
                return
            data = json.loads(body)
            if data["version"] == self.version and isinstance(data["files"], dict):
                self.known = data["files"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return  # a damaged cache is a missing one, and the hash tells

    def get(self, key: str, mark: str) -> Facts | None:
        row = self.known.get(key)
        if isinstance(row, list) and len(row) == 2 and row[0] == mark and isinstance(row[1], dict):
            self.used[key] = row
            self.reused += 1
            return row[1]
        return None

    def result(self, key: str, mark: str) -> list[Any] | None:
        """``[questions and answers, value]`` of a `Memo`; it counts as used only after `keep`."""
        row = self.known.get(key)
        if isinstance(row, list) and len(row) == 2 and row[0] == mark:
            pair = row[1]
            if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], dict):
                return pair
        return None

    def keep(self, key: str) -> None:
        self.used[key] = self.known[key]

    def rows(self, prefix: str) -> list[tuple[str, list[Any]]]:
        """What is known under keys that begin so, from earlier scans and from this one."""
        both = {**self.known, **self.used}
        return [(key, row) for key, row in both.items() if key.startswith(prefix)]

    def put(self, key: str, mark: str, facts: Facts | list[Any]) -> None:
        self.used[key] = [mark, facts]
        self.changed = True

    def _text(self) -> str:
        whole = {"version": self.version, "files": self.used}
        try:
            return json.dumps(whole, separators=(",", ":"))
        except (TypeError, ValueError):
            # Source may hold constants that JSON does not know; what is made of them is not kept.
            whole["files"] = {key: row for key, row in self.used.items() if _encodes(row)}
            return json.dumps(whole, separators=(",", ":"))

    def save(self) -> None:
        if self.file is None or not (self.changed or self.used.keys() != self.known.keys()):
            if self.file is not None:
                with contextlib.suppress(OSError):
                    os.utime(self.file)
            return
        text = self._text()
        if len(text) > FILE_LIMIT:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self.file.with_suffix(f".{os.getpid()}.tmp")
            body = text.encode()
            fresh.write_bytes(digest(body).encode() + b"\n" + body)
            fresh.replace(self.file)
            prune(self.file.parent, TOTAL_LIMIT, keep=self.file)
        except OSError:
            return


def _encodes(row: list[Any]) -> bool:
    try:
        json.dumps(row)
    except (TypeError, ValueError):
        return False
    return True


def prune(folder: Path, limit: int, *, keep: Path | None = None) -> None:
    """Remove the oldest files of a flat folder until the rest fits into ``limit`` bytes."""
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
