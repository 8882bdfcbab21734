"""What the project registers: admin classes, management commands, signal
receivers and middleware.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from djdesk.messages import say
from djdesk.projects.code.evaluate import Items
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.tree import Tree
from djdesk.projects.redact import scrub
from inspector.static_analysis.adminfacts import OPTIONS
from inspector.static_analysis.apps import App
from inspector.static_analysis.files import File, Files, Names
from inspector.static_analysis.memo import Memo

DJANGO_SIGNALS = ("django.", "rest_framework.")


def admin(files: Files, names: Names) -> dict[str, Any]:
    """The `admin` section: the default site, as far as it is literal."""
    rows, classes = [], {}
    for file in files.rows:
        for name, facts in file.facts["admin_classes"].items():
            classes[f"{file.name}.{name}"] = (file, facts)
    for file in files.rows:
        if file.test:
            continue
        for model, kind, line in file.facts["admin"]:
            found = names.model(model, file)
            owner, facts = classes.get(kind or "", (file, {"line": line}))
            row: dict[str, Any] = {
                "model": found["label"] if found else model,
                "admin": kind or "django.contrib.admin.ModelAdmin",
                "origin": "project",
                "file": owner.relative,
                "line": facts["line"],
            }
            for option in OPTIONS:
                row[option] = _inherited(classes, kind or "", option, 0)
            row["inlines"] = [
                _inline(classes, names, one)
                for one in _inherited(classes, kind or "", "inlines", 0)
            ]
            rows.append(row)
    rows.sort(key=lambda row: str(row["model"]))
    site = {"name": "admin", "class": "django.contrib.admin.sites.AdminSite", "registered": rows}
    return {"sites": [site], "errors": []}


def _inherited(classes: dict[str, Any], kind: str, option: str, depth: int) -> list[Any]:
    if kind not in classes or depth > 8:
        return []
    facts = classes[kind][1]
    if option in facts and (facts[option] or option != "inlines"):
        return list(facts[option])
    for base in facts["bases"]:
        if found := _inherited(classes, base, option, depth + 1):
            return found
    return []


def _inline(classes: dict[str, Any], names: Names, kind: str) -> dict[str, Any]:
    file, facts = classes.get(kind, (None, {}))
    model = names.model(facts.get("model"), file)
    return {
        "admin": kind,
        "model": model["label"] if model else facts.get("model"),
        "file": file.relative if file else None,
        "line": facts.get("line"),
    }


def commands(tree: Tree, files: Files, apps: list[App]) -> dict[str, Any]:
    """The `commands` section: commands of the project and of third-party apps."""
    known = {row.path: row.facts for row in files.rows}
    seen: dict[str, dict[str, Any]] = {}
    # As in Django: an earlier app's command hides a later app's.
    for app in reversed(apps):
        folder = app.folder / "management" / "commands" if app.folder else None
        if folder is None or app.name.startswith("django."):
            continue
        for file in sorted(folder.glob("*.py")):
            if file.name.startswith("_"):
                continue
            facts = known.get(file) or files.facts(file, str(file))
            line, text = facts["command"] or [None, None]
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


def signals(files: Files, names: Names) -> dict[str, Any]:
    """The `signals` section: `@receiver` and `signal.connect()` of the project."""
    defined = []
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
    receivers = []
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


def middleware(tree: Tree, settings: Settings, memo: Memo) -> dict[str, Any]:
    """The `middleware` section, from `MIDDLEWARE` as far as it is literal."""
    value = settings.names.get("MIDDLEWARE")
    rows, errors = [], []
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


def _one_middleware(tree: Tree, path: str, conditional: bool) -> dict[str, Any]:
    place = tree.find(path)
    line = None
    file: Path | None = place.module.file if place else None
    if place:
        node = place.module.classes.get(place.name) or place.module.functions.get(place.name)
        line = node.lineno if node else None
    origin = tree.origin(file) if file else "outside"
    if file is None:
        origin = "django" if path.startswith("django.") else "third-party"
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
