# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about the code: queries, side effects, cycles, templates, URL names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inspector.facts.finding import Finding, Known, fact, listed, many

Findings = Iterator[Finding]
Row = dict[str, Any]


def effects(known: Known) -> Findings:
    data = known.data("side_effects")
    if data is None:
        return
    rows = [one for one in data["events"] if one.get("origin", "project") == "project"]
    texts = {
        "database": (
            "effects.queries",
            "warning",
            "Queries while the code is imported",
            "Every command queries the database before it does anything, migrate on an empty one fails, "
            "and tests read the real data. Move the query into a function.",
            22,
        ),
        "write": (
            "effects.writes",
            "info",
            "Loading the project writes files",
            "Read-only installations and two processes at once fail. Make folders and keys when they "
            "are needed, not at import.",
            55,
        ),
        "connect": (
            "effects.network",
            "info",
            "Loading the project reaches for the network",
            "The project starts slowly or not at all when that service is away. Connect on first use.",
            54,
        ),
        "spawn": (
            "effects.programs",
            "info",
            "Loading the project starts programs",
            "Every command pays for it, and it fails where the program is not installed.",
            56,
        ),
    }
    kinds = {"sqlite-open": "write", "resolve": "connect"}
    groups: dict[str, list[Row]] = {}
    for one in rows:
        groups.setdefault(kinds.get(one["kind"], one["kind"]), []).append(one)
    for kind, found in groups.items():
        if kind not in texts:
            continue
        name, severity, title, why, rank = texts[kind]
        first = found[0]
        place = f" ({first['file']}:{first['line']})" if first["file"] else ""
        yield Finding(
            name,
            severity,
            title,
            f"{many(len(found), 'place')}, the first: {first['what']}{place}.",
            why,
            [fact(_effect(one), "side_effects", one) for one in found],
            "side_effects",
            rank,
        )
    old = [one for one in data["deprecations"] if one["origin"] == "project"]
    if old:
        yield Finding(
            "effects.deprecations",
            "info",
            f"{many(len(old), 'deprecated use', 'deprecated uses')} in this project",
            old[0]["text"][:300],
            "These stop working in a later version. They were seen while the project was loaded; "
            "running its tests with -Wd shows the rest.",
            [fact(f"{one['category']}: {one['text']}", "side_effects", one) for one in old],
            "side_effects",
            58,
        )


def _effect(one: Row) -> str:
    times = f", {one['count']} times" if one["count"] > 1 else ""
    when = "" if one.get("during") in {None, "load"} else f" (while reading {one['during']})"
    return f"{one['kind']} {one['what']}{times}{when}"


def cycles(known: Known) -> Findings:
    data = known.data("code")
    if data is None:
        return
    firm = data.get("cycles", [])
    for group in firm:
        edges = [
            one
            for one in data["imports"]
            if one["source"] in group and one["target"] in group
            and not one["local"] and not one["typing_only"]
        ]  # fmt: skip
        yield Finding(
            f"apps.cycle:{'-'.join(group)}",
            "warning",
            f"{listed(group)} import each other",
            f"{many(len(group), 'app')} form a circle of imports at module level.",
            "None of them can be used, tested or moved without the others, and the order of imports "
            "decides whether it works at all. Move what is shared into one that the others import, "
            "or name models by text.",
            [
                fact(
                    f"{one['source']} imports {one['target']}, {many(one['count'], 'time')}",
                    "code",
                    one,
                )
                for one in edges
            ],
            "code",
            40,
        )


def templates(known: Known) -> Findings:
    data = known.data("templates")
    if data is None:
        return
    if data["broken"]:
        yield Finding(
            "templates.broken",
            "error" if known.live("templates") else "warning",
            f"{many(len(data['broken']), 'template')} cannot be compiled",
            f"{data['broken'][0]['name']}: {data['broken'][0]['text']}",
            "A page that uses one of them answers with an error.",
            [fact(f"{one['name']}: {one['text']}", "templates", one) for one in data["broken"]],
            "templates",
            9,
        )
    if data["missing"]:
        yield Finding(
            "templates.missing",
            "warning",
            f"{many(len(data['missing']), 'reference')} to templates that are not there",
            f"{data['missing'][0]['name']} is named in {data['missing'][0]['file']} and found nowhere.",
            "The page that needs it fails with TemplateDoesNotExist, unless the tag tolerates it.",
            [fact(one["name"], "templates", one) for one in data["missing"]],
            "templates",
            19,
        )
    unused = [one for one in data["unused"] if one["certain"]]
    if unused:
        yield Finding(
            "templates.unused",
            "info",
            f"{many(len(unused), 'template')} that nothing names",
            f"{listed([one['name'] for one in unused])}.",
            "No view, no other template and no convention of Django or of an installed app refers to "
            "them, and this project computes no template names that could match. Probably left over.",
            [fact(one["name"], "templates", {"file": one["file"], "line": None}) for one in unused],
            "templates",
            68,
        )


def url_names(known: Known) -> Findings:
    """Only where all routes are known: live, or static without an unresolved part."""
    code, urls = known.data("code"), known.data("urls")
    if code is None or urls is None or urls["errors"] or not urls["routes"]:
        return
    if urls["unresolved"] and not known.live("urls"):
        return
    plain = {one["name"] for one in urls["routes"] if one["name"] and not one["ns"]}
    spaced = {one["name"] for one in urls["routes"] if one["name"] and one["ns"]}
    bad = []
    for one in code.get("url_names", []):
        space, _, last = one["name"].rpartition(":")
        # The application namespace may differ from the instance's: the name itself must exist.
        if last not in (spaced if space else plain):
            bad.append(one)
    if bad:
        yield Finding(
            "urls.unresolvable",
            "warning",
            f"{many(len({one['name'] for one in bad}), 'URL name')} without a route",
            f"{bad[0]['name']} is used in {bad[0]['file']}:{bad[0]['line']}, and no route has that name.",
            "reverse() and {% url %} raise NoReverseMatch there: the page fails. The name is wrong, or "
            "the route is only there with other settings.",
            [fact(f"{one['name']} ({one['kind']})", "urls", one) for one in bad],
            "code",
            13,
        )


def queries(known: Known) -> Findings:
    data = known.data("code")
    rows = data.get("queries", []) if data else []
    loops = [one for one in rows if one["kind"] == "loop"]
    if loops:
        first = loops[0]
        yield Finding(
            "queries.n-plus-one",
            "warning",
            f"{many(len(loops), 'loop')} with one query per row",
            f"{first['text']} in {first['file']}:{first['line']} fetches {first['field']} of each "
            f"{first['model']} by itself.",
            "The number of queries grows with the number of rows. select_related fetches the relation "
            "in the same query.",
            [fact(f"{one['text']} ({one['model']}.{one['field']})", "code", one) for one in loops],
            "code",
            35,
        )
    filters = [one for one in rows if one["kind"] == "filter"]
    if filters:
        names = list(dict.fromkeys(f"{one['model']}.{one['field']}" for one in filters))
        yield Finding(
            "queries.missing-index",
            "warning",
            f"{many(len(names), 'foreign key')} filtered without an index",
            f"{listed(names)}: db_index is off, and no index or constraint begins with the column.",
            "Each of these queries reads the whole table. Leave db_index on, or add an index.",
            [
                fact(f"{one['text']}() on {one['model']}.{one['field']}", "code", one)
                for one in filters
            ],
            "models",
            36,
        )


def unreadable(known: Known) -> Findings:
    data = known.data("code")
    rows = data["unparsable"] if data else []
    if rows:
        yield Finding(
            "code.unparsable",
            "warning",
            f"{many(len(rows), 'file')} cannot be parsed",
            f"{rows[0]['file']}: {rows[0]['text']}. {rows[0]['hint']}".strip(),
            "What they define is missing from everything that is read from the source.",
            [fact(f"{one['file']}: {one['text']}", "code", one) for one in rows],
            "code",
            37,
        )


RULES: list[Callable[[Known], Findings]] = [
    effects,
    cycles,
    templates,
    url_names,
    queries,
    unreadable,
]
