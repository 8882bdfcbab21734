"""Which declared packages an environment lacks."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from djdesk.projects.discovery.installed import needs, normalize
from djdesk.projects.discovery.markers import applies
from djdesk.projects.discovery.requirements import Declared

MODULES = (".py", "/__init__.py")
PRODUCTION = re.compile(r"(^|[-_.])(production|prod|live)$")
DEVELOPMENT = re.compile(r"(^|[-_.])(development|dev|local)$")
EXTRA = re.compile(r"\bextra\b")


def missing(
    declared: Declared, there: Collection[str], packages: list[Path], python: str | None
) -> list[str]:
    """Names declared for Python ``python`` and not installed, as declared.

    ``there``: normalised names of installed packages, ``packages``: their folders. Not missing:
    what another distribution provides (`psycopg2` if `psycopg2-binary` is installed), and lines of
    a compiled file for another system, if every installed package that requires it says so
    (`colorama`, which click requires on Windows).
    """
    own = normalize(declared.name or "")
    names = [name for name in declared.main_names(python) if normalize(name) not in {*there, own}]
    names = [name for name in names if not _brought(name, packages)]
    later = _for_production(declared, there)
    names = [name for name in names if normalize(name) not in later]
    pinned = {normalize(one.name) for one in declared.requirements if one.pinned}
    if not any(normalize(name) in pinned for name in names):
        return names
    wanted = needs(packages)
    return [
        name
        for name in names
        if normalize(name) not in pinned or not _elsewhere(wanted.get(normalize(name), []), python)
    ]


def _brought(name: str, packages: list[Path]) -> bool:
    """Whether the module of that name can be imported, whichever package provides it."""
    module = re.sub(r"[-.]+", "_", name)
    return any((folder / f"{module}{end}").is_file() for folder in packages for end in MODULES)


def _for_production(declared: Declared, there: Collection[str]) -> set[str]:
    """Normalised names only in the production list, for a development environment: one in which
    everything in the development list beside it is installed, or that of a plain list."""
    lists: dict[Path, set[str]] = {}
    for one in declared.requirements:
        if one.file.suffix == ".txt":
            lists.setdefault(one.file, set()).add(normalize(one.name))
    last = {file: names for file, names in lists.items() if PRODUCTION.search(file.stem)}
    others = {file: names for file, names in lists.items() if file not in last}
    served = set().union(*last.values()) - set().union(*others.values())
    made = any(
        DEVELOPMENT.search(file.stem)
        and _mostly(names, there, served)
        and file.parent in {one.parent for one in last}
        for file, names in others.items()
    )
    if not made:
        # Developers install a plain requirements.txt, unless servers do: it includes theirs.
        last = {file: names for file, names in last.items() if _beside_plain(declared, file)}
    here = set().union(*(names for file, names in lists.items() if file not in last))
    elsewhere = {normalize(one.name) for one in declared.requirements if one.file not in lists}
    return set().union(*last.values()) - here - elsewhere


def _mostly(names: set[str], there: Collection[str], served: set[str]) -> bool:
    """Whether a development list was installed: all of it, or most and nothing only for servers."""
    found = len(names & set(there))
    return found == len(names) or (2 * found > len(names) and not served & set(there))


def _beside_plain(declared: Declared, file: Path) -> bool:
    """Whether a requirements.txt, which does not include ``file``, says what to install."""
    plain = file.with_name("requirements.txt")
    included, left = {plain}, [plain]
    while left:
        more = declared.includes.get(left.pop(), set()) - included
        included |= more
        left += more
    return file not in included and any(one.file in included for one in declared.requirements)


def _elsewhere(markers: list[str], python: str | None) -> bool:
    """Whether a package requires it on another system or Python, and none requires it here. Which
    extras were requested is unknown, so requirements of extras do not count."""
    held = [(applies(EXTRA.sub("unknown", one), python), EXTRA.search(one)) for one in markers]
    return any(here is False for here, _ in held) and all(
        here is False or (here is None and extra) for here, extra in held
    )
