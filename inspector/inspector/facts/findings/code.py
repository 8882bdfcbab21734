# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about the code: queries, side effects, cycles, templates, URL names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from djdesk.messages import joined, say, say_n
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, fact
from inspector.sections.checks import Effect, Warned
from inspector.sections.code import Unparsable, UrlName
from inspector.sections.common import Place, Severity, data_of
from inspector.sections.templates import BrokenTemplate, Templates, UnusedTemplate

Findings = Iterator[Finding]


def _while_loading(event: Effect) -> bool:
    """Checks and templates are not part of importing; views are imported with them."""
    if event.get("thread"):
        return False  # it may wait until the project has loaded
    if event.get("during") in {None, "load"}:
        return True
    if "/migrations/" in f"/{event['file'] or ''}":
        return False  # imported only when migrations are read
    return any(frame.endswith(" in <module>") for frame in event["frames"])


def effects(known: Known) -> Findings:
    data = data_of(known.sections.get("side_effects"))
    if data is None:
        return
    rows = [
        one
        for one in data["events"]
        if one.get("origin", "project") == "project" and _while_loading(one)
    ]
    texts: dict[str, tuple[str, Severity, str, str, int]] = {
        "database": (
            "effects.queries",
            "warning",
            say("Queries while the project loads"),
            say(
                "Every command queries the database before it does anything: on an empty one migrate can fail, "
                "and tests read the real data. Query when the data is needed."
            ),
            22,
        ),
        "write": (
            "effects.writes",
            "info",
            say("Loading the project writes files"),
            say(
                "This fails in read-only installations and with two processes at once. Create "
                "folders and keys when they are needed, not at import."
            ),
            55,
        ),
        "connect": (
            "effects.network",
            "info",
            say("Loading the project accesses the network"),
            say(
                "The project starts slowly or not at all when that service is away. Connect on first use."
            ),
            54,
        ),
        "spawn": (
            "effects.programs",
            "info",
            say("Loading the project starts programs"),
            say("It slows down every command, and fails where the program is not installed."),
            56,
        ),
    }
    kinds = {"sqlite-open": "write", "resolve": "connect"}
    groups: dict[str, list[Effect]] = {}
    for one in rows:
        groups.setdefault(kinds.get(one["kind"], one["kind"]), []).append(one)
    for kind, found in groups.items():
        if kind not in texts:
            continue
        name, severity, title, why, rank = texts[kind]
        if kind == "database" and all(one.get("during") == "tasks" for one in found):
            # Imported by workers only, not when the site starts.
            severity = "info"
            why = say(
                "What imports these modules, such as a worker, queries the database before it does anything, "
                "and fails where the tables are missing. Move the query into a function."
            )
        first = found[0]
        at = f" ({first['file']}:{first['line']})" if first["file"] else ""
        yield Finding(
            name,
            severity,
            title,
            say_n(
                "{n} place, the first: {what}{place}.",
                "{n} places, the first: {what}{place}.",
                len(found),
                what=first["what"],
                place=at,
            ),
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
            say_n(
                "{n} deprecated use in this project",
                "{n} deprecated uses in this project",
                len(old),
            ),
            " ".join(old[0]["text"].split())[:300],
            say(
                "These stop working in a later version. They were seen while the project was loaded; "
                "running its tests with -Wd shows the rest."
            ),
            [
                fact(
                    f"{one['category']}: {' '.join(one['text'].split())}",
                    "side_effects",
                    _written(known, one),
                )
                for one in old
            ],
            "side_effects",
            58,
        )


OF_SETTING = re.compile(r"\b([A-Z][A-Z0-9]*_[A-Z0-9_]+) (?:transitional )?setting\b")


def _written(known: Known, one: Warned) -> Place:
    """Where a deprecated setting is written: Django only says which line loaded the settings."""
    found = OF_SETTING.search(one["text"])
    if found is None:
        return one
    data = data_of(known.sections.get("settings"))
    rows = data["variables"] if data else []
    place = next((row for row in rows if row["name"] == found[1]), None)
    return place or {"file": None, "line": None}


def _effect(one: Effect) -> str:
    text = f"{one['kind']} {one['what']}"
    if one["count"] > 1:
        text = say("{event}, {n} times", event=text, n=one["count"])
    if one.get("during") not in {None, "load"}:
        # A section's name is translated by the pages.
        text = say("{event_text} (while reading {during})", event_text=text, during=one["during"])
    return text


def templates(known: Known) -> Findings:
    data = data_of(known.sections.get("templates"))
    if data is None:
        return
    yield from _broken(known, data)
    # A defect in a template that nobody renders affects nobody.
    idle = _idle(data, data["unused"])
    idle |= _of_no_admin(known, data)
    missing = [one for one in data["missing"] if one["file"] not in idle]
    if missing:
        # A folder that a build makes may hold it.
        built = data.get("absent", [])
        yield Finding(
            "templates.missing",
            "warning" if known.live("templates") and not built else "info",
            say_n(
                "{n} reference to missing templates",
                "{n} references to missing templates",
                len(missing),
            ),
            say(
                "{name} is named in {file} and found nowhere.",
                name=missing[0]["name"],
                file=missing[0]["file"],
            ),
            say(
                "These folders of templates do not exist here and may hold it: {names_list}.",
                names_list=listed(built),
            )
            if built
            else say(
                "The page that needs it fails with TemplateDoesNotExist, unless the tag tolerates it."
            ),
            [fact(one["name"], "templates", one) for one in missing],
            "templates",
            19,
        )
    unused = [one for one in data["unused"] if one["certain"]]
    if unused:
        yield Finding(
            "templates.unused",
            "info",
            say_n(
                "{n} template that nothing names", "{n} templates that nothing names", len(unused)
            ),
            _names([one["name"] for one in unused]),
            say(
                "No view, no other template and no convention of Django or of an installed app refers to "
                "them, and this project computes no template names that could match. Probably left over."
            ),
            [fact(one["name"], "templates", {"file": one["file"], "line": None}) for one in unused],
            "templates",
            68,
        )


# Templates that Django renders without being named in code, such as those of generic views.
BY_ITSELF = re.compile(r"^(4\d\d|500|403_csrf)\.html$|^(admin|registration)/")
OF_MODEL = re.compile(r"^([\w.-]+/\w+)(?:_list|_detail|_form|_confirm_delete)\.html$")
JINJA = re.compile(
    r"Invalid block tag on line \d+: '(set|macro|import|call|do|raw|break|continue)'"
)
ENDING = re.compile(r"\.(html?|txt|xml|jinja2?|j2|eml|mjml)$")


def _broken(known: Known, data: Templates) -> Findings:
    """Broken templates that are rendered, separate from those that may only be opened as files."""
    files: dict[str | None, tuple[BrokenTemplate, bool]] = {}
    named = {one["target"] for one in data["edges"]} | {one["name"] for one in data["references"]}
    # A template that overrides a package's is rendered in its place.
    named |= {one["name"] for one in data["shadowed"]}
    found = data_of(known.sections.get("models"))
    models = {f"{one['app']}/{one['name'].lower()}" for one in (found["models"] if found else [])}
    for one in data["broken"]:
        generic = OF_MODEL.match(one["name"])
        by_itself = bool(BY_ITSELF.search(one["name"]) or (generic and generic[1] in models))
        used = one["name"] in named or by_itself
        # One file can have two names, through a folder inside another.
        if one["file"] not in files or used:
            files[one["file"]] = one, used
    # Other engines, such as Jinja, read the files of such folders, too.
    waiting = [one for one, _ in files.values() if one.get("needs")]
    used_rows = [
        one
        for one, used in files.values()
        if used and one not in waiting and not JINJA.search(one["text"])
    ]
    # With another extension it is a text file that code opens, such as a documentation page.
    others = [
        one
        for one, _ in files.values()
        if one not in used_rows and one not in waiting and ENDING.search(one["name"])
    ]
    if used_rows:
        severity: Severity = "error" if known.live("templates") else "info"
        title = say_n(
            "{n} template cannot be compiled", "{n} templates cannot be compiled", len(used_rows)
        )
        why = say("A page that uses one of them answers with an error.")
        yield _uncompiled("templates.broken", severity, title, used_rows, why, 9)
    if others:
        title = say_n(
            "{n} file among the templates cannot be compiled, and nothing names it",
            "{n} files among the templates cannot be compiled, and nothing names them",
            len(others),
        )
        why = say("It may be opened as a plain file; as a template it fails.")
        yield _uncompiled("templates.broken-unnamed", "info", title, others, why, 67)
    if waiting:
        title = say_n(
            "{n} template needs something that is not there",
            "{n} templates need something that is not there",
            len(waiting),
        )
        why = say(
            "The templates may be right: a tag looks for files that npm builds first, for a package or for a table. With it they can be compiled."
        )
        yield _uncompiled("templates.needs", "info", title, waiting, why, 67)


def _uncompiled(
    kind: str, severity: Severity, title: str, rows: list[BrokenTemplate], why: str, order: int
) -> Finding:
    texts = [f"{one['name']}: " + one["text"] for one in rows]
    facts = [fact(text, "templates", one) for text, one in zip(texts, rows, strict=True)]
    return Finding(kind, severity, title, texts[0], why, facts, "templates", order)


def _of_no_admin(known: Known, data: Templates) -> set[str]:
    """Files of admin templates, if the admin is not installed."""
    installed = data_of(known.sections.get("apps"))
    apps = installed.get("apps", []) if installed else []
    if not apps or any(one["label"] == "admin" for one in apps):
        return set()
    rows = data.get("templates", [])
    return {one["file"] for one in rows if one["name"].startswith("admin/")}


def _idle(data: Templates, unused: list[UnusedTemplate]) -> set[str | None]:
    """Files of ``unused`` templates, and of those that only unused templates refer to."""
    files: set[str | None] = {one["file"] for one in unused}
    named = {one["name"] for one in data.get("references", [])}
    sources: dict[str, set[str | None]] = {}
    for edge in data.get("edges", []):
        if edge["target"] != edge["source"]:
            sources.setdefault(edge["target"], set()).add(edge["file"])
    places = {one["name"]: one["file"] for one in data.get("templates", [])}
    while True:
        more = {
            places[name]
            for name, found in sources.items()
            if name in places and name not in named and found <= files
        } - files
        if not more:
            return files
        files |= more


def _names(names: list[str]) -> str:
    more = len(names) - 4
    if more <= 0:
        return f"{', '.join(names)}."
    return say("{names} and {n} more.", names=", ".join(names[:4]), n=more)


def url_names(known: Known) -> Findings:
    """Only if all routes are known: live, or static without unresolved parts."""
    code, urls = data_of(known.sections.get("code")), data_of(known.sections.get("urls"))
    if code is None or urls is None or urls["errors"] or not urls["routes"]:
        return
    if urls["unresolved"] and not known.live("urls"):
        return
    plain = {one["name"] for one in urls["routes"] if one["name"] and not one["ns"]}
    spaced = {one["name"] for one in urls["routes"] if one["name"] and one["ns"]}
    # A route left out by a condition is often linked under the same condition.
    written = set(urls.get("written_names") or ())
    # So is a whole namespace, of which the source may not show the names.
    absent = set(urls.get("unread_spaces") or ()) - {one["ns"] for one in urls["routes"]}
    # A template that nothing uses affects nobody.
    there = data_of(known.sections.get("templates"))
    idle = _idle(there, there.get("unused", [])) if there else set()
    homes = _homes(known)
    bad = []
    for one in code.get("url_names", []):
        space, _, last = one["name"].rpartition(":")
        # The application namespace may differ from the instance's, so only the
        # name itself must exist.
        if one["kind"] == "template" and (one["file"] in idle or _replaces(known, space, one)):
            continue
        # An app that is not installed has no routes either.
        own = not homes or (one["file"] or "").startswith(homes)
        if space in absent or (one["kind"] in {"reverse", "redirect"} and not own):
            continue
        if last not in (spaced if space else plain) and last not in written:
            bad.append(one)
    if bad:
        yield Finding(
            "urls.unresolvable",
            "warning" if known.live("urls") else "info",
            say_n(
                "{n} URL name without a route",
                "{n} URL names without a route",
                len({one["name"] for one in bad}),
            ),
            say(
                "{name} is used in {where}, and no route has that name.",
                name=bad[0]["name"],
                where=f"{bad[0]['file']}:{bad[0]['line']}",
            ),
            say(
                "reverse() and {{% url %}} raise NoReverseMatch there: the page fails. The name is wrong, or "
                "the route is only there with other settings."
            ),
            [fact(f"{one['name']} ({one['kind']})", "urls", one) for one in bad],
            "code",
            13,
        )


def _replaces(known: Known, space: str, link: UrlName) -> bool:
    """Whether the template overrides one of an installed package, such as
    ``two_factor/core/setup.html``, and the link belongs to that package, whose view decides.
    """
    head = space.partition(":")[0]
    data = data_of(known.sections.get("apps"))
    apps = data["apps"] if data else []
    foreign = any(one["label"] == head and one["origin"] != "project" for one in apps)
    return bool(head) and foreign and f"/templates/{head}/" in f"/{link['file']}"


# A folder that cookiecutter or copier makes a project of: its files are templates.
GENERATED = re.compile(r"\{\{|\{%")


def unreadable(known: Known) -> Findings:
    """The project's own unreadable files, separate from others such as a library's scripts."""
    data = data_of(known.sections.get("code"))
    # Tests contain broken files on purpose.
    rows = [one for one in data["unparsable"] if not one.get("test")] if data else []
    homes = _homes(known)
    own = [
        one for one in rows if one["file"].startswith(homes) and not GENERATED.search(one["file"])
    ]
    why = say("What they define is missing from everything that is read from the source.")
    groups: list[tuple[Severity, list[Unparsable]]] = [
        ("warning", own),
        ("info", [one for one in rows if one not in own]),
    ]
    for severity, found in groups:
        if found:
            yield Finding(
                "code.unparsable",
                severity,
                say_n("{n} file cannot be parsed", "{n} files cannot be parsed", len(found)),
                joined([f"{found[0]['file']}: " + found[0]["text"] + ".", found[0]["hint"]]),
                why,
                [fact(f"{one['file']}: " + one["text"], "code", one) for one in found],
                "code",
                37 if own else 70,
            )


def _homes(known: Known) -> tuple[str, ...]:
    """Path prefixes of the folders of the project's apps and settings."""
    apps, settings = data_of(known.sections.get("apps")), data_of(known.sections.get("settings"))
    rows = apps["apps"] if apps else []
    folders = [one["path"] for one in rows if one["origin"] == "project" and one["path"]]
    files = settings["files"] if settings else []
    folders += [str(one).rpartition("/")[0] for one in files if "/" in str(one)]
    return tuple(f"{one}/" for one in folders if one != ".")


RULES: list[Callable[[Known], Findings]] = [
    effects,
    templates,
    url_names,
    unreadable,
]
