"""Turn the project's lock into one list of versions with hashes that works on every system."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.readiness.report import Decision
from djdesk.projects.reading import Unreadable, load_toml, read_text
from djdesk.tools.scratch import temporary_folder

from . import elsewhere, uv
from .install import BUILD_FAILED, OLDER, interpreter, without
from .locks import LIMIT, Wanted, read, without_login
from .versions import allows, numbers, same

LINE = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
RUNNING = re.compile(r"prod(uction)?|deploy(ment)?|live|server|runtime")
# Server software compiled on the server: useless on a desktop.
SERVERS = ("uwsgi", "mod-wsgi", "mysqlclient", "psycopg2", "psycopg-c")
# Packages that need PostgreSQL's client library, and versions that bundle it. Django's
# contrib.postgres imports one of them on any database.
WITH_LIBRARY = {"psycopg2": "psycopg2-binary", "psycopg": "psycopg-binary"}
# Packages that work with every Django but whose next major version removes something: here the
# templates for Bootstrap 3 and 4, which moved to packages that the settings must name.
BOUNDED = {"django-crispy-forms": (2,)}
# The Django versions that the runtime supports.
OLDEST, NEWEST = (5, 2), (6, 2)
DJANGOS = ("5.2", "6.0", "6.1")


@dataclass
class Resolved:
    """``text``: a requirements file; ``versions``: normalised name -> version."""

    text: str
    versions: dict[str, str] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    problem: str = ""
    older_setuptools: bool = False


@dataclass
class Trouble:
    """Source archives that no longer build. First try an older setuptools, which they were made
    for; then the oldest later version that has a wheel."""

    older: bool = False
    loose: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)

    def learn(self, problem: str) -> bool:
        """Whether there is something else to try."""
        failed = BUILD_FAILED.search(problem)
        if failed is None:
            return False
        name = normalize(failed[1])
        if not self.older:
            self.older = True
            return True
        if name in self.loose or len(self.loose) > 8:
            return False
        self.loose.append(name)
        return True

    def told(self, wanted: Wanted, found: Resolved) -> list[Decision]:
        return [
            Decision(
                "DEP3", "B", f"{name} {found.versions.get(name, '')} instead of "
                f"{wanted.pins.get(name, 'the locked version')}.",
                "That version has no wheel, and its source archive no longer builds.",
                wanted.source, "Run the project's tests with it: djdesk test.",
            )
            for name in self.loose
        ]  # fmt: skip


def resolve(
    project: DiscoveredProject,
    python: str,
    more: list[str],
    wheels: Path | None = None,
    renewed: list[str] | None = None,
) -> Resolved:
    """``python``: such as 3.13; ``more``: requirements that the lock lacks; ``wheels``: a folder of
    wheels that no index has; ``renewed``: names to upgrade to a version with a wheel. Writes
    nothing to the project. ``problem`` is uv's output if there is no solution.
    """
    with temporary_folder("init") as scratch:
        place = scratch
        wanted = _of_uv(project, place) or read(project.root, project.base, project.declared)
        decisions = _said(wanted)
        elsewhere.take(wanted, wheels)
        _bound(wanted)
        found = Resolved("")
        trouble = Trouble(renewed=list(renewed or []))
        for attempt in ("exact", "near", "free"):
            found = _compile(wanted, python, more, place, attempt, trouble)
            while found.problem and trouble.learn(found.problem):
                found = _compile(wanted, python, more, place, attempt, trouble)
            if not found.problem:
                break
        django = found.versions.get("django", "")
        if "django" not in wanted.pins and django and numbers(django) < (6, 0):
            # No lock names it; only now is it known that tasks come from their backport.
            wanted.pins["django"] = django
            found = _compile(wanted, python, more, place, attempt, trouble)
        found.older_setuptools = trouble.older
        found.decisions = decisions
        if not found.problem:
            found.decisions += elsewhere.refuse(wanted, found)
            found.decisions += [*_changes(wanted, found, trouble), *trouble.told(wanted, found)]
        return found


def locked(project: DiscoveredProject) -> dict[str, str]:
    """The project's locked versions by normalised name."""
    with temporary_folder("init") as scratch:
        wanted = _of_uv(project, scratch)
    return (wanted or read(project.root, project.base, project.declared)).pins


def _bound(wanted: Wanted) -> None:
    """“Django~=4.2” in a list without a lock excludes every Django that the runtime supports."""
    if "django" in wanted.pins:
        return
    line = next((one for one in wanted.lines if elsewhere.name_of(one) == "django"), "")
    asked = re.sub(r"^[\w.-]+(\[[^\]]*\])?", "", line.partition(";")[0]).strip()
    if asked and " @ " not in line and not any(allows(asked, one) for one in DJANGOS):
        wanted.pins["django"] = ".".join(re.findall(r"\d+", asked)[:2])


def _of_uv(project: DiscoveredProject, scratch: Path) -> Wanted | None:
    """uv.lock, exported by uv from a copy: uv must not touch the project's folder."""
    for folder in dict.fromkeys((project.base, project.root)):
        if not (folder / "uv.lock").is_file() or not (folder / "pyproject.toml").is_file():
            continue
        copy = scratch / "lock"
        copy.mkdir()
        for name in ("uv.lock", "pyproject.toml"):
            shutil.copyfile(folder / name, copy / name)
        done = uv.run(
            ["export", "--frozen", *_for_running(copy / "pyproject.toml"), "--no-dev",
             "--no-emit-project", "--no-emit-workspace", "--no-hashes", "--no-header",
             "--no-annotate", "--quiet"], cwd=copy,
        )  # fmt: skip
        if done.returncode != 0:
            return None
        found = Wanted("uv.lock")
        for line in done.stdout.splitlines():
            if match := LINE.match(line):
                found.pins.setdefault(normalize(match[1]), match[2])
                found.lines.append(line.strip())
            elif " @ " in line:
                found.elsewhere.append((line.split(" @ ")[0].split("[")[0], line.split(" @ ")[1]))
                found.lines.append(line.strip())
        found.indexes += _indexes_of_uv(copy / "uv.lock", found.pins)
        return found
    return None


def _indexes_of_uv(lock: Path, wanted: Collection[str]) -> list[tuple[str, str]]:
    """Each index of a uv.lock with the line of the first wanted package that comes from it."""
    text = read_text(lock, LIMIT) or ""
    found: dict[str, str] = {}
    for row in load_toml(text).get("package", []):
        address = row.get("source", {}).get("registry", "")
        if address and normalize(row["name"]) in wanted and address not in found:
            line = text.count("\n", 0, text.index(f'name = "{row["name"]}"\nversion')) + 1
            found[address] = f"uv.lock:{line}"
    return [(without_login(address), place) for address, place in found.items()]


def _for_running(file: Path) -> list[str]:
    """``--group prod``: groups and extras that a server also installs."""
    try:
        found = load_toml(read_text(file) or "")
    except Unreadable:
        return []
    groups = [name for name in found.get("dependency-groups", {}) if RUNNING.fullmatch(name)]
    extras = found.get("project", {}).get("optional-dependencies", {})
    return [
        *(word for name in groups for word in ("--group", name)),
        *(word for name in extras if RUNNING.fullmatch(name) for word in ("--extra", name)),
    ]


def _said(wanted: Wanted) -> list[Decision]:
    """Messages before anything is installed."""
    decisions = [
        Decision("DEP1", "", f"The packages come from {wanted.source}.", "", wanted.source)
    ]
    for address, place in dict.fromkeys(wanted.indexes):
        if not re.search(r"pypi\.(python\.)?org", address):
            decisions.append(
                Decision(
                    "DEP2", "", f"Packages come from another index: {address}.",
                    "The app's list is made from the default index, where they may be built "
                    "differently and be larger.", place,
                    f"To use that index, set UV_INDEX={address} for djdesk init and djdesk "
                    "package.",
                )
            )  # fmt: skip
    return decisions


def _compile(
    wanted: Wanted, python: str, more: list[str], place: Path, attempt: str, trouble: Trouble
) -> Resolved:
    """``exact``: the lock's versions. ``near``: those where they fit, others where not. ``free``:
    as near, without other limits, and without packages from URLs and extra indexes."""
    out = place / f"{attempt}.txt"
    lines = [*_runtime(wanted, attempt), *more]
    for name, whole in WITH_LIBRARY.items():
        if name in wanted.pins and whole not in wanted.pins:
            lines.append(f"{whole}=={wanted.pins[name]}" if attempt == "exact" else whole)
    asked: list[str | Path] = []
    if wanted.wheels is not None:
        asked += ["--find-links", wanted.wheels]
    # In pip's format, with their constraint files, unless some are changed.
    untouched = attempt == "exact" and not trouble.loose and not trouble.renewed
    named = [_renewed(line, trouble.renewed) for line in _without_servers(wanted.lines)]
    if untouched and wanted.lists:
        asked += wanted.lists
    elif attempt == "exact":
        lines += [_loosened(line, trouble.loose) for line in named]
    else:
        # Packages for an older Django cannot keep their versions when Django is upgraded.
        old = (0,) < numbers(wanted.pins.get("django", "")) < OLDEST
        gone = (*SERVERS, *trouble.loose, *trouble.renewed)
        pins = {
            name: version
            for name, version in wanted.pins.items()
            if name not in gone and not (old and name.startswith("django"))
        }
        if old:
            lines += [
                f"{name}<{limit[0]}"
                for name, limit in BOUNDED.items()
                if (0,) < numbers(wanted.pins.get(name, "")) < limit
            ]
            named = [line for line in named if elsewhere.name_of(line) != "django"]
        if attempt == "free":
            named = [_bare(line) for line in named if " @ " not in line]
        lines += [_unpinned(line) for line in named]
        # uv prefers versions that are in the output file already.
        out.write_text("".join(f"{n}=={v}\n" for n, v in pins.items()), encoding="utf-8")
    built = place / "build.txt"
    built.write_text(OLDER if trouble.older else "", encoding="utf-8")
    asked += [f"--only-binary={name}" for name in (*trouble.loose, *trouble.renewed)]
    asked += ["--resolution=lowest-direct"] if trouble.loose and attempt == "exact" else []
    done = uv.run(
        [
            "pip", "compile", "--python", interpreter(python), "--build-constraint", built,
            "--quiet", "--no-config", "--no-header", "--no-annotate",
            "--generate-hashes", "--universal", "--python-version", python, "--output-file", out,
            *asked, "-",
        ],
        cwd=place, stdin="".join(f"{line}\n" for line in lines),
    )  # fmt: skip
    if done.returncode != 0:
        return Resolved("", problem=done.stderr.strip())
    text = out.read_text(encoding="utf-8")
    for name in SERVERS:
        text = without(text, name)
    return Resolved(text, {normalize(n): v for n, v in LINE.findall(text)})


def _renewed(line: str, names: list[str]) -> str:
    return _bare(line) if elsewhere.name_of(line) in names else line


def _unpinned(line: str) -> str:
    """``shop==1.2 ; python_version=='3.8'`` without the version, keeping the marker."""
    asked, semicolon, marker = line.partition(";")
    return re.sub(r"==[^\s;]+", "", asked) + semicolon + marker


def _bare(line: str) -> str:
    """``Django>=4,<5 ; python_version > "3"`` without the versions, keeping the marker."""
    return re.sub(r"[=<>!~][^;]*", "", line.partition(";")[0]) + "".join(line.partition(";")[1:])


def _loosened(line: str, names: list[str]) -> str:
    name = normalize(re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0])
    return line.replace("==", ">=", 1) if name in names else line


def _runtime(wanted: Wanted, attempt: str) -> list[str]:
    """djdesk's own dependencies, for the project's Django."""
    django = numbers(wanted.pins.get("django", ""))
    lines = []
    old = bool(django) and django < (6, 0)
    for text in distribution("djdesk").requires or []:
        if "extra ==" not in text:
            lines.append(text)
        elif old and re.search(r"extra == ['\"]lts['\"]", text):
            lines.append(text.partition(";")[0].strip())
    if attempt != "exact" and old:
        lines.append("django>=5.2,<6")
    return lines


def _without_servers(lines: list[str]) -> list[str]:
    return [
        line
        for line in lines
        if normalize(re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0]) not in SERVERS
    ]


def _changes(wanted: Wanted, found: Resolved, trouble: Trouble) -> list[Decision]:
    """Versions that differ from the lock's."""
    decisions = []
    before = numbers(wanted.pins.get("django", ""))
    after = numbers(found.versions.get("django", ""))
    changed = [
        f"{name} {version} → {found.versions[name]}"
        for name, version in sorted(wanted.pins.items())
        if name in found.versions
        and name not in (*trouble.loose, *trouble.renewed)
        and same(found.versions[name]) != same(version)
    ]
    if before and before < OLDEST:
        decisions.append(
            Decision(
                "DEP1", "B", f"Django {found.versions['django']} instead of "
                f"{wanted.pins['django']}.",
                "The desktop works with Django 5.2 and later.", wanted.source,
                "Run the project's tests with it: djdesk test.",
            )
        )  # fmt: skip
    changed = [one for one in changed if not one.startswith("django ") or before >= OLDEST]
    if changed:
        decisions.append(
            Decision(
                "DEP1", "", f"Versions that differ from {wanted.source}: "
                f"{', '.join(changed[:8])}{' …' if len(changed) > 8 else ''}.",
                "The locked versions conflict with the desktop's packages.", wanted.source,
            )
        )  # fmt: skip
    if gone := sorted(name for name in wanted.pins if name in SERVERS):
        decisions.append(
            Decision(
                "DEP1", "", f"Left out: {', '.join(gone)}.",
                "A desktop has no such server, and no compiler for its driver.", wanted.source,
            )
        )  # fmt: skip
    assert not after or after < NEWEST
    return decisions
