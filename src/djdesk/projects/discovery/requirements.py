"""Declared dependencies, from every kind of file that projects use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.markers import applies
from djdesk.projects.reading import (
    load_ini,
    load_json,
    load_toml,
    parse_python,
    read_bytes,
    read_text,
)

SIZE_LIMIT = 8 * 2**20
REQUIREMENT = re.compile(
    r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*(\([^)]*\)|@\s*\S+|[^;#]*)?\s*(?:;\s*(.*))?$"
)
# An archive, or a commit or tag with a number in it; a branch moves.
PINNED_ADDRESS = re.compile(
    r"\.(?:whl|zip|tar\.\w+|tgz)(?:$|[#?])|@(?:[0-9a-f]{7,40}|[\w.-]*\d+\.\d[\w.-]*)(?:$|#)"
)
LOCKED = re.compile(r'^\[\[package\]\]\nname = "([^"\n]+)"\nversion = "([^"\n]+)"$', re.MULTILINE)
MAIN_NAMES = {
    "requirements",
    "base",
    "common",
    "core",
    "production",
    "prod",
    "live",
    "main",
    "requires",
    "default",
}


@dataclass
class Requirement:
    name: str
    specifier: str
    file: Path
    line: int | None
    group: str = "main"
    extras: list[str] = field(default_factory=list)
    marker: str = ""

    @property
    def pinned(self) -> bool:
        """Pinned to one version: ``==``, a file by its URL, or a commit."""
        if self.specifier.startswith("@"):
            return bool(PINNED_ADDRESS.search(self.specifier))
        return bool(re.match(r"^={2,3}\s*[^*,\s]+$", self.specifier))


OF_DJANGO = re.compile(r"Framework :: Django :: \d+\.\d+$")


def local(specifier: str) -> bool:
    """A package of the project's own, beside the list that requires it."""
    return bool(re.match(r"^@\s*(?:file:)?(?:\.|/|[\w.-]+/?$)", specifier))


def bounded(specifier: str) -> bool:
    """Whether a range has an upper bound: ``~=4.2``, ``<5``, ``==4.*``, Poetry's ``^4.2``."""
    return bool(re.search(r"<|~=|==|^\s*[\^~]", specifier)) and not specifier.startswith("@")


@dataclass
class Declared:
    requirements: list[Requirement] = field(default_factory=list)
    locked: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    # Lists that a requirements list includes.
    includes: dict[Path, set[Path]] = field(default_factory=dict)
    requires_python: str | None = None
    name: str | None = None
    # A `pyproject.toml` that declares support for several Django releases: that of a library, whose
    # ranges stay open for the projects that use it.
    library: Path | None = None
    errors: list[tuple[str, Path, int | None]] = field(default_factory=list)

    def main_names(self, python: str | None) -> list[str]:
        """Names required to run with Python ``python``, without those for other platforms."""
        names = [
            one.name
            for one in self.requirements
            if one.group == "main" and applies(one.marker, python)
        ]
        return list(dict.fromkeys(names))


def read_declared(root: Path, base: Path) -> Declared:
    """Everything that ``root`` and ``base`` declare. Broken files end up in ``errors``."""
    declared = Declared()
    for folder in dict.fromkeys((root, base)):
        for reader, files in _sources(folder):
            for file in files:
                if file in declared.files or not file.is_file():
                    continue
                try:
                    text = read_bytes(file, SIZE_LIMIT).decode("utf-8-sig", errors="replace")
                    declared.files.append(file)
                    reader(declared, file, text)
                except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                    declared.errors.append((f"{file.name}: {error}", file, None))
                except (SyntaxError, RecursionError) as error:
                    declared.errors.append((f"{file.name}: {error}", file, None))
    return declared


def _sources(folder: Path) -> Iterator[tuple[Any, list[Path]]]:
    yield _pyproject, [folder / "pyproject.toml"]
    # Production requirements come first: development files include them, and must not claim what
    # they include.
    for files in (folder.glob("requirements*.txt"), (folder / "requirements").glob("*.txt")):
        yield _requirements, sorted(files, key=lambda file: (group_of(file) != "main", file))
    yield _pipfile, [folder / "Pipfile"]
    yield _setup_cfg, [folder / "setup.cfg"]
    yield _setup_py, [folder / "setup.py"]
    yield _toml_lock, [folder / "uv.lock", folder / "poetry.lock", folder / "pdm.lock"]
    yield _pipfile_lock, [folder / "Pipfile.lock"]
    yield _plain_lock, sorted(folder.glob("requirements*.lock"))


def parse_line(text: str, file: Path, line: int | None, group: str) -> Requirement | None:
    match = REQUIREMENT.match(text)
    if not match:
        return None
    name, extras, specifier, marker = match.groups()
    specifier = (specifier or "").strip().strip("()")
    return Requirement(
        name,
        re.sub(r"\s*,\s*", ",", re.sub(r"^([<>=!~]+)\s+", r"\1", specifier)),
        file,
        line,
        group,
        [part.strip() for part in (extras or "").split(",") if part.strip()],
        (marker or "").strip(),
    )


def group_of(file: Path) -> str:
    """`requirements-dev.txt` and `requirements/dev.txt` belong to the group `dev`."""
    stem = file.stem.removeprefix("requirements").strip("-_.") or "main"
    return "main" if stem.lower() in MAIN_NAMES else stem


def _requirements(
    declared: Declared, file: Path, text: str, depth: int = 0, group: str | None = None
) -> None:
    group = group_of(file) if group is None else group
    for number, raw in logical_lines(text):
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        line = re.sub(r"\s--(hash|config-settings|global-option)[= ]\S+", "", line).strip()
        include = re.match(r"^(?:-r|--requirement(?=[ =]))[ =]?\s*(\S+)$", line)
        if include and depth < 5:
            other = _beside(file, include[1])
            if other:
                declared.includes.setdefault(file, set()).add(other)
                if other not in declared.files:
                    declared.files.append(other)
                    inner = read_text(other, SIZE_LIMIT) or ""
                    _requirements(declared, other, inner, depth + 1, group)
            continue
        egg = re.search(r"#egg=([A-Za-z0-9._-]+)", raw)
        bare = re.split(r"[#;]", line, maxsplit=1)[0].strip()
        wheel = re.search(r"(?:^|/)([A-Za-z0-9._]+)-(\d[^-/]*)-[^/]*\.whl$", bare)
        if wheel and not re.match(r"^[\w.-]+\s*(\[.*\])?\s*@", line):
            name, version = wheel[1].replace("_", "-"), f"=={wheel[2]}"
            declared.requirements.append(Requirement(name, version, file, number, group))
            continue
        if re.match(r"[\w.-]*/", bare):
            continue  # a local folder or archive; its first component is not a package
        if line.startswith("-") or "://" in line.partition("@")[0]:
            if constraints := re.match(r"^(?:-c|--constraint)[ =]?\s*(\S+)$", line):
                _constraints(declared, file, constraints[1])
            elif egg:
                address = re.sub(r"^(?:-e|--editable)[ =]\s*", "", line).partition("#")[0]
                where = "@ " + re.sub(r"//[^/@]*@", "//", address.strip())
                declared.requirements.append(Requirement(egg[1], where, file, number, group))
            continue
        if found := parse_line(line, file, number, group) if line else None:
            if found.specifier.startswith("@"):
                found.specifier = "@ " + re.sub(r"//[^/@]*@", "//", found.specifier[1:].strip())
            declared.requirements.append(found)


def _beside(file: Path, name: str) -> Path | None:
    """A file that a requirements list includes, provided it belongs to the project."""
    other = (file.parent / name).resolve()
    root = file.parent.parent if file.parent.name == "requirements" else file.parent
    return other if other.is_file() and other.is_relative_to(root.resolve()) else None


def _constraints(declared: Declared, file: Path, name: str) -> None:
    """`-c constraints.txt` requires nothing, but pins the versions of what is required."""
    other = _beside(file, name)
    text = read_text(other, SIZE_LIMIT) if other else None
    if other is None or text is None or other in declared.files:
        return
    declared.files.append(other)
    for _, raw in logical_lines(text):
        line = re.sub(r"(^|\s)(#|--hash).*$", "", raw).strip()
        if (found := parse_line(line, other, None, "main") if line else None) and found.pinned:
            version = found.specifier.lstrip("= ")
            declared.locked.setdefault(normalize(found.name), version)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines of a requirements list with their line numbers, continuations joined."""
    pending, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = start if pending else number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        yield start, pending + line
        pending = ""


def _line_of(text: str, name: str) -> int | None:
    pattern = re.compile(rf"(^|[\"'\s\[,]){re.escape(name)}($|[\"'\s=<>!~\[;,(])", re.IGNORECASE)
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.search(line) and not line.lstrip().startswith("#"):
            return number
    return None


def _pyproject(declared: Declared, file: Path, text: str) -> None:
    data = load_toml(text)
    project = data.get("project", {})
    declared.requires_python = declared.requires_python or project.get("requires-python")
    declared.name = declared.name or project.get("name")
    releases = {one for one in project.get("classifiers", []) if OF_DJANGO.match(str(one))}
    if len(releases) > 1:
        declared.library = file

    def add(values: Any, group: str) -> None:
        for value in values if isinstance(values, list) else []:
            if isinstance(value, str) and (found := parse_line(value, file, None, group)):
                found.line = _line_of(text, found.name)
                declared.requirements.append(found)

    add(project.get("dependencies"), "main")
    for group, values in project.get("optional-dependencies", {}).items():
        add(values, group)
    for group, values in data.get("dependency-groups", {}).items():
        add(values, group)
    tool = data.get("tool", {})
    dynamic = tool.get("setuptools", {}).get("dynamic", {})
    _from_files(declared, file, dynamic.get("dependencies"), "main")
    for group, values in dynamic.get("optional-dependencies", {}).items():
        _from_files(declared, file, values, group)
    add(tool.get("uv", {}).get("dev-dependencies"), "dev")
    sources = tool.get("uv", {}).get("sources", {})
    for one in declared.requirements:
        rows = sources.get(one.name, {}) if one.file == file else {}
        one.specifier = address_of(rows[0] if isinstance(rows, list) else rows) or one.specifier
    for group, values in tool.get("pdm", {}).get("dev-dependencies", {}).items():
        add([one for one in values if not str(one).startswith("-")], group)
    for name, table in tool.get("hatch", {}).get("envs", {}).items():
        group = "dev" if name == "default" else name
        add(table.get("dependencies"), group)
        add(table.get("extra-dependencies"), group)
    poetry = tool.get("poetry", {})
    declared.name = declared.name or poetry.get("name")
    _tables(declared, file, text, poetry.get("dependencies", {}), "main")
    _tables(declared, file, text, poetry.get("dev-dependencies", {}), "dev")
    for group, table in poetry.get("group", {}).items():
        _tables(declared, file, text, table.get("dependencies", {}), group)


def _from_files(declared: Declared, file: Path, table: Any, group: str) -> None:
    """setuptools' `dependencies = {file = ["requirements.in"]}`: requirements lists."""
    names = table.get("file", []) if isinstance(table, dict) else []
    for name in [names] if isinstance(names, str) else names:
        other = (file.parent / str(name)).resolve()
        if other in declared.files:
            continue
        if not other.is_relative_to(file.parent.resolve()):
            declared.errors.append((f"{file.name}: {name} is outside the project", file, None))
            continue
        text = read_text(other, SIZE_LIMIT)
        if text is None:
            declared.errors.append((f"{file.name}: {name} is not there", file, None))
            continue
        declared.files.append(other)
        _requirements(declared, other, text, group=group)


def _tables(declared: Declared, file: Path, text: str, table: dict[str, Any], group: str) -> None:
    """The format of Poetry and Pipfile: name = "specifier" or name = {version = …}."""
    for name, value in table.items():
        rows = value if isinstance(value, list) else [value]
        first = rows[0] if rows else ""
        specifier = first.get("version", "") if isinstance(first, dict) else str(first)
        specifier = address_of(first) or specifier
        if name.lower() == "python":
            declared.requires_python = declared.requires_python or specifier
            continue
        extras = first.get("extras", []) if isinstance(first, dict) else []
        optional = isinstance(first, dict) and first.get("optional")
        marker = str(first.get("markers", "")) if isinstance(first, dict) else ""
        declared.requirements.append(
            Requirement(
                name,
                "" if specifier == "*" else specifier,
                file,
                _line_of(text, name),
                "optional" if optional and group == "main" else group,
                [str(extra) for extra in extras],
                marker,
            )
        )


def address_of(source: object) -> str:
    """``{git = …, rev = …}`` or ``{url = …}`` in pip's format, “@ git+…@…”; empty otherwise."""
    if not isinstance(source, dict):
        return ""
    if not (git := source.get("git")):
        return f"@ {source['url']}" if source.get("url") else ""
    commit = next((source[key] for key in ("rev", "ref", "tag", "branch") if key in source), "")
    return f"@ git+{str(git).removeprefix('git+')}{f'@{commit}' if commit else ''}"


def _pipfile(declared: Declared, file: Path, text: str) -> None:
    data = load_toml(text)
    _tables(declared, file, text, data.get("packages", {}), "main")
    _tables(declared, file, text, data.get("dev-packages", {}), "dev")
    declared.requires_python = declared.requires_python or data.get("requires", {}).get(
        "python_version"
    )


def _setup_cfg(declared: Declared, file: Path, text: str) -> None:
    parser = load_ini(text)

    def add(block: str, group: str) -> None:
        for line in block.splitlines():
            line = line.partition("#")[0].strip()
            if line and (found := parse_line(line, file, None, group)):
                found.line = _line_of(text, found.name)
                declared.requirements.append(found)

    if parser.has_section("options"):
        add(parser.get("options", "install_requires", fallback=""), "main")
        declared.requires_python = declared.requires_python or parser.get(
            "options", "python_requires", fallback=None
        )
    if parser.has_section("options.extras_require"):
        for group, block in parser.items("options.extras_require"):
            add(block, group)


def _setup_py(declared: Declared, file: Path, text: str) -> None:
    """Literals only: setup.py is a program and is not run."""
    tree = parse_python(text)
    names = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }

    def strings(node: ast.expr | None) -> list[tuple[str, int]]:
        if isinstance(node, ast.Name):
            node = names.get(node.id)
        if isinstance(node, ast.BinOp):
            return strings(node.left) + strings(node.right)
        if not isinstance(node, ast.List | ast.Tuple):
            return []
        return [
            (item.value, item.lineno)
            for item in node.elts
            if isinstance(item, ast.Constant) and isinstance(item.value, str)
        ]

    def add(node: ast.expr | None, group: str) -> None:
        for value, line in strings(node):
            if found := parse_line(value, file, line, group):
                declared.requirements.append(found)

    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "setup"
        ):
            for keyword in node.keywords:
                if keyword.arg == "install_requires":
                    add(keyword.value, "main")
                elif keyword.arg == "extras_require" and isinstance(keyword.value, ast.Dict):
                    for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                        if isinstance(key, ast.Constant):
                            add(value, str(key.value))
                elif keyword.arg == "python_requires" and isinstance(keyword.value, ast.Constant):
                    declared.requires_python = declared.requires_python or str(keyword.value.value)


def _toml_lock(declared: Declared, file: Path, text: str) -> None:
    # Tool-generated, sometimes megabytes long, and the TOML parser takes a hundred times as long as
    # matching these two lines per package.
    quick = LOCKED.findall(text.replace("\r\n", "\n"))
    for name, version in quick:
        declared.locked.setdefault(normalize(name), version)
    for package in [] if quick else load_toml(text).get("package", []):
        if "version" in package:
            declared.locked.setdefault(normalize(package["name"]), str(package["version"]))


def _plain_lock(declared: Declared, file: Path, text: str) -> None:
    """The format of `requirements.lock` as written by `uv pip compile` and Rye."""
    for _, line in logical_lines(text):
        found = parse_line(line.partition("#")[0].strip(), file, None, "main")
        if found and found.pinned and not found.specifier.startswith("@"):
            version = found.specifier.lstrip("= ")
            declared.locked.setdefault(normalize(found.name), version)


def _pipfile_lock(declared: Declared, file: Path, text: str) -> None:
    data = load_json(text)
    for group in ("default", "develop"):
        for name, row in data.get(group, {}).items():
            if isinstance(row, dict) and "version" in row:
                version = str(row["version"]).removeprefix("==")
                declared.locked.setdefault(normalize(name), version)
