"""Reads the templates' source: extends and includes, and missing, unused or unclosed parts."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path

from djdesk.messages import say
from djdesk.projects.code.tree import SKIPPED, Tree
from djdesk.projects.reading import TooSlow, at_most, read_head
from inspector.sections.code import UrlName
from inspector.sections.common import Problem
from inspector.sections.templates import (
    BrokenTemplate,
    MissingTemplate,
    Template,
    TemplateEdge,
    TemplateEngine,
    TemplateName,
    UnusedTemplate,
)
from inspector.sections.templates import Templates as TemplatesSection
from inspector.static_analysis.apps import App
from inspector.static_analysis.facts_cache import digest
from inspector.static_analysis.files import TEST_FOLDERS, Files, Names
from inspector.static_analysis.template_dirs import TemplateDirs
from inspector.static_analysis.templatefacts import TEMPLATE
from inspector.static_analysis.templatetags import TemplateFacts, nothing, scan

NOT_TEMPLATES = (".py", ".pyc", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".woff", ".woff2", ".zip")
FILE_LIMIT = 20_000
SIZE_LIMIT = 2**20
SECONDS = 5  # per file; the largest accepted files take a tenth of that
# Templates that Django and well-known conventions look up by name, without being named in code.
BY_NAME = re.compile(
    r"^(4\d\d|500|403_csrf|base_site|robots)\.\w+$|^(admin|registration|django|rest_framework|account"
    r"|socialaccount|mfa|flatpages|sitemap|wagtailadmin|debug_toolbar|oscar)/|(^|/)widgets?/"
)
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
GENERIC = r"(_list|_detail|_form|_landing|_confirm_delete|_archive\w*)$"


class Templates:
    """Finds and reads the project's templates. ``facts``: {name: (file, facts)}; for each name, the
    file that Django would use.
    """

    def __init__(
        self, tree: Tree, files: Files, apps: list[App], dirs: TemplateDirs | None = None
    ) -> None:
        self.tree = tree
        self.dirs = dirs or TemplateDirs()
        self.files = files
        self.apps = apps
        self.found: dict[str, list[Path]] = {}
        self.facts: dict[str, tuple[Path, TemplateFacts]] = {}
        self.homes = {app.folder: app.label for app in apps if app.folder}
        self.owner: dict[Path, str | None] = {}
        self.folders = self._folders()
        for folder in self.folders:
            self._list(folder)
        for name, paths in self.found.items():
            if tree.origin(paths[0]) == "project":
                self.facts[name] = (paths[0], self._read(paths[0]))

    def _folders(self) -> list[Path]:
        """`DIRS` first (folders that belong to no app), then those of the apps in order."""
        of_apps = [
            app.folder / name for app in self.apps if app.folder for name in ("templates", "jinja2")
        ]
        loose = [
            folder
            for folder in self.tree.template_folders
            if folder not in of_apps
            and not _is_app(folder.parent)
            # Templates of a frontend program are not Django's.
            and "static" not in folder.relative_to(self.tree.root).parts
            and not self._of_tests(folder)
        ]
        every = dict.fromkeys([*self.dirs.folders, *loose, *of_apps])
        return [folder for folder in every if folder.is_dir()]

    def _of_tests(self, folder: Path) -> bool:
        """Whether the folder holds templates that belong to tests."""
        inside = folder.is_relative_to(self.tree.base) and self.tree.base != self.tree.root
        return not inside and bool(TEST_FOLDERS & set(folder.relative_to(self.tree.root).parts))

    def _list(self, folder: Path) -> None:
        cut = len(str(folder)) + 1
        inner = {str(one) for one in self.folders if one != folder}
        for path, below, files in os.walk(folder):
            # For a `DIRS` folder inside another, its templates have two names. Those of an app
            # inside are found by the app's own names only.
            below[:] = sorted(
                one
                for one in below
                if one != "node_modules"
                and (f"{path}{os.sep}{one}" not in inner or Path(path, one) in self.dirs.folders)
            )
            for file in sorted(files):
                if file.startswith(".") or file.lower().endswith(NOT_TEMPLATES):
                    continue
                if len(self.found) >= FILE_LIMIT:
                    return
                name = f"{path}{os.sep}{file}"[cut:].replace(os.sep, "/")
                self.found.setdefault(name, []).append(Path(path, file))

    def _read(self, file: Path) -> TemplateFacts:
        try:
            raw = read_head(file, SIZE_LIMIT)
        except OSError:
            raw = b""
        key, mark = f"template:{self.tree.relative(file)}", digest(raw)
        known: TemplateFacts | None = self.files.cache.get(key, mark)
        if known is None:
            try:
                with at_most(SECONDS):
                    known = scan(raw.decode("utf-8", "replace"))
            except TooSlow:
                known = nothing()
                words = say("it took longer than {n} seconds and was left out", n=SECONDS)
                known["broken"] = (words, 1)
            self.files.cache.put(key, mark, known)
        return known

    def url_names(self) -> list[UrlName]:
        """URL names that templates link to. When a project overrides a package's template,
        links that the package's own version has too are left out: whether it is ever rendered
        is up to the package.
        """
        rows: list[UrlName] = []
        for template, (file, facts) in self.facts.items():
            theirs = self._linked_by_packages(template) if facts["urls"] else set()
            for name, arguments, line, quiet in facts["urls"]:
                # `{% url … as x %}` may fail silently on purpose; another app may define the name
                if not quiet and name not in theirs:
                    rows.append(
                        {
                            "name": name,
                            "kind": "template",
                            "arguments": arguments,
                            "file": self.tree.relative(file),
                            "line": line,
                        }
                    )
        return rows

    def _linked_by_packages(self, template: str) -> set[str]:
        return {
            row[0]
            for path in self.found[template][1:]
            if self.tree.origin(path) != "project"
            for row in self._read(path)["urls"]
        }

    def section(
        self, names: Names, engines: list[TemplateEngine], *, complete: bool = True
    ) -> TemplatesSection:
        """The `templates` section. If not ``complete``, more apps may exist than are known."""
        edges: list[TemplateEdge] = []
        missing: list[MissingTemplate] = []
        broken: list[BrokenTemplate] = []
        all_known = (
            complete
            and self.dirs.complete
            and bool(self.apps)
            and all(app.folder for app in self.apps)
        )
        for name, (file, facts) in self.facts.items():
            shown = self.tree.relative(file)
            if facts["broken"]:
                text, line = facts["broken"]
                broken.append(
                    {"name": name, "file": shown, "line": line, "text": text, "origin": "project"}
                )
            for target, kind, line in facts["links"]:
                if target.startswith(("./", "../")):
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
                target = whole(target)
                edges.append(
                    {"source": name, "target": target, "kind": kind, "file": shown, "line": line}
                )
                if all_known and line not in facts["guarded"] and not self._there(target):
                    missing.append({"name": target, "kind": kind, "file": shown, "line": line})
        references, computed = self._references()
        if all_known:
            missing += self._missing_in_code()
        return {
            "engines": engines,
            "templates": [self._row(name, paths) for name, paths in self.found.items()],
            "checked": len(self.facts),
            "broken": broken,
            "shadowed": [
                {
                    "name": name,
                    "file": self.tree.relative(paths[0]),
                    "origin": self.tree.origin(paths[0]),
                    "hidden": [
                        {"file": self.tree.relative(one), "origin": self.tree.origin(one)}
                        for one in paths[1:]
                    ],
                }
                for name, paths in self.found.items()
                if len(paths) > 1
            ],
            "missing": missing,
            "edges": edges,
            "references": references,
            "unused": self._unused(names, edges, references, computed),
            "computed": computed,
            "guarded": [
                {"file": self.tree.relative(file), "line": line}
                for file, facts in self.facts.values()
                for line in facts["guarded"]
            ],
            "errors": [],
        }

    def _row(self, name: str, paths: list[Path]) -> Template:
        folder = paths[0].parent
        if folder not in self.owner:
            self.owner[folder] = next(
                (self.homes[one] for one in (folder, *folder.parents) if one in self.homes), None
            )
        app = self.owner[folder]
        return {
            "name": name,
            "file": self.tree.relative(paths[0]),
            "origin": self.tree.origin(paths[0]),
            "app": app,
        }

    def _references(self) -> tuple[list[TemplateName], list[Problem]]:
        references: list[TemplateName] = []
        computed: list[Problem] = []
        for row in self.files.rows:
            lines = dict(row.facts["rendered"])
            references += [
                {"name": whole(text), "file": row.relative, "line": lines.get(text)}
                for text in row.facts["templates"]
                if whole(text) in self.found or text in lines
            ]
            computed += [
                {"text": text, "file": row.relative, "line": line}
                for text, line in row.facts["computed"]
            ]
        for file, facts in self.facts.values():
            shown = self.tree.relative(file)
            computed += [
                {"text": text, "file": shown, "line": line} for text, line in facts["computed"]
            ]
        return references, computed

    def _missing_in_code(self) -> list[MissingTemplate]:
        return [
            {"name": whole(text), "kind": "code", "file": row.relative, "line": line}
            for row in self.files.rows
            if not row.test and not self._hidden(row.relative)
            for text, line in row.facts["rendered"]
            if not self._there(whole(text)) and not self._opened(whole(text))
        ]

    def _hidden(self, module: str) -> bool:
        """Whether a package of the same name is next to the module: Python imports that instead."""
        return (self.tree.root / module).with_suffix("").joinpath("__init__.py").is_file()

    def _opened(self, name: str) -> bool:
        """Whether such a file is next to the code or in a data folder, so that
        code opens it directly.
        """
        if self._files is None:
            self._files = set()
            for path, below, files in os.walk(self.tree.root):
                below[:] = [one for one in below if one not in SKIPPED and not one.startswith(".")]
                self._files.update(f"{path}{os.sep}{one}" for one in files if TEMPLATE.match(one))
        end = f"{os.sep}{name.replace('/', os.sep)}"
        return any(one.endswith(end) for one in self._files)

    _files: set[str] | None = None

    def _there(self, name: str) -> bool:
        """Whether it is in a folder of the engines, or among the form renderer's templates, which
        are always available.
        """
        return name in self.found or name.startswith("django/forms/")

    def _unused(
        self,
        names: Names,
        edges: list[TemplateEdge],
        references: list[TemplateName],
        computed: list[Problem],
    ) -> list[UnusedTemplate]:
        """Project templates that no code names or composes and no convention looks up."""
        used = {row["target"] for row in edges} | {row["name"] for row in references}
        used |= {name for _, facts in self.facts.values() for name in facts["used"]}
        # The same file may have another name through a `DIRS` folder inside another one.
        files = {path for name in used for path in self.found.get(name, [])[:1]}
        files |= {paths[0] for name, paths in self.found.items() if BY_NAME.search(name)}
        patterns = [
            re.compile(".*".join(map(re.escape, row["text"].split("*"))) + "$")
            for row in computed
            if "*" in row["text"] and len(row["text"].replace("*", "")) > 5
        ]
        # A template included by a variable could be any; so could a composed name of which little
        # more than the extension is known. Apps that were not found may have conventions of their
        # own, such as Wagtail's page templates.
        found = all(app.folder for app in self.apps)
        sure = (
            found
            and self.dirs.plain
            and all(
                "*" in row["text"] and len(re.sub(r"\.\w+$|\*", "", row["text"])) > 2
                for row in computed
            )
        )
        foreign = {
            part
            for app in self.apps
            if app.folder is None or self.tree.origin(app.folder / "x.py") != "project"
            for part in (app.label, app.name.partition(".")[0])
        }
        stems = {
            f"{row['app']}/{name}"
            for row in names.labels.values()
            # Names used by Django's generic views and by Wagtail's pages.
            for name in (row["name"].lower(), CAPITAL.sub("_", row["name"]).lower())
        }
        rows: list[UnusedTemplate] = []
        for name, (file, _) in self.facts.items():
            if name in used or file in files or BY_NAME.search(name) or len(self.found[name]) > 1:
                continue
            if name.partition("/")[0] in foreign or re.sub(GENERIC, "", _stem(name)) in stems:
                continue
            # Some are opened by path.
            path = f"/{self.tree.relative(file)}"
            if any(one.match(name) or one.search(path) for one in patterns):
                continue
            if Path(name).suffix not in {".html", ".htm", ".txt", ".xml", ".jinja", ".j2"}:
                continue
            if {"test", "tests", "testing"} & set(file.relative_to(self.tree.root).parts[:-1]):
                continue
            rows.append({"name": name, "file": self.tree.relative(file), "certain": sure})
        return rows


def whole(name: str) -> str:
    """The template that contains a partial: since Django 6.0 `page.html#part` is a
    part of `page.html`.

    Also normalizes a path through the parent folder, such as `../templates/page.html`.
    """
    return re.sub(r"^(?:\.\./[\w-]+/)+", "", name.partition("#")[0])


def _is_app(folder: Path) -> bool:
    """Whether it is an app that is not installed: Django does not find its templates."""
    return any(
        (folder / name).exists() for name in ("models.py", "apps.py", "models", "migrations")
    )


def _stem(name: str) -> str:
    return name.rpartition(".")[0]
