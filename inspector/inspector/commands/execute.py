"""Runs one command in a project's interpreter and writes its output to an append-only file."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from djdesk.projects.redact import MASK, scrub, secret_name

from ..run.child import Child, Outcome, Piece
from ..run.containment import Containment
from ..run.sandbox import Sandbox
from ..run.scratch import Scratch, bytecode_cache

OUTPUT_LIMIT = 32 * 2**20  # bytes kept; the command may write more, which is dropped
DRAIN_LIMIT = 2**30  # bytes of output after which the command is ended
FLUSH = 0.1  # seconds between flushes, which is how soon a page sees new output
# Merges stdout and stderr so that their lines stay in order, and ends an unfinished last line. Runs
# before the command, without a shell; nothing from the user is part of this text.
BOOT = """\
import os, runpy, sys
os.dup2(1, 2)
kind, target, base = sys.argv[1:4]
sys.argv = [target, *sys.argv[4:]]
sys.path[0] = base
try:
    if kind == "path":
        runpy.run_path(target, run_name="__main__")
    else:
        runpy.run_module(target, run_name="__main__", alter_sys=True)
finally:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    os.write(1, b"\\n")
"""
# Matches a letter that occurs neither in a test runner's dots nor in a progress bar.
LETTER = re.compile(r"[^\W\d_EFXpsux]")
ASSIGNMENT = re.compile(r"^(\W*)([A-Za-z_]\w*)(\s*[=:]\s*)(?=\S)(.+)$")


@dataclass(frozen=True)
class Order:
    """``target`` is the path of manage.py, or a module name if ``is_module``. Paths are absolute.

    Inside the ``sandbox`` only the folders in ``writable``, and our own, can be written. If the
    sandbox does not start, nothing is run.
    """

    python: str
    target: str
    is_module: bool
    base: Path
    root: Path
    arguments: list[str]
    env: dict[str, str]
    time_limit: float
    sandbox: Sandbox | None = None
    network: bool = True
    writable: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    size: int
    truncated: bool


def execute(order: Order, output: Path, cancelled: Callable[[], bool]) -> Result:
    """Run the command to its end. Raises OSError when the output cannot be written."""
    kind = "module" if order.is_module else "path"
    argv = [order.python, "-u", "-X", "utf8", "-c", BOOT, kind, order.target, str(order.base)]
    bytecode = bytecode_cache(order.root)
    with Scratch() as scratch, output.open("wb") as file:
        writable = (scratch.path, *([bytecode] if bytecode else []), *order.writable)
        sandbox = replace(order.sandbox or Sandbox(), network=order.network)
        child = Child(
            [*argv, *order.arguments],
            cwd=order.base,
            env=scratch.environment(bytecode=bytecode) | order.env,
            stdin=b"",
            cancelled=cancelled,
            time_limit=order.time_limit,
            output_limit=DRAIN_LIMIT,
            containment=Containment(
                sandbox, order.base, writable, (order.root, Path(order.python), *writable)
            ),
        )
        size, truncated = keep(child, file)
    return Result(child.outcome, size, truncated)


def keep(child: Child, file: BinaryIO) -> tuple[int, bool]:
    """Write the child's output as it arrives. Returns the bytes written, and whether that is all of
    it.
    """
    kept = _Kept(file)
    flushed = time.monotonic()
    for piece in child.pieces():
        if kept.truncated:
            continue
        kept.take(piece)
        # Flush at intervals: pages see the output early, without a system call per line.
        now = time.monotonic()
        if child.outcome.lines < 200 or not piece.ended or now - flushed > FLUSH:
            file.flush()
            flushed = now
    return kept.size, kept.truncated


class _Kept:
    """An append-only file that can also overwrite its unfinished last line."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = 0
        self.truncated = False
        self._line = ""  # the part of the unfinished line that is already in the file

    def take(self, piece: Piece) -> None:
        text = hide(piece.text if piece.ended else _surely_whole(piece.text))
        if not piece.ended and self._line.startswith(text):
            return
        if text.startswith(self._line):
            self._write(text[len(self._line) :] + piece.end)
        else:
            # The line turned out to hold a secret after it was partly written: overwrite it.
            self._write("\r" + text + piece.end)
        self._line = "" if piece.ended else text

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        if self.size + len(data) > OUTPUT_LIMIT:
            self.truncated = True
            self.file.flush()
            return
        self.file.write(data)
        self.size += len(data)


def _surely_whole(text: str) -> str:
    """``text`` without a last word that could be the first half of a secret.

    Progress dots, progress bars and the space after a question are safe.
    """
    word = text.replace("\t", " ").rpartition(" ")[2]
    return text[: len(text) - len(word)] if LETTER.search(word) else text


def asked_for_input(output: Path) -> bool:
    """Whether the output ends in a traceback from reading standard input, which is empty."""
    with output.open("rb") as file:
        file.seek(max(0, output.stat().st_size - 500))
        lines = file.read().split()
    return b"EOFError:" in lines[-7:]


def hide(line: str) -> str:
    """Mask what looks like a secret in this line, by its shape or by the name before it."""
    found = ASSIGNMENT.match(line)
    if found and secret_name(found[2]):
        return f"{found[1]}{found[2]}{found[3]}{MASK}"
    return scrub(line)
