"""The branch and commit that are checked out, read from the files in `.git`.

Git itself is not run: a repository can configure programs that git would start.
"""

from __future__ import annotations

import re
from pathlib import Path

from djdesk.projects.reading import read_text
from inspector.sections.scan import Git

HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
PACKED_LIMIT = 32 * 2**20  # bytes of packed-refs; a larger file is not read
DEEPEST = 5  # symbolic references followed


def checkout(folder: Path) -> Git | None:
    """``{"branch", "commit"}`` of the repository that contains ``folder``; None outside a
    repository.

    ``branch`` is empty for a detached HEAD, ``commit`` for a branch without commits. Both are empty
    if the files do not tell (reftable, a damaged repository).
    """
    for parent in (folder, *folder.parents):
        git = parent / ".git"
        if (found := _git_folder(git)) is not None:
            return _checkout(found)
        if git.is_file():  # a broken link: an outer repository would be a different one
            return {"branch": "", "commit": ""}
    return None


def _git_folder(git: Path) -> Path | None:
    """The folder that holds HEAD: ``.git`` itself, or the folder its one line names (worktree,
    submodule).
    """
    if git.is_file():
        kind, _, named = (read_text(git) or "").strip().partition(":")
        if kind != "gitdir" or not named.strip():
            return None
        git = git.parent / named.strip()
    return git if (git / "HEAD").is_file() else None


def _checkout(git: Path) -> Git:
    head = (read_text(git / "HEAD") or "").strip()
    if HASH.fullmatch(head):
        return {"branch": "", "commit": head}
    name = _named(head)
    branch = name.removeprefix("refs/heads/")
    # A reftable repository has this placeholder in HEAD; the real branch is elsewhere.
    if not name or branch == ".invalid":
        return {"branch": "", "commit": ""}
    return {"branch": branch, "commit": _commit(git, name)}


def _commit(git: Path, name: str) -> str:
    """The commit of a reference. A worktree has its own HEAD but shares the branches."""
    shared = (read_text(git / "commondir") or "").strip()
    places = [git, git / shared] if shared else [git]
    for _ in range(DEEPEST):
        found = _loose(places, name) or _packed(places[-1], name)
        if HASH.fullmatch(found):
            return found
        name = _named(found)
        if not name:
            break
    return ""


def _loose(places: list[Path], name: str) -> str:
    for place in places:
        if (text := read_text(place / name)) is not None:
            return text.strip()
    return ""


def _packed(place: Path, name: str) -> str:
    for line in (read_text(place / "packed-refs", PACKED_LIMIT) or "").splitlines():
        commit, _, named = line.partition(" ")
        if named == name:
            return commit
    return ""


def _named(text: str) -> str:
    """The target of ``ref: refs/…``; empty for anything else, or if it leads out of the folder."""
    kind, _, name = text.partition(": ")
    inside = name.startswith("refs/") and ".." not in name.split("/")
    return name if kind == "ref" and inside and name.isprintable() else ""
