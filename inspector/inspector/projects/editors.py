"""Opens a file in the user's editor, with an argument vector from our list or the user's own
command.

Opens only regular files inside a known project, and never through a shell.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from djdesk.messages import say

# key: (display name, argument vector); {file} is absolute, {line} is at least 1.
EDITORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "vscode": ("Visual Studio Code", ("code", "--goto", "{file}:{line}")),
    "vscodium": ("VSCodium", ("codium", "--goto", "{file}:{line}")),
    "cursor": ("Cursor", ("cursor", "--goto", "{file}:{line}")),
    "zed": ("Zed", ("zed", "{file}:{line}")),
    "pycharm": ("PyCharm", ("pycharm", "--line", "{line}", "{file}")),
    "sublime": ("Sublime Text", ("subl", "{file}:{line}")),
    "kate": ("Kate", ("kate", "--line", "{line}", "{file}")),
    "gedit": ("gedit", ("gedit", "+{line}", "{file}")),
    "emacs": ("Emacs (emacsclient)", ("emacsclient", "-n", "+{line}", "{file}")),
    "gvim": ("gVim", ("gvim", "+{line}", "{file}")),
    "textmate": ("TextMate", ("mate", "-l", "{line}", "{file}")),
    "xcode": ("Xcode", ("xed", "-l", "{line}", "{file}")),
    "notepad++": ("Notepad++", ("notepad++", "-n{line}", "{file}")),
}
# On macOS an editor's command is on PATH only if the user installed it from the editor.
BUNDLES: dict[str, str] = {
    "code": "Visual Studio Code.app/Contents/Resources/app/bin/code",
    "codium": "VSCodium.app/Contents/Resources/app/bin/codium",
    "cursor": "Cursor.app/Contents/Resources/app/bin/cursor",
    "zed": "Zed.app/Contents/MacOS/cli",
    "pycharm": "PyCharm.app/Contents/MacOS/pycharm",
    "subl": "Sublime Text.app/Contents/SharedSupport/bin/subl",
    "mate": "TextMate.app/Contents/MacOS/mate",
}
SHELLS = re.compile(
    r"^(ba|z|da|fi|k|c|tc|a)?sh$|^(cmd|powershell|pwsh|wscript|cscript|env|sudo|doas|xargs|nohup)$",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"\{(file|line)\}")
# Characters that are special to cmd.exe, which runs editors that start from a .cmd file.
CMD_SPECIAL = re.compile(r'["%&|<>^!\r\n]')


class CannotOpen(Exception):
    """Why a file was not opened, as a sentence."""


@dataclass(frozen=True)
class Editor:
    name: str
    argv: tuple[str, ...]

    def command(self, file: Path, line: int) -> list[str]:
        """The argument vector for one file. Raises CannotOpen when the program is missing."""
        values = {"file": str(file), "line": str(max(1, line))}
        program = shutil.which(self.argv[0]) or _in_bundle(self.argv[0])
        if program is None:
            raise CannotOpen(
                say(
                    "{program} was not found. Add it to the PATH, or choose another editor in the "
                    "preferences.",
                    program=self.argv[0],
                )
            )
        if sys.platform == "win32" and program.lower().endswith((".cmd", ".bat")):
            if CMD_SPECIAL.search(values["file"]):
                raise CannotOpen(
                    say("The name of this file has characters that cannot be passed on.")
                )
        # Replaced in one pass, so that a placeholder inside a file name is left alone.
        rest = [PLACEHOLDER.sub(lambda found: values[found[1]], part) for part in self.argv[1:]]
        return [program, *rest]


def _in_bundle(name: str) -> str | None:
    """Path of an editor's command inside its .app bundle; None on other systems."""
    if sys.platform != "darwin" or name not in BUNDLES:
        return None
    places = (Path("/Applications"), Path.home() / "Applications")
    return next((found for one in places if (found := shutil.which(one / BUNDLES[name]))), None)


def parse_command(text: str) -> tuple[str, ...]:
    """Parse the user's own command into an argument vector. Raises ValueError with a message."""
    try:
        argv = shlex.split(text, posix=os.name != "nt")
    except ValueError:
        raise ValueError(say("A quotation mark is not closed.")) from None
    argv = [part.strip('"') if os.name == "nt" else part for part in argv]
    if not argv:
        raise ValueError(
            say("Enter a command, such as: {example}", example="code --goto {file}:{line}")
        )
    program = argv[0]
    if PLACEHOLDER.search(program):
        raise ValueError(say("Begin with the program; it cannot be the file itself."))
    if SHELLS.match(Path(program).name.removesuffix(".exe")):
        name = Path(program).name
        raise ValueError(say("{name} runs other commands. Name the editor itself.", name=name))
    has_folder = "/" in program or "\\" in program
    if has_folder and not Path(program).is_absolute():
        raise ValueError(say("Enter the full path of the program, or only its name."))
    if not any("{file}" in part for part in argv[1:]):
        raise ValueError(
            say("Show where the file goes: write {placeholder} there.", placeholder="{file}")
        )
    return tuple(argv)


def chosen(key: str, command: str) -> Editor | None:
    """The editor from the preferences; None if none is set or it cannot be used."""
    if key in EDITORS:
        return Editor(*EDITORS[key])
    if key == "custom":
        try:
            argv = parse_command(command)
        except ValueError:
            return None
        return Editor(Path(argv[0]).stem, argv)
    return None


def inside(root: str, file: str) -> Path:
    """The real path of a file in this project. Raises CannotOpen for any other path."""
    if "\0" in file or len(file) > 4096:
        raise CannotOpen(say("That is not a file."))
    try:
        folder = Path(root).resolve(strict=True)
        path = (folder / file).resolve(strict=True)
    except (OSError, RuntimeError):
        raise CannotOpen(say("The file no longer exists. Scan again.")) from None
    if not path.is_relative_to(folder):
        raise CannotOpen(say("That file is outside this project, so only its path was copied."))
    if not path.is_file():
        raise CannotOpen(say("That is not a file."))
    return path


def open_file(editor: Editor, root: str, file: str, line: int) -> None:
    """Open one file of a project in the editor. Raises CannotOpen."""
    from ..run.launch import launch

    path = inside(root, file)
    failed = launch(editor.command(path, line), cwd=Path(root))
    if failed:
        raise CannotOpen(
            say("{name} could not be started: {reason}", name=editor.name, reason=failed)
        )
