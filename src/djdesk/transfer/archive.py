"""The format of an export: a tar archive whose last member describes the expected content.

A tar can be written sequentially, resumed after a kill, and inspected with any system's own tools.
While it is written it is called ``FILE.part``, and ``FILE.part.journal`` has one line per member on
disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, TypedDict

from .problem import TransferProblem

LAST = "end.json"
CHUNK = 1 << 20  # bytes read at once
SYNC = 64 << 20  # bytes written before flushing to disk and updating the journal
_ROUND = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True)
class Entry:
    """A complete member: ``end`` is the offset of the next one, in bytes."""

    name: str
    size: int
    sha256: str
    end: int


class Changed(Exception):
    """A file was truncated while being read."""


class Content(TypedDict):
    """What the last member counts. ``missing``: files that were deleted during the export."""

    rows: int
    files: int
    missing: list[str]


class MembersSum(TypedDict):
    """Checksum of all members before the last one."""

    members: int
    sha256: str


class Summary(Content, MembersSum):
    """The last member."""


class Checksum:
    """Checksum of all members in order."""

    def __init__(self) -> None:
        self.count = 0
        self._digest = hashlib.sha256()

    def add(self, name: str, size: int, sha256: str) -> None:
        self.count += 1
        self._digest.update(f"{name}\0{size}\0{sha256}\n".encode("utf-8", "surrogateescape"))

    def as_dict(self) -> MembersSum:
        return {"members": self.count, "sha256": self._digest.hexdigest()}


class Writer:
    """``restored``: members left by an interrupted run, oldest first; ``begin`` discards them."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self._journal = self.part.with_name(f"{self.part.name}.journal")
        self.restored = self._restore()
        self._open()

    def begin(self) -> None:
        self._file.close()
        self._notes.close()
        self._journal.unlink()
        self.restored = []
        self._open()

    def _open(self) -> None:
        end = self.restored[-1].end if self.restored else 0
        self._file = self.part.open("r+b" if end else "w+b")
        # It contains everything that users have entered.
        self.part.chmod(0o600)
        self._file.truncate(end)
        self._file.seek(end)
        self._synced = end
        self._pending: list[Entry] = []
        self._sum = Checksum()
        for entry in self.restored:
            self._sum.add(entry.name, entry.size, entry.sha256)
        self._notes = self._journal.open("a" if end else "w", encoding="utf-8")

    def _restore(self) -> list[Entry]:
        try:
            size = self.part.stat().st_size
            lines = self._journal.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []
        found: list[Entry] = []
        for line in lines:
            try:
                entry = Entry(**json.loads(line))
            except (ValueError, TypeError):
                break  # the line interrupted by the kill
            if entry.end > size:
                break
            found.append(entry)
        # Rewritten, so that new lines start on a line of their own.
        kept = "".join(json.dumps(asdict(entry)) + "\n" for entry in found)
        self._journal.write_text(kept, encoding="utf-8")
        return found

    def read_json(self, name: str) -> Any:
        """Read a member of an interrupted run."""
        with tarfile.open(self.part, "r:") as tar:
            for member in tar:
                if member.name == name and (stream := tar.extractfile(member)):
                    return json.load(stream)
        raise KeyError(name)

    def add_bytes(self, name: str, data: bytes) -> None:
        self._file.write(_header(name, len(data)))
        self._file.write(data)
        self._complete(name, len(data), hashlib.sha256(data).hexdigest())

    def add_json(self, name: str, value: Any) -> None:
        self.add_bytes(name, json.dumps(value, indent=1, ensure_ascii=False).encode())

    def add_file(self, name: str, source: IO[bytes]) -> None:
        """Add the file at its present size. Raises Changed if it is truncated meanwhile; nothing is
        added then.
        """
        begin = self._file.tell()
        found = os.fstat(source.fileno())
        self._file.write(_header(name, found.st_size, int(found.st_mtime)))
        digest = hashlib.sha256()
        left = found.st_size
        while left:
            data = source.read(min(left, CHUNK))
            if not data:
                self._file.seek(begin)
                self._file.truncate()
                raise Changed(name)
            digest.update(data)
            self._file.write(data)
            left -= len(data)
        self._complete(name, found.st_size, digest.hexdigest())

    def _complete(self, name: str, size: int, sha256: str) -> None:
        self._file.write(b"\0" * (-size % _ROUND))
        self._sum.add(name, size, sha256)
        end = self._file.tell()
        self._pending.append(Entry(name, size, sha256, end))
        if end - self._synced >= SYNC:
            self.sync()

    def sync(self) -> None:
        """Flush to disk, so that an interrupted export resumes from here."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._synced = self._file.tell()
        for entry in self._pending:
            self._notes.write(json.dumps(asdict(entry)) + "\n")
        self._pending.clear()
        self._notes.flush()
        os.fsync(self._notes.fileno())

    def finish(self, about: Content) -> int:
        """Add the last member and rename the file; returns its size in bytes."""
        data = json.dumps({**about, **self._sum.as_dict()}).encode()
        self._file.write(_header(LAST, len(data)))
        self._file.write(data + b"\0" * (-len(data) % _ROUND))
        self._file.write(b"\0" * 2 * _ROUND)
        self._file.flush()
        os.fsync(self._file.fileno())
        size = self._file.tell()
        self.close()
        self.part.replace(self.target)
        self._journal.unlink(missing_ok=True)
        return size

    def close(self) -> None:
        self._file.close()
        self._notes.close()


def _header(name: str, size: int, modified: int = 0) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, modified, 0o600
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Each member with its content, in order. Raises TransferProblem for a damaged file."""
    try:
        with tarfile.open(path, "r:") as tar:
            while (member := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # it would keep all of them
                stream = tar.extractfile(member)
                if stream is None:
                    raise TransferProblem(f"{path} contains {member.name}, which is not a file.")
                yield member, stream
    except (tarfile.TarError, EOFError) as error:
        raise damaged(path, str(error)) from error


def check(path: Path) -> Summary:
    """Read everything and compare the checksums; returns the last member's content."""
    found = Checksum()
    for member, stream in members(path):
        if member.name == LAST:
            about: Summary = json.load(stream)
            if {key: about.get(key) for key in ("members", "sha256")} != found.as_dict():
                raise damaged(path, "its checksum does not match")
            return about
        digest = hashlib.sha256()
        while data := stream.read(CHUNK):
            digest.update(data)
        found.add(member.name, member.size, digest.hexdigest())
    raise damaged(path, "its end is missing")


def damaged(path: Path, why: str) -> TransferProblem:
    return TransferProblem(
        f"{path} is not an export of an app, or it is damaged: {why}.",
        "Copy it again, or export again.",
    )
