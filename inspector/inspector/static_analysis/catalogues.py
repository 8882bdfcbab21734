"""The project's translation catalogues: source and compiled file of each."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from djdesk.messages import say
from djdesk.projects.code.tree import Tree
from djdesk.projects.reading import Unreadable, read_bytes
from djdesk.projects.redact import scrub
from inspector.static_analysis import mofile, pofile
from inspector.static_analysis.apps import App
from inspector.static_analysis.facts_cache import FactsCache, digest

SIZE_LIMIT = 16 * 2**20  # bytes per file
MOST = 2_000  # catalogues per project
EXAMPLE = 80  # characters

Row = dict[str, Any]


class Catalogues:
    """``rows``: as in docs/snapshot.md, sorted by folder, language and domain. ``left_out``:
    number of omitted rows.
    """

    def __init__(self, tree: Tree, cache: FactsCache, apps: list[App], named: list[Path]) -> None:
        self.tree = tree
        self.cache = cache
        self.named = set(named)
        self.homes = {app.folder / "locale": app.label for app in apps if app.folder}
        self.rows: list[Row] = []
        self.left_out = 0
        for folder in sorted(tree.message_folders):
            if tree.origin(folder) == "project":
                self._folder(folder)

    def _folder(self, folder: Path) -> None:
        try:
            names = {one.stem for one in folder.iterdir() if one.suffix in {".po", ".mo"}}
        except OSError:
            return  # already listed as unreadable in the section `code`
        for domain in sorted(names):
            if len(self.rows) < MOST:
                self.rows.append(self._row(folder, domain))
            else:
                self.left_out += 1

    def _row(self, folder: Path, domain: str) -> Row:
        home = folder.parent.parent
        app = self.homes.get(home)
        source, compiled = folder / f"{domain}.po", folder / f"{domain}.mo"
        po = self.tree.relative(source) if source.is_file() else None
        mo = self.tree.relative(compiled) if compiled.is_file() else None
        found = self._facts(source, compiled)
        return {
            "domain": domain,
            "language": language(folder.parent.name),
            "folder": self.tree.relative(home),
            "app": app,
            # Whether Django uses any other folder depends on facts unknown here.
            "used": True if app is not None or home in self.named else None,
            "po": po,
            "mo": mo,
            **found,
            "errors": [{**one, "file": po or mo} for one in found["errors"]],
        }

    def _facts(self, source: Path, compiled: Path) -> Row:
        """Facts about both files, cached by their content."""
        written, made = _bytes(source), _bytes(compiled)
        key = f"messages:{self.tree.relative(source)}"
        mark = f"{_mark(written)}:{_mark(made)}"
        found: Row | None = self.cache.get(key, mark)
        if found is None:
            found = facts(written, made)
            self.cache.put(key, mark, found)
        return found


def facts(written: bytes | str | None, made: bytes | str | None) -> Row:
    """Facts about both files. None: the file does not exist; a str: why it was not read."""
    row: Row = {
        "messages": None,
        "translated": None,
        "fuzzy": None,
        "untranslated": None,
        "obsolete": None,
        "plural_forms": None,
        "compiled": None,
        "compiled_messages": None,
        "differing": 0,
        "example": None,
        "errors": [],
    }
    source = pofile.read(written) if isinstance(written, bytes) else None
    if source is not None:
        for key in ("messages", "translated", "fuzzy", "untranslated", "obsolete", "plural_forms"):
            row[key] = getattr(source, key)
        row["errors"] = [{"text": text, "line": line} for text, line in source.errors]
    elif written is not None:
        row["errors"].append({"text": written, "line": None})
    if made is None:
        row["compiled"] = "missing"
    elif isinstance(made, str):
        row["errors"].append({"text": made, "line": None})
    else:
        _compiled(made, source, row, alone=written is None)
    return row


def _compiled(made: bytes, source: pofile.PoFile | None, row: Row, *, alone: bool) -> None:
    try:
        texts = mofile.read(made)
    except (OSError, ValueError, LookupError, TypeError, struct.error) as error:
        row["compiled"] = "unreadable"
        why = scrub(str(error)) or type(error).__name__
        text = say("The compiled file cannot be read: {why}", why=why)
        row["errors"].append({"text": text, "line": None})
        return
    row["compiled_messages"] = len(texts)
    if source is not None:
        difference = mofile.compare(source, texts)
        row["compiled"] = "differs" if difference.count else "same"
        row["differing"] = difference.count
        if difference.example is not None:
            example = scrub(" ".join(difference.example.split()))
            row["example"] = example[:EXAMPLE] + "…" * (len(example) > EXAMPLE)
    elif alone:
        row["compiled"] = "only"


def language(locale: str) -> str:
    """The language code for a folder name, as Django's `to_language`: ``pt_BR`` becomes pt-br."""
    return locale.replace("_", "-").lower()


def _bytes(file: Path) -> bytes | str | None:
    """The content; None if there is no file; a str that says why it was not read."""
    try:
        if not file.is_file():
            return None
        return read_bytes(file, SIZE_LIMIT)
    except Unreadable:
        return say("{file} is larger than {n} MB and was not read.", file=file.name, n=16)
    except OSError as error:
        why = error.strerror or str(error)
        return say("{file} cannot be read: {why}", file=file.name, why=why)


def _mark(content: bytes | str | None) -> str:
    return digest(content) if isinstance(content, bytes) else content or ""
