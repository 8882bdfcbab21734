"""How this project is started, and with which settings module: the evidence in its files.

Uses neither Django nor anything else here except file reading, so other programs may use it to find
out how a project is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from djdesk.projects.discovery.settings_names import in_configuration, in_python
from djdesk.projects.discovery.walk import folders
from djdesk.projects.reading import read_text

DEPTH = 3
# Kinds of files by how much they say about running the project in development, strongest first.
RANKS = ("manage", "env", "editor", "compose", "web", "container", "types", "ci", "tests")
ASSIGNED = re.compile(
    r"DJANGO_SETTINGS_MODULE['\"]?\s*(?:[:=,]\s*|\s+)['\"]?([A-Za-z_]\w*(?:\.\w+)*)"
)
OPTION = re.compile(r"(?:--settings|--ds|-s)[= ]['\"]?([A-Za-z_]\w*(?:\.\w+)+)")
LINE = re.compile(r"^[ \t]*(?:export\s+)?DJANGO_SETTINGS_MODULE\s*=\s*['\"]?([\w.]+)", re.MULTILINE)
ENV = re.compile(r"^\.?env(\.\w+)?$|^\.(envrc|flaskenv|env\.[\w.-]+)$", re.IGNORECASE)
EXAMPLE = re.compile(r"example|sample|dist|template|tmpl", re.IGNORECASE)
FILES = [
    ("compose", re.compile(r"^(docker-)?compose[\w.-]*\.ya?ml$")),
    (
        "container",
        re.compile(r"^(.*\.)?Dockerfile[\w.-]*$|^Containerfile$|\.dockerfile$", re.IGNORECASE),
    ),
    ("container", re.compile(r"^(Procfile[\w.]*|app\.json|fly\.toml|render\.yaml|app\.yaml)$")),
    (
        "ci",
        re.compile(
            r"^(\.gitlab-ci|\.travis|azure-pipelines|bitbucket-pipelines)\.ya?ml$|^Jenkinsfile$"
        ),
    ),
    ("ci", re.compile(r"^(Makefile|justfile|noxfile\.py|tasks\.py|package\.json)$")),
]
# In folders that are skipped otherwise.
WORKFLOWS = ((".github/workflows/*.y*ml", "ci"), (".circleci/config.yml", "ci"))


@dataclass(frozen=True)
class Launcher:
    """``kind``: one of `RANKS`; ``line``: where ``file`` names ``module``; ``loads_env``: it first
    reads a `.env` file, which then takes precedence."""

    module: str
    file: Path
    line: int | None
    kind: str
    loads_env: bool = False

    @property
    def rank(self) -> int:
        return RANKS.index(self.kind)


def find_launchers(root: Path, base: Path | None = None) -> list[Launcher]:
    """Everything in ``root`` that names a settings module, strongest evidence first."""
    found: list[Launcher] = []
    for folder, names in folders(root, DEPTH):
        for name in names:
            found += _in_file(folder / name, folder, root)
    for folder in dict.fromkeys(one for one in (base, root) if one):
        found += _in_configuration(folder)
    found += _hidden(root)
    unique = {(one.module, one.file): one for one in reversed(found)}
    rows = sorted(unique.values(), key=lambda one: (len(one.file.parts), one.file.as_posix()))
    loads = any(one.loads_env for one in rows)
    # A variable file that manage.py loads first takes precedence.
    return sorted(rows, key=lambda one: -1 if loads and one.kind == "env" else one.rank)


def _in_file(file: Path, folder: Path, root: Path) -> Iterator[Launcher]:
    name = file.name
    if name.endswith(".py") or (folder.name in {"bin", "scripts"} and "." not in name):
        text = read_text(file) or ""
        if "execute_from_command_line" in text and not _example_project(file, root):
            loads = bool(re.search(r"load_dotenv|read_dotenv|read_env\b", text))
            for module in in_python(file):
                yield Launcher(module, file, _line(text, module), "manage", loads)
        elif name in {"wsgi.py", "asgi.py"} and not _example_project(file, root):
            for module in in_python(file):
                yield Launcher(module, file, _line(text, module), "web")
    elif ENV.match(name) and not EXAMPLE.search(name):
        # Such a file holds secrets: only this one line is searched.
        text = read_text(file, 256 * 1024) or ""
        for found in LINE.finditer(text):
            yield Launcher(found[1], file, _line(text, found[0].strip()), "env")
    kind = next((kind for kind, pattern in FILES if pattern.search(name)), None)
    if kind:
        yield from _named_in(file, kind)


def _hidden(root: Path) -> Iterator[Launcher]:
    """Folders to skip in a project."""
    for pattern, kind in (
        *WORKFLOWS,
        (".vscode/settings.json", "editor"),
        (".vscode/launch.json", "editor"),
        (".idea/*.xml", "editor"),
        (".idea/runConfigurations/*.xml", "editor"),
    ):
        for file in sorted(root.glob(pattern))[:20]:
            yield from _named_in(file, kind)


def _named_in(file: Path, kind: str) -> Iterator[Launcher]:
    text = read_text(file) or ""
    if file.suffix == ".xml":
        text = text.replace('name="DJANGO_SETTINGS_MODULE" value=', "DJANGO_SETTINGS_MODULE=")
    for pattern in (ASSIGNED, OPTION):
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Launcher(found[1], file, line, kind)


def _in_configuration(folder: Path) -> Iterator[Launcher]:
    for module, source in in_configuration(folder):
        file = folder / source.partition(" ")[0]
        kind = "types" if "stubs" in source or file.name == "mypy.ini" else "tests"
        yield Launcher(module, file, _line(read_text(file) or "", module), kind)


def _example_project(file: Path, root: Path) -> bool:
    parts = set(file.relative_to(root).parts[:-1])
    return bool({"tests", "test", "testing", "example", "examples"} & parts)


def _line(text: str, wanted: str) -> int | None:
    at = text.find(wanted)
    return None if at < 0 else text.count("\n", 0, at) + 1
