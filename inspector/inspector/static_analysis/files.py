"""All files of a project with their facts and their apps. Parses each file at most once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from djdesk.messages import say
from djdesk.projects.code.environment import env_reads
from djdesk.projects.code.source import SIZE_LIMIT, Module, Unparsable
from djdesk.projects.code.tree import Tree
from djdesk.projects.reading import TooSlow, at_most, read_bytes
from inspector.sections.models import Model, Models
from inspector.static_analysis.apps import App
from inspector.static_analysis.facts_cache import FactsCache, digest
from inspector.static_analysis.filefacts import Facts, Visitor, empty
from inspector.static_analysis.places import definitions


@dataclass
class File:
    """``name``: dotted module name. ``app``: label of the project app it belongs to."""

    path: Path
    relative: str
    name: str
    facts: Facts
    app: str | None = None
    test: bool = False


SECONDS = 10  # per file; the largest accepted files take a tenth of that


class Files:
    """``rows``: every Python file of the project, in order."""

    def __init__(self, tree: Tree, cache: FactsCache) -> None:
        self.tree = tree
        self.cache = cache
        self.rows: list[File] = []

    def read(self, paths: list[Path]) -> None:
        for path in paths:
            self.tree.names[path] = self.tree.name_of(path)
        for path in paths:
            relative = self.tree.relative(path)
            facts = self.facts(path, relative)
            name = self.tree.names[path]
            self.rows.append(File(path, relative, name, facts, None, is_test(relative)))

    def facts(self, path: Path, key: str) -> Facts:
        try:
            mark = digest(read_bytes(path, SIZE_LIMIT))
        except (OSError, ValueError):
            mark = ""
        self.tree.marks[path] = mark
        known: Facts | None = self.cache.get(key, mark) if mark else None
        if known is not None:
            return known
        facts = empty()
        try:
            with at_most(SECONDS):
                read = self.tree.read(path)
                if isinstance(read, Unparsable):
                    facts["unparsable"] = (read.line, read.text, read.hint)
                else:
                    facts = self._made(read, key)
        except RecursionError:
            facts["unparsable"] = (None, say("too deeply nested"), "")
        except TooSlow:
            words = say("it took longer than {n} seconds and was left out", n=SECONDS)
            self.tree.by_file[path] = Unparsable(path, None, words)
            facts["unparsable"] = (None, words, "")
        if mark:
            self.cache.put(key, mark, facts)
        return facts

    def _made(self, read: Module, key: str) -> Facts:
        facts = Visitor(read).run()
        if not is_test(key):
            facts["env"] = env_reads(self.tree, read, loose=False)
            if "/migrations/" not in f"/{key}":
                facts["places"] = definitions(read.tree)
        return facts

    def claim(self, apps: list[App]) -> None:
        """Assign each file to an app: the one with the nearest enclosing folder."""
        # As strings, which is many times faster than with paths.
        owners = {str(app.folder): app.label for app in apps if app.folder}
        known: dict[str, str | None] = {}

        def owner(folder: str) -> str | None:
            if folder not in known:
                above = os.path.dirname(folder)  # noqa: PTH120
                known[folder] = owners.get(folder) or (owner(above) if above != folder else None)
            return known[folder]

        for row in self.rows:
            row.app = owner(os.path.dirname(row.path))  # noqa: PTH120

    def with_models(self) -> list[tuple[Path, str]]:
        """Files that could define a model, with their dotted names."""
        return [
            (row.path, row.name) for row in self.rows if row.facts["maybe_models"] and not row.test
        ]


TEST_FOLDERS = {"tests", "test", "testing", "unittests", "unit_tests", "functional_tests"}


def is_test(relative: str) -> bool:
    parts = relative.split("/")
    return (
        bool(TEST_FOLDERS & set(parts[:-1]))
        or parts[-1].startswith("test_")
        or parts[-1].endswith(("_test.py", "_tests.py"))
        or parts[-1] in {"tests.py", "conftest.py"}
    )


class Names:
    """Resolves dotted class names to model labels, through re-exports and star imports."""

    def __init__(self, tree: Tree, models: Models | None) -> None:
        self.tree = tree
        self.rows: dict[str, Model] = {}
        self.by_class: dict[str, list[Model]] = {}
        self.labels: dict[str, Model] = {}
        for row in models["models"] if models else ():
            self.rows[f"{row['module']}.{row['name']}"] = row
            self.by_class.setdefault(row["name"], []).append(row)
            self.labels[row["label"].lower()] = row

    def model(self, full: str | None, file: File | None = None) -> Model | None:
        """The model row for a dotted name, a label or a class name used in the file."""
        if not full:
            return None
        if found := self.rows.get(full) or self.labels.get(full.lower()):
            return found
        package, _, name = full.rpartition(".")
        rows = self.by_class.get(name, [])
        if not package and file is not None:
            # A name that may come from a star import.
            for star in file.facts["stars"]:
                if found := self.model(f"{star}.{name}"):
                    return found
            return None
        near = [row for row in rows if row["module"].startswith(package + ".")]
        if len(near) == 1:
            return near[0]
        if rows and (place := self.tree.find(full)):
            return self.rows.get(f"{place.module.name}.{place.name}")
        return None
