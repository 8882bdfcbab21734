"""Hashes the state of the files that a scan reads, to compare it later."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..engine.git import checkout
from ..run.fingerprint import fingerprint

# Suffixes that a scan reads; a changed database or uploaded picture brings no new facts.
SUFFIXES = {
    ".cfg", ".env", ".htm", ".html", ".ini", ".j2", ".jinja", ".jinja2", ".lock", ".mo", ".po",
    ".py", ".pyi", ".toml", ".txt", ".yaml", ".yml",
}  # fmt: skip
NAMES = ("Pipfile", "Procfile", "Dockerfile", ".env", ".python-version")


def tree(root: Path) -> str:
    """A hash that changes with any file that a scan reads, and with the branch or commit."""
    whole = hashlib.blake2b(repr(checkout(root)).encode(), digest_size=16)
    for name, seen in sorted(fingerprint(root).items()):
        if _is_read(name):
            whole.update(f"{name}\0{seen}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def _is_read(name: str) -> bool:
    path = Path(name)
    return path.suffix in SUFFIXES or path.name.startswith(NAMES) or "templates" in path.parts[:-1]
