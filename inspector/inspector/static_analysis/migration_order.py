"""The order of one app's migrations, and how far their dependencies are known."""

from __future__ import annotations

import re

from inspector.sections.migrations import Migration

DEPENDENCY = re.compile(r"[\w.]+$")


def computed(rows: list[Migration]) -> bool:
    """Whether a dependency is computed at run time, so that it may be any other migration."""
    every = [dep for row in rows for dep in row["deps"]]
    return any(not dep.startswith("__setting__.") and not DEPENDENCY.match(dep) for dep in every)


def own_label(label: str, rows: list[Migration]) -> bool:
    """Whether the migrations refer to their app by that label."""
    return len(rows) < 2 or any(dep.startswith(f"{label}.") for row in rows for dep in row["deps"])


def _stand_ins(label: str, rows: list[Migration]) -> dict[str, str]:
    """{replaced: its squashed migration}, even if the files of the replaced ones are gone."""
    stands: dict[str, str] = {}
    for row in rows:
        for replaced in row.get("replaces", []):
            app, _, name = replaced.partition(".")
            if app == label and name != row["name"]:
                stands[name] = row["name"]
    for name in stands:
        seen = {name}
        # A squash of squashed migrations
        while stands[name] in stands and stands[name] not in seen:
            seen.add(stands[name])
            stands[name] = stands[stands[name]]
    return stands


def leaves(label: str, rows: list[Migration]) -> list[str]:
    """Migrations that no other in the app depends on. A squash takes the place
    of what it replaces.
    """
    names = {row["name"] for row in rows}
    stands = _stand_ins(label, rows)
    wanted = set()
    for row in rows:
        me = stands.get(row["name"], row["name"])
        for dep in row["deps"]:
            app, _, name = dep.partition(".")
            if app == label and stands.get(name, name) != me:
                wanted.add(stands.get(name, name))
        # A migration that declares another one to run after it is no leaf.
        if any(_within(label, names, stands, one, me) for one in row.get("run_before", [])):
            wanted.add(me)
    return sorted(name for name in names if name not in stands and name not in wanted)


def _within(label: str, names: set[str], stands: dict[str, str], text: str, me: str) -> bool:
    """Whether ``label.name`` is another migration of the same app."""
    app, _, name = text.partition(".")
    return app == label and name in names and stands.get(name, name) != me


def ordered(label: str, rows: list[Migration]) -> list[Migration]:
    """Dependency order within the app; ties are sorted by name."""
    by_name = {row["name"]: row for row in sorted(rows, key=lambda row: row["name"])}
    stands = _stand_ins(label, rows)
    out: list[Migration] = []
    state: dict[str, int] = {}
    for start in by_name:
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                state[name] = 2
                out.append(by_name[name])
                continue
            if state.get(name):
                continue
            state[name] = 1
            stack.append((name, True))
            for dep in sorted(by_name[name]["deps"], reverse=True):
                app, _, inner = dep.partition(".")
                inner = inner if inner in by_name else stands.get(inner, inner)
                if app == label and inner in by_name and not state.get(inner):
                    stack.append((inner, False))
    return out
