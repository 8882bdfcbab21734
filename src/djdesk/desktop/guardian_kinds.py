"""How each kind of installation is replaced and rolled back, for guardian.py."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from .guardian_files import aside_of, exchange, hash_of, read_json, remove, replace, second_name


class OneFile:
    """An AppImage, or the portable program for Windows: one file replaces another."""

    def __init__(self, journal: dict[str, Any]) -> None:
        self.journal = journal
        self.target = Path(journal["target"])
        self.new = self.target.with_name(f".{self.target.name}.new")
        self.previous = self.target.with_name(f".{self.target.name}.previous")

    def program(self, root: Path) -> Path:
        return root

    def is_new(self, root: Path) -> bool:
        """Whether it is the new version and complete."""
        artefact = self.journal["artefact"]
        try:
            return root.stat().st_size == artefact["size"] and hash_of(root) == artefact["sha512"]
        except OSError:
            return False

    def swap(self) -> None:
        """Rename the old version aside and put the new one in its place."""
        second_name(self.target, self.previous)
        replace(self.new, self.target)

    def finish(self) -> None:
        """Finish what a kill may have interrupted after the new version was in place."""

    def mend(self) -> None:
        """Make sure that something lies at the target, whenever the kill came."""

    def undo(self) -> None:
        second_name(self.previous, self.new)
        replace(self.new, self.target)

    def start(self, command: list[str], env: dict[str, str], cwd: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


class Folder(OneFile):
    """The folder of an unpacked tar.gz."""

    def about(self, root: Path) -> dict[str, Any]:
        return read_json(root / "resources" / "app.json")

    def program(self, root: Path) -> Path:
        return root / str(self.journal["program"])

    def is_new(self, root: Path) -> bool:
        return bool(self.about(root).get("version") == self.journal["to"])

    def swap(self) -> None:
        exchange(self.new, self.target)
        self.finish()

    def finish(self) -> None:
        self.carry_data(self.new)
        if self.new.exists():
            remove(self.previous)
            replace(self.new, self.previous)

    def mend(self) -> None:
        aside = aside_of(self.target)
        if aside.exists():
            replace(aside, self.new if self.target.exists() else self.target)

    def undo(self) -> None:
        if self.new.exists():  # killed before finish() completed
            self.finish()
        exchange(self.previous, self.target)
        self.carry_data(self.previous)

    def carry_data(self, left: Path) -> None:
        """Portable data move with the app. After a kill, the shell looks for them here
        (electron/backend/portable.js)."""
        for data in left.glob("* Data"):
            if (data / "updates").is_dir():
                data.rename(self.target / data.name)


class Bundle(Folder):
    """The .app bundle of macOS."""

    def about(self, root: Path) -> dict[str, Any]:
        return read_json(root / "Contents" / "Resources" / "app.json")

    def start(self, command: list[str], env: dict[str, str], cwd: Path) -> subprocess.Popen[bytes]:
        # -W: this process lives as long as the app does.
        words = ["/usr/bin/open", "-n", "-W", str(self.target), "--args", *command[1:]]
        return super().start(words, env, cwd)


class Installed(Folder):
    """A Windows installation: replaced by running the new installer, so that the registry entries
    stay right. The old version's folder is kept as a tree of hard links."""

    def finish(self) -> None:
        pass

    def mend(self) -> None:
        # A killed installer left something that is neither version.
        if self.previous.exists() and not self.is_new(self.target):
            self.undo()

    def swap(self) -> None:
        tree = aside_of(self.target)
        for left in (tree, self.previous):
            remove(left)
        shutil.copytree(self.target, tree, copy_function=lambda a, b: second_name(Path(a), Path(b)))
        replace(tree, self.previous)  # complete if it exists
        # /D must be the last argument, unquoted.
        done = subprocess.run(f'"{self.new}" /S --updated /D={self.target}', timeout=600)
        if done.returncode or not self.is_new(self.target):
            self.undo()
            raise OSError(f"the installer ended with {done.returncode}")

    def undo(self) -> None:
        remove(self.new)
        if self.target.exists():
            replace(self.target, self.new)
        replace(self.previous, self.target)


KINDS: dict[str, type[OneFile]] = {
    "appimage": OneFile,
    "portable": OneFile,
    "folder": Folder,
    "mac": Bundle,
    "nsis": Installed,
}
