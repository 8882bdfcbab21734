"""The project's translation catalogues: source and compiled file of each."""

from __future__ import annotations

import struct
from pathlib import Path

from djdesk.messages import say
from djdesk.projects.code.tree import Tree
from djdesk.projects.discovery.ignored import Ignored
from djdesk.projects.reading import Unreadable, read_bytes
from djdesk.projects.redact import scrub
from inspector.sections.common import Problem
from inspector.sections.templates import Catalogue, Counted
from inspector.static_analysis import mofile, pofile
from inspector.static_analysis.apps import App
from inspector.static_analysis.facts_cache import FactsCache, digest

SIZE_LIMIT = 16 * 2**20  # bytes per file
MOST = 2_000  # catalogues per project
EXAMPLE = 80  # characters


class Catalogues:
    """``rows``: as in docs/snapshot.md, sorted by folder, language and domain. ``left_out``:
    number of omitted rows.
    """

    def __init__(self, tree: Tree, cache: FactsCache, apps: list[App], named: list[Path]) -> None:
        self.tree = tree
        self.cache = cache
        self.named = set(named)
        self.ignored = Ignored(tree.root)
        self.homes = {app.folder / "locale": app.label for app in apps if app.folder}
        self.rows: list[Catalogue] = []
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

    def _row(self, folder: Path, domain: str) -> Catalogue:
        home = folder.parent.parent
        app = self.homes.get(home)
        source, compiled = folder / f"{domain}.po", folder / f"{domain}.mo"
        po = self.tree.relative(source) if source.is_file() else None
        mo = self.tree.relative(compiled) if compiled.is_file() else None
        found = self._facts(source, compiled)
        row: Catalogue = {
            "domain": domain,
            "language": language(folder.parent.name),
            "folder": self.tree.relative(home),
            "app": app,
            # Whether Django uses any other folder depends on facts unknown here.
            "used": True if app is not None or home in self.named else None,
            "po": po,
            "mo": mo,
            "messages": found["messages"],
            "translated": found["translated"],
            "fuzzy": found["fuzzy"],
            "untranslated": found["untranslated"],
            "obsolete": found["obsolete"],
            "plural_forms": found["plural_forms"],
            "compiled": found["compiled"],
            "compiled_messages": found["compiled_messages"],
            "differing": found["differing"],
            "example": found["example"],
            "errors": [{**one, "file": po or mo} for one in found["errors"]],
        }
        if row["compiled"] in {"missing", "differs"} and compiled in self.ignored:
            row["ignored"] = True
        return row

    def _facts(self, source: Path, compiled: Path) -> Counted:
        """Facts about both files, cached by their content."""
        written, made = _bytes(source), _bytes(compiled)
        key = f"messages:{self.tree.relative(source)}"
        mark = f"{_mark(written)}:{_mark(made)}"
        found: Counted | None = self.cache.get(key, mark)
        if found is None:
            found = facts(written, made)
            self.cache.put(key, mark, found)
        return found


def facts(written: bytes | str | None, made: bytes | str | None) -> Counted:
    """Facts about both files, but not their names. None: no such file; a str: why it was not
    read.
    """
    row: Counted = {
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
        row["messages"], row["translated"] = source.messages, source.translated
        row["fuzzy"], row["untranslated"] = source.fuzzy, source.untranslated
        row["obsolete"], row["plural_forms"] = source.obsolete, source.plural_forms
        row["errors"] = [_problem(text, line) for text, line in source.errors]
    elif isinstance(written, str):
        row["errors"].append(_problem(written))
    if made is None:
        row["compiled"] = "missing"
    elif isinstance(made, str):
        row["errors"].append(_problem(made))
    else:
        _compiled(made, source, row, alone=written is None)
    return row


def _problem(text: str, line: int | None = None) -> Problem:
    return {"text": text, "file": None, "line": line}


def _compiled(made: bytes, source: pofile.PoFile | None, row: Counted, *, alone: bool) -> None:
    try:
        texts = mofile.read(made)
    except (OSError, ValueError, LookupError, TypeError, struct.error) as error:
        row["compiled"] = "unreadable"
        why = scrub(str(error)) or type(error).__name__
        row["errors"].append(_problem(say("The compiled file cannot be read: {why}", why=why)))
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
