"""Which files git ignores: those of one machine, such as `settings_local.py`.

Git itself is not run: a repository can configure programs that git would start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from djdesk.projects.reading import read_bytes, read_text

DEEPEST = 40  # folders between a file and the top of its repository
LINES = 5000  # rules read per file
LONGEST = 250  # characters of a rule
STARS = 8  # a rule with more could take very long to match
INDEX_LIMIT = 64 * 2**20
PIECE = re.compile(r"/\*\*/|^\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]/]*\]|\\.|.", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    keeps: bool  # the line began with "!"
    folders: bool  # the line ended with "/"
    anchored: bool  # compared with the whole path, not with the last name


@dataclass
class Ignored:
    """The rules of the repository around ``root``; without one, of ``root`` itself."""

    root: Path
    # Files whose content an answer depends on.
    asked: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.root = self.root.absolute()
        around = [self.root, *self.root.parents][:DEEPEST]
        self.top = next((one for one in around if (one / ".git").exists()), self.root)
        self._rules: dict[Path, list[Rule]] = {}

    def __contains__(self, file: Path) -> bool:
        """Whether a rule covers the file, and the repository does not hold it all the same."""
        file = file.absolute()
        if not file.is_relative_to(self.top):
            return False
        parts = file.relative_to(self.top).parts
        if not 0 < len(parts) <= DEEPEST:
            return False
        # What is in an ignored folder cannot be taken back.
        covered = any(self._covers(parts[:count], len(parts)) for count in range(1, len(parts) + 1))
        return covered and not self._held("/".join(parts))

    def _covers(self, parts: tuple[str, ...], whole: int) -> bool:
        found = False
        for depth in range(len(parts)):
            folder = self.top.joinpath(*parts[:depth])
            path = "/".join(parts[depth:])
            for rule in self._of(folder):
                if rule.folders and len(parts) == whole:
                    continue
                if rule.pattern.fullmatch(path if rule.anchored else parts[-1]):
                    found = not rule.keeps
        return found

    def _of(self, folder: Path) -> list[Rule]:
        if folder not in self._rules:
            files = [folder / ".gitignore"]
            if folder == self.top:
                files.insert(0, folder / ".git" / "info" / "exclude")
            self.asked.update(files)
            lines = [line for file in files for line in (read_text(file) or "").splitlines()]
            self._rules[folder] = [one for line in lines[:LINES] if (one := rule_of(line))]
        return self._rules[folder]

    def _held(self, path: str) -> bool:
        """Whether the index lists it: someone added the file in spite of the rule."""
        git = self.top / ".git"
        if git.is_file():  # a worktree or a submodule
            git = git.parent / (read_text(git) or "").partition("gitdir:")[2].strip()
        self.asked.add(git / "index")
        try:
            data = read_bytes(git / "index", INDEX_LIMIT)
        except (OSError, ValueError):
            return False
        name = path.encode("utf-8", "surrogateescape")
        # Each name stands after flags whose last twelve bits are its length.
        return any(
            int.from_bytes(data[one.start() - 2 : one.start()]) & 0xFFF in (len(name), 0)
            for one in re.finditer(re.escape(name + b"\0"), data)
        )


def rule_of(line: str) -> Rule | None:
    """One line of a .gitignore; None for a comment, and for what cannot be matched quickly."""
    line = re.sub(r"(?<!\\)\s+$", "", line)
    if not line or line.startswith("#") or len(line) > LONGEST or line.count("*") > STARS:
        return None
    keeps = line.startswith("!")
    line = line[1:] if keeps else line
    folders = line.endswith("/")
    line = line.rstrip("/")
    anchored = "/" in line
    text = "".join(_translated(one[0]) for one in PIECE.finditer(line.removeprefix("/")))
    try:
        return Rule(re.compile(text, re.DOTALL), keeps, folders, anchored) if line else None
    except re.error:
        return None


def _translated(piece: str) -> str:
    if piece in ("**/", "/**/"):
        return ("/" if piece[0] == "/" else "") + "(?:.*/)?"
    if piece == "/**":
        return "/.+"
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and len(piece) > 1:
        inner = piece[1:-1].replace("\\", "\\\\")
        return f"[^{inner[1:]}]" if inner[:1] in ("!", "^") else f"[{inner}]"
    return re.escape(piece[1:] if piece.startswith("\\") and len(piece) > 1 else piece)
