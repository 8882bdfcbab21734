"""What the project registers: admin classes, management commands, signal
receivers and middleware.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

from djdesk.messages import say
from djdesk.projects.code.evaluate import Items
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.tree import Origin, Tree
from djdesk.projects.redact import scrub
from inspector.sections.behaviour import (
    Admin,
    Command,
    Commands,
    Inline,
    Middleware,
    MiddlewareRow,
    Receiver,
    Registered,
    Signal,
    Signals,
    Site,
)
from inspector.sections.common import Problem
from inspector.static_analysis.adminfacts import AdminClass, Option
from inspector.static_analysis.apps import App
from inspector.static_analysis.files import File, Files, Names
from inspector.static_analysis.memo import Memo

DJANGO_SIGNALS = ("django.", "rest_framework.")
# By dotted name: the file that defines the class, and what it says.
Classes = dict[str, tuple[File, AdminClass]]


def admin(files: Files, names: Names) -> Admin:
    """The `admin` section: the default site, as far as it is literal."""
    rows: list[Registered] = []
    classes: Classes = {}
    for file in files.rows:
        for name, facts in file.facts["admin_classes"].items():
            classes[f"{file.name}.{name}"] = (file, facts)
    for file in files.rows:
        if file.test:
            continue
        for model, kind, line in file.facts["admin"]:
            found = names.model(model, file)
            known = classes.get(kind or "")
            inlines = _inherited(classes, kind or "", "inlines")
            rows.append(
                {
                    "model": found["label"] if found else model,
                    "admin": kind or "django.contrib.admin.ModelAdmin",
                    "origin": "project",
                    "file": known[0].relative if known else file.relative,
                    "line": known[1]["line"] if known else line,
                    "list_display": _inherited(classes, kind or "", "list_display"),
                    "list_filter": _inherited(classes, kind or "", "list_filter"),
                    "search_fields": _inherited(classes, kind or "", "search_fields"),
                    "readonly_fields": _inherited(classes, kind or "", "readonly_fields"),
                    "ordering": _inherited(classes, kind or "", "ordering"),
                    "inlines": [_inline(classes, names, one) for one in inlines],
                }
            )
    rows.sort(key=lambda row: row["model"])
    site: Site = {
        "name": "admin",
        "class": "django.contrib.admin.sites.AdminSite",
        "registered": rows,
    }
    return {"sites": [site], "errors": []}


def _inherited(
    classes: Classes, kind: str, option: Option | Literal["inlines"], depth: int = 0
) -> list[str]:
    if kind not in classes or depth > 8:
        return []
    facts = classes[kind][1]
    if option in facts and (facts[option] or option != "inlines"):
        return list(facts[option])
    for base in facts["bases"]:
        if found := _inherited(classes, base, option, depth + 1):
            return found
    return []


def _inline(classes: Classes, names: Names, kind: str) -> Inline:
    if kind not in classes:
        return {"admin": kind, "model": None, "file": None, "line": None}
    file, facts = classes[kind]
    model = names.model(facts["model"], file)
    return {
        "admin": kind,
        "model": model["label"] if model else facts["model"],
        "file": file.relative,
        "line": facts["line"],
    }


def commands(tree: Tree, files: Files, apps: list[App]) -> Commands:
    """The `commands` section: commands of the project and of third-party apps."""
    known = {row.path: row.facts for row in files.rows}
    seen: dict[str, Command] = {}
    # As in Django: an earlier app's command hides a later app's.
    for app in reversed(apps):
        folder = app.folder / "management" / "commands" if app.folder else None
        if folder is None or app.name.startswith("django."):
            continue
        for file in sorted(folder.glob("*.py")):
            if file.name.startswith("_"):
                continue
            facts = known.get(file) or files.facts(file, str(file))
            line, text = facts["command"] or (None, None)
            earlier = seen.get(file.stem)
            seen[file.stem] = {
                "name": file.stem,
                "app": app.label,
                "origin": tree.origin(file),
                "file": tree.relative(file),
                "line": line,
                "help": text,
                "overrides": earlier["app"] if earlier else _djangos(tree, file.stem),
            }
    return {"commands": [seen[name] for name in sorted(seen)], "errors": []}


def _djangos(tree: Tree, name: str) -> str | None:
    return "django.core" if tree.locate(f"django.core.management.commands.{name}") else None


def signals(files: Files, names: Names) -> Signals:
    """The `signals` section: `@receiver` and `signal.connect()` of the project."""
    defined: list[Signal] = []
    for file in files.rows:
        for name, called, line in file.facts["signals"]:
            if called.startswith("django.") or called.endswith(".Signal"):
                defined.append(
                    {
                        "name": f"{file.name}.{name}",
                        "file": file.relative,
                        "line": line,
                        "origin": "project",
                    }
                )
    own = {row["name"] for row in defined}
    receivers: list[Receiver] = []
    for file in files.rows:
        if file.test:
            continue
        for signal, receiver, sender, uid, line, inside in file.facts["receivers"]:
            known = signal in own or ".signals." in signal or signal.startswith(DJANGO_SIGNALS)
            if not known:
                continue
            model = names.model(sender, file)
            receivers.append(
                {
                    "signal": signal,
                    "receiver": receiver,
                    "sender": model["label"] if model else sender,
                    "origin": "project",
                    "file": file.relative,
                    "line": line,
                    "dispatch_uid": uid,
                    "conditional": inside,
                }
            )
    receivers.sort(key=lambda row: (row["signal"], row["receiver"]))
    defined.sort(key=lambda row: row["name"])
    return {"receivers": receivers, "defined": defined, "errors": []}


def middleware(tree: Tree, settings: Settings, memo: Memo) -> Middleware:
    """The `middleware` section, from `MIDDLEWARE` as far as it is literal."""
    value = settings.names.get("MIDDLEWARE")
    rows: list[MiddlewareRow] = []
    errors: list[Problem] = []
    if isinstance(value, Items):
        for path, _, conditional in value.items:
            if isinstance(path, str):
                make = partial(_one_middleware, tree, path, conditional)
                rows.append(memo.result(f"middleware:{path}", str(conditional), make))
        for text, line in value.unresolved:
            file = settings.unresolved_in.get((text, line))
            errors.append(
                {
                    "text": say("Known only when the code runs: {code}", code=scrub(text)[:200]),
                    "file": tree.relative(file) if file else None,
                    "line": line,
                }
            )
    return {"middleware": rows, "errors": errors}


def _one_middleware(tree: Tree, path: str, conditional: bool) -> MiddlewareRow:
    place = tree.find(path)
    line = None
    file: Path | None = place.module.file if place else None
    if place:
        node = place.module.classes.get(place.name) or place.module.functions.get(place.name)
        line = node.lineno if node else None
    origin: Origin = "django" if path.startswith("django.") else "third-party"
    if file is not None:
        origin = tree.origin(file)
    return {
        "path": scrub(path),
        "origin": origin,
        "file": tree.relative(file) if file else None,
        "line": line,
        "async": None,
        "sync": None,
        "conditional": conditional,
    }


def module_of(files: Files, name: str) -> File | None:
    return next((row for row in files.rows if row.name == name), None)
