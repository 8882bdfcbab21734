"""Paths in the checkout and in a staged backend."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

PYTHON_VERSION_FILE = Path(__file__).with_name("python-version")
WINDOWS = sys.platform == "win32"
# How the staged interpreter is run: isolated from the environment, and without writing byte code.
RUN = ("-I", "-B", "-X", "utf8")


class StageProblem(Exception):
    """Staging cannot continue. ``hint`` says what to do about it."""

    def __init__(self, reason: str, hint: str = "", detail: str = "") -> None:
        super().__init__(reason)
        self.hint = hint
        self.detail = detail


def pinned_python() -> str:
    """The Python version that is shipped, such as ``3.13.9``."""
    return PYTHON_VERSION_FILE.read_text(encoding="ascii").strip()


@dataclass(frozen=True, slots=True)
class Backend:
    """The parts of a staged backend."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "python"

    @property
    def python(self) -> Path:
        return self.home / "python.exe" if WINDOWS else self.home / "bin" / "python3"

    @property
    def library(self) -> Path:
        """The standard library."""
        if WINDOWS:
            return self.home / "Lib"
        found = sorted((self.home / "lib").glob("python3.*"))
        if len(found) != 1:
            raise StageProblem(
                f"{self.home / 'lib'} does not contain exactly one standard library."
            )
        return found[0]

    @property
    def packages(self) -> Path:
        return self.library / "site-packages"

    @property
    def app(self) -> Path:
        return self.root / "app"

    @property
    def manifest(self) -> Path:
        return self.root / "manifest.json"


def environment(**extra: str) -> dict[str, str]:
    """The caller's environment without variables that affect Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("PYTHON", "DJANGO_", "VIRTUAL_ENV", "DJDESK_DATA"))
    }
    return kept | extra
