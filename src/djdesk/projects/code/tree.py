# ruff: noqa: PTH120 - os.path on purpose: links must not be resolved
"""The files of a project and the modules reachable from it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from djdesk.projects.code.source import Module, Unparsable, parse

Origin = Literal["project", "third-party", "django", "stdlib", "outside"]
SKIPPED = {
    "node_modules",
    "bower_components",
    "__pycache__",
    "site-packages",
    "dist-packages",
    "htmlcov",
}
FILE_LIMIT = 30_000


def stamp(path: Path) -> str:
    """A value that changes with the file: size, modification time, inode. Empty if there is no
    file.
    """
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"


def _within(text: str, folder: Path) -> bool:
    """As `Path.is_relative_to`, but many times faster."""
    start = str(folder)
    return text == start or text.startswith(start.rstrip(os.sep) + os.sep)


@dataclass(frozen=True)
class Place:
    """A class, function or value: its module and its name there."""

    module: Module
    name: str


@dataclass
class Tree:
    """Finds modules by dotted name in the project, then in the interpreter's packages."""

    root: Path
    base: Path
    packages: list[Path]
    modules: dict[str, Module | None] = field(default_factory=dict)
    by_file: dict[Path, Module | Unparsable] = field(default_factory=dict)
    truncated: bool = False
    # Unreadable folders, with the system's reason.
    unreadable: list[tuple[Path, str]] = field(default_factory=list)
    template_folders: list[Path] = field(default_factory=list)
    # `LC_MESSAGES` folders: one per language and catalogue.
    message_folders: list[Path] = field(default_factory=list)
    vendored: list[Path] = field(default_factory=list)
    # Dotted names of the project's files, and hashes of their content.
    names: dict[Path, str] = field(default_factory=dict)
    marks: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        roots = [self.base, self.root, self.root / "src", self.base / "apps", self.root / "apps"]
        self._root_start = str(self.root).rstrip(os.sep) + os.sep
        self.own = [folder for folder in dict.fromkeys(roots) if folder.is_dir()]
        self.foreign = [folder for folder in self.packages if folder.is_dir()]
        # Django's own abstract models (AbstractUser) can be read from the app's Django if the
        # project's interpreter is missing.
        spec = importlib.util.find_spec("django")
        self.fallback = [Path(spec.origin).parent.parent] if spec and spec.origin else []

    def project_files(self) -> list[Path]:
        """Every Python file of the project, except virtual environments and caches."""
        if self._files is not None:
            return self._files
        found = self._files = []
        stack = [self.root]
        while stack:
            folder = stack.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                self.unreadable.append((folder, error.strerror or str(error)))
                continue
            names = {entry.name for entry in entries}
            if folder != self.root and ("pyvenv.cfg" in names or "conda-meta" in names):
                continue
            if "django" in names and (folder / "django" / "apps" / "registry.py").is_file():
                # Vendored libraries: read on demand, like an environment's.
                self.vendored.append(folder)
                self.foreign.append(folder)
                continue
            for entry in entries:
                if entry.is_junction():
                    continue  # a symbolic link to a folder may lead back up
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED and not entry.name.startswith("."):
                        stack.append(Path(entry.path))
                        if entry.name in {"templates", "jinja2"}:
                            self.template_folders.append(Path(entry.path))
                        elif entry.name == "LC_MESSAGES":
                            self.message_folders.append(Path(entry.path))
                elif entry.name.endswith(".py") and entry.is_file(follow_symlinks=False):
                    if len(found) >= FILE_LIMIT:
                        self.truncated = True
                        return found
                    found.append(Path(entry.path))
        return found

    def name_of(self, file: Path) -> str:
        """The dotted name under which a project file is imported."""
        text = str(file)
        for start in self._starts():
            if text.startswith(start):
                inner = os.path.splitext(text[len(start) :])[0]  # noqa: PTH122 - many files
                parts = inner.replace(os.sep, "/").split("/")
                if parts[-1] == "__init__":
                    parts.pop()
                return ".".join(parts)
        return file.stem

    def _starts(self) -> list[str]:
        """The roots that names are relative to, innermost first."""
        if self._roots is None:
            self._roots = []
            for root in sorted(self.own, key=lambda folder: -len(folder.parts)):
                # `apps/` and `src/` are roots only if they are not packages themselves.
                if str(root) not in self._extra_roots and (
                    root.name == "apps"
                    or ((root / "__init__.py").exists() and root not in (self.base, self.root))
                ):
                    continue
                self._roots.append(str(root).rstrip(os.sep) + os.sep)
        return self._roots

    _extra_roots: set[str] = field(default_factory=set)
    _files: list[Path] | None = None
    _roots: list[str] | None = None
    _origins: dict[Path, Origin] = field(default_factory=dict)
    _located: dict[str, Path | None] = field(default_factory=dict)
    _firsts: dict[Path, set[str]] = field(default_factory=dict)
    _frames: list[dict[str, str]] = field(default_factory=list)
    _answers: dict[str, str] = field(default_factory=dict)

    def add_root(self, folder: Path) -> None:
        """Add a folder that manage.py or the settings put on sys.path."""
        self._extra_roots.add(str(folder))
        self._located.clear()
        self._roots = None
        if folder.is_dir() and folder not in self.own:
            self.own.append(folder)

    def read(self, file: Path, name: str | None = None) -> Module | Unparsable:
        if self._frames:
            self.note(f"file:{file}")
        if file not in self.by_file:
            # A project file has one name, whoever asks for it first.
            name = self.names.get(file, name)
            self.by_file[file] = parse(file, name if name is not None else self.name_of(file))
        return self.by_file[file]

    def locate(self, name: str) -> Path | None:
        """The file of a module or package by dotted name, or None."""
        if name not in self._located:
            self._located[name] = self._locate(name)
        found = self._located[name]
        if self._frames:
            self._frames[-1][f"module:{name}"] = "" if found is None else str(found)
        return found

    def _locate(self, name: str) -> Path | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        roots = [*self.own, *self.foreign]
        if parts[0] == "django":
            roots += self.fallback
        relative = os.path.join(*parts)  # noqa: PTH118 - asked for all day
        for root in roots:
            if parts[0] not in self._first_names(root):
                continue
            start = os.path.join(root, relative)  # noqa: PTH118
            for file in (os.path.join(start, "__init__.py"), f"{start}.py"):  # noqa: PTH118
                if os.path.isfile(file):  # noqa: PTH113
                    return Path(file)
        return None

    def _first_names(self, root: Path) -> set[str]:
        """Possible first components of dotted names in a folder: most occur in only one."""
        if root not in self._firsts:
            try:
                names = os.listdir(root)  # noqa: PTH208
            except OSError:
                names = []
            self._firsts[root] = {name.removesuffix(".py") for name in names}
        return self._firsts[root]

    def folder_of(self, name: str) -> Path | None:
        """The folder of a package, including namespace packages."""
        found = self._folder_of(name)
        if self._frames:
            self._frames[-1][f"folder:{name}"] = str(found or "")
        return found

    def _folder_of(self, name: str) -> Path | None:
        file = self.locate(name)
        if file:
            return file.parent if file.name == "__init__.py" else None
        relative = Path(*name.split("."))
        for root in [*self.own, *self.foreign]:
            if (root / relative).is_dir():
                return root / relative
        return None

    def module(self, name: str) -> Module | None:
        if name in self.modules:
            if self._frames and (file := self.locate(name)):
                self.note(f"file:{file}")
        else:
            self.modules[name] = None  # stops import cycles
            file = self.locate(name)
            found = self.read(file, name) if file else None
            self.modules[name] = found if isinstance(found, Module) else None
        return self.modules[name]

    def unreadable_module(self, name: str) -> Unparsable | None:
        """The file of an existing module that cannot be parsed, with the reason."""
        file = self.locate(name)
        found = self.read(file, name) if file else None
        return found if isinstance(found, Unparsable) else None

    def qualify(self, module: Module, name: str) -> str:
        """The full dotted name of an expression such as ``models.CharField`` in a module."""
        head, _, rest = name.partition(".")
        if head in module.imports:
            full = module.imports[head]
        elif head in module.classes or head in module.functions or head in module.assigned:
            full = f"{module.name}.{head}"
        else:
            for star in module.stars:
                source = self.module(star)
                if source and self._exports(source, head, 0):
                    full = f"{star}.{head}"
                    break
                if source is None and star.startswith("django.db.models"):
                    full = f"{star}.{head}"
                    break
            else:
                full = head
        return f"{full}.{rest}" if rest else full

    def _exports(self, module: Module, name: str, depth: int) -> bool:
        if (
            name in module.classes
            or name in module.functions
            or name in module.assigned
            or name in module.imports
        ):
            return True
        if depth > 8:
            return False
        return any(
            self._exports(source, name, depth + 1)
            for star in module.stars
            if (source := self.module(star))
        )

    def find(self, full: str, depth: int = 0) -> Place | None:
        """Where ``package.module.Name`` is really defined, following re-exports."""
        if depth > 12 or "." not in full:
            return None
        parts = full.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self.module(".".join(parts[:cut]))
            if module is None:
                continue
            name, rest = parts[cut], parts[cut + 1 :]
            if name in module.classes or name in module.functions:
                return Place(module, ".".join([name, *rest]))
            if name in module.imports:
                target = ".".join([module.imports[name], *rest])
                if target != full:
                    return self.find(target, depth + 1)
            for star in module.stars:
                if place := self.find(".".join([star, name, *rest]), depth + 1):
                    return place
            if name in module.assigned:
                return Place(module, name)
            return None
        return None

    def models_of(self, folder: Path) -> list[Path]:
        """The files of an app's models module or package."""
        if self._frames:
            self.note(f"models:{folder}")
        rows = (folder / "models.py", *sorted((folder / "models").rglob("*.py")))
        return [file for file in rows if file.is_file()]

    # ---- what a result depends on

    # Equal to no later answer: what was found on the way depends on the order.
    UNSURE = "?"

    @contextlib.contextmanager
    def watch(self) -> Iterator[dict[str, str]]:
        """Record the questions asked inside the block, with their answers."""
        frame: dict[str, str] = {}
        self._frames.append(frame)
        try:
            yield frame
        finally:
            self._frames.pop()
            self.note_all(frame)

    def unsure(self) -> None:
        """What follows depends on files of which no question tells: it is not stored."""
        if self._frames:
            self._frames[-1][self.UNSURE] = ""

    def note(self, question: str) -> None:
        self._frames[-1][question] = self.answer(question)

    def note_all(self, asked: dict[str, str]) -> None:
        if self._frames:
            self._frames[-1].update(asked)

    def answer(self, question: str) -> str:
        """The answer in this scan; files do not change while it runs."""
        if question not in self._answers:
            self._answers[question] = self._answer(question)
        return self._answers[question]

    def _answer(self, question: str) -> str:
        kind, _, rest = question.partition(":")
        if kind == "module":
            return str(self.locate(rest) or "")
        if kind == "folder":
            return str(self._folder_of(rest) or "")
        if kind == "file":
            # The project's files by content, installed ones by their stamp.
            return self.marks.get(Path(rest)) or stamp(Path(rest))
        if kind == "models":
            frames, self._frames = self._frames, []
            try:
                return "|".join(map(str, self.models_of(Path(rest))))
            finally:
                self._frames = frames
        return "?"

    def layout(self) -> list[Any]:
        """What determines where modules are searched and to whom they belong."""
        folders = (self.own, self.foreign, self.fallback, self.packages, self.vendored)
        rows = [[str(one) for one in group] for group in folders]
        return [str(self.root), str(self.base), *rows, sorted(self._extra_roots)]

    def relative(self, file: Path) -> str:
        """The path in the snapshot's format."""
        text, start = str(file), self._root_start
        return text[len(start) :].replace(os.sep, "/") if text.startswith(start) else text

    def is_stand_in(self, file: str | None) -> bool:
        """Whether a path in the snapshot's format belongs to our own Django, used instead of
        theirs.
        """
        if not file or not os.path.isabs(file):  # noqa: PTH117 - as the rest of the file
            return False
        return any(_within(file, one) for one in self.fallback) and not any(
            _within(file, one) for one in self.foreign
        )

    def origin(self, file: Path) -> Origin:
        if file not in self._origins:
            self._origins[file] = self._origin(file)
        return self._origins[file]

    def _origin(self, file: Path) -> Origin:
        text = str(file)
        if text.startswith(self._root_start) or text == str(self.root):
            # An editable install puts the project's own folder, or a parent, on the path; only
            # files in the site-packages of an environment inside the project belong to somebody
            # else.
            below = text[len(str(self.root)) :].replace(os.sep, "/").split("/")
            if (
                "site-packages" not in below
                and "dist-packages" not in below
                and not any(_within(text, folder) for folder in self.vendored)
            ):
                return "project"
        if any(_within(text, folder) for folder in [*self.foreign, *self.fallback]):
            return "django" if f"{os.sep}django{os.sep}" in text else "third-party"
        if text.startswith(os.path.dirname(os.__file__)) or text.startswith(sys.base_prefix):
            return "stdlib"
        return "outside"
