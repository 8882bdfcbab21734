"""Runs one command in a project's interpreter and keeps its output in a file that only grows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from djdesk.projects.redact import MASK, scrub, secret_name

from ..run.child import Child, Outcome, Piece
from ..run.hold import Hold
from ..run.sandbox import Sandbox
from ..run.scratch import Scratch, bytecode_cache

OUTPUT_LIMIT = 32 * 2**20  # bytes that are kept; the command goes on, what follows is dropped
DRAIN_LIMIT = 2**30  # bytes after which it is ended
FLUSH = 0.1  # seconds between two moments at which a page can see more
# One stream for both outputs, in their order; a last line without an end is ended. It stands in
# front of what is run: no shell, and nothing of the user's is part of this text.
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
# A letter that neither a test runner's line of dots nor a bar of progress has.
LETTER = re.compile(r"[^\W\d_EFXpsux]")
ASSIGNMENT = re.compile(r"^(\W*)([A-Za-z_]\w*)(\s*[=:]\s*)(?=\S)(.+)$")


@dataclass(frozen=True)
class Order:
    """``target`` is the path of manage.py, or a module with ``is_module``; paths are absolute.
    In the ``sandbox`` only the folders of ``writable`` can be written, besides our own; where it
    does not start, nothing is run."""

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
    """Run it to its end; raises OSError when the output cannot be written."""
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
            hold=Hold(sandbox, order.base, writable, (order.root, Path(order.python), *writable)),
        )
        size, truncated = keep(child, file)
    return Result(child.outcome, size, truncated)


def keep(child: Child, file: BinaryIO) -> tuple[int, bool]:
    """Write what the child says as it comes; how much was written, and whether that is all."""
    kept = _Kept(file)
    flushed = time.monotonic()
    for piece in child.pieces():
        if kept.truncated:
            continue
        kept.take(piece)
        # So that a page sees what there is, without a system call for every line.
        now = time.monotonic()
        if child.outcome.lines < 200 or not piece.ended or now - flushed > FLUSH:
            file.flush()
            flushed = now
    return kept.size, kept.truncated


class _Kept:
    """The file, which only grows, while what is known of its last line does too."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = 0
        self.truncated = False
        self._line = ""  # what the file has of the line that goes on

    def take(self, piece: Piece) -> None:
        text = hide(piece.text if piece.ended else _surely_whole(piece.text))
        if not piece.ended and self._line.startswith(text):
            return
        if text.startswith(self._line):
            self._write(text[len(self._line) :] + piece.end)
        else:
            # Only now is it seen that the line holds a secret: it is written over itself.
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
    """Without a last word that may be the first half of a secret. Dots and bars of progress and the
    space after a question are none."""
    word = text.replace("\t", " ").rpartition(" ")[2]
    return text[: len(text) - len(word)] if LETTER.search(word) else text


def asked_for_input(output: Path) -> bool:
    """Whether a traceback ends the output because standard input was read, which is empty."""
    with output.open("rb") as file:
        file.seek(max(0, output.stat().st_size - 500))
        lines = file.read().split()
    return b"EOFError:" in lines[-7:]


def hide(line: str) -> str:
    """The line without what looks like a secret: by its shape, or because of the name before it."""
    found = ASSIGNMENT.match(line)
    if found and secret_name(found[2]):
        return f"{found[1]}{found[2]}{found[3]}{MASK}"
    return scrub(line)
