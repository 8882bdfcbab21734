"""Packages from git or a URL, which no index has, or under whose name an index has another package.

They are never replaced by an index's package of that name: it may be somebody else's.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.readiness.report import Decision

from .install import built, digest_of, last_line, pip_wheel, without
from .locks import Wanted

if TYPE_CHECKING:
    from .resolve import Resolved


def take(wanted: Wanted, wheels: Path | None) -> None:
    """Use wheels that were put into the app's folder instead of their URLs."""
    if wheels is None or not wheels.is_dir():
        return
    wanted.wheels = wheels
    for name, _ in list(wanted.elsewhere):
        found = built(wheels, name)
        if found is None:
            continue
        wanted.lists = []
        pinned = f"{name}=={found.name.split('-')[1]}"
        wanted.lines = [pinned if name_of(one) == normalize(name) else one for one in wanted.lines]
        wanted.elsewhere = [one for one in wanted.elsewhere if one[0] != name]


def refuse(wanted: Wanted, found: Resolved) -> list[Decision]:
    """Remove packages that could not be fetched if an index has a package of that name."""
    decisions = []
    for name, address in dict.fromkeys(wanted.elsewhere):
        if address_in(found.text, name):
            continue
        if any(name_of(one) == normalize(name) and " @ " not in one for one in wanted.lines):
            decisions.append(_of_one_system(name, address, wanted))
            continue
        other = found.versions.pop(normalize(name), "")
        found.text = without(found.text, name)
        decisions.append(
            Decision(
                "DEP2", "C", f"{name} comes from {address}, which could not be fetched.",
                f"The index has {name} {other}, but that may be another package, so it is not "
                "used."
                if other else "Without it, the project is incomplete.",
                wanted.places.get(name, wanted.source),
                "Build it where the address can be reached: “pip wheel --no-deps -w wheels "
                f"'{name} @ {address}'” in the app's folder. Then run djdesk init again.",
            )
        )  # fmt: skip
    return decisions


def _of_one_system(name: str, address: str, wanted: Wanted) -> Decision:
    url, _, marker = (part.strip() for part in address.partition(";"))
    return Decision(
        "DEP2", "B", f"On some systems, {name} comes from {url}, which could not be fetched.",
        f"{f'There ({marker})' if marker else 'There'} the index's {name} is used, if it has one.",
        wanted.places.get(name, wanted.source),
        "On such a system, put its wheel into the app's wheels/ folder and run djdesk init "
        "there.",
    )  # fmt: skip


def wheels_of(folder: Path, text: str) -> tuple[str, list[Decision]]:
    """Wheels for packages from git or URLs, because packaging installs only wheels. Returns the
    list with their versions and hashes."""
    decisions = []
    for entry in re.split(r"\n(?=\S)", text.strip()):
        match = re.match(
            r"(?:-e\s+)?(?:([\w.-]+)(?:\[[^\]]*\])? @ )?((?:\w+\+|https?:)\S+)(.*)", entry
        )
        if match is None:
            continue
        address, marker = match[2], re.sub(r"\s*\\\n.*", "", match[3])
        wheel, said = pip_wheel(folder, f"{match[1]} @ {address}" if match[1] else address)
        name = match[1] or (wheel.name.split("-")[0] if wheel else address)
        if wheel is None:
            decisions.append(
                Decision(
                    "DEP2", "B", f"{name} comes from {address}, and no wheel can be built from "
                                 "it.",
                    f"Packaging installs wheels only. {last_line(said)}", "requirements.txt",
                    "Build one elsewhere, put it into the app's wheels/ folder, and run init "
                    "again.",
                )
            )  # fmt: skip
            continue
        pinned = (
            f"{name}=={wheel.name.split('-')[1]}{marker} \\\n    --hash=sha256:{digest_of(wheel)}"
        )
        text = text.replace(entry, pinned)
        everywhere = wheel.name.endswith("-none-any.whl")
        decisions.append(
            Decision(
                "DEP2", "" if everywhere else "B",
                f"{name} comes from {address}. A wheel was built from it.",
                "No index has it."
                + ("" if everywhere else " It works on this system only: build it on the "
                                         "others, too."),
                f"wheels/{wheel.name}",
            )
        )  # fmt: skip
    return text, decisions


def address_in(text: str, name: str) -> bool:
    """Whether a list has ``name`` from a URL rather than an index."""
    return any(
        (" @ " in entry and name_of(entry) == normalize(name))
        or (entry.startswith(("-e ", "git+", "http")) and normalize(name) in normalize(entry))
        for entry in re.split(r"\n(?=\S)", text)
    )


def name_of(line: str) -> str:
    return normalize(re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0])
