"""Everything in a project that has a name, with the URL of its page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from .latest_results import Facts, LatestResults
from .origins import own_first
from .settings import variables
from .templates import rows as template_rows
from .translations import languages
from .urls import routes

SECTIONS = (
    "models",
    "urls",
    "settings",
    "migrations",
    "templates",
    "commands",
    "dependencies",
    "tasks",
    "i18n",
)
MOST = 60_000  # rows; more would be slow to fetch and to search
NAME = 200  # characters per name

# (kind, name, parent, URL)
Row = tuple[str, str, str, str]


def search_rows(latest: LatestResults) -> list[Row]:
    """Models first, then their fields and so on, then the rest; at most ``MOST`` rows."""
    found = latest.get(*SECTIONS)
    base = {
        name: reverse(f"inspector:{name}", args=[latest.project.pk])
        for name in (*SECTIONS[:5], "wiring", "dependencies", "translations")
    }
    rows: list[Row] = []
    for source in (
        _models,
        _urls,
        _settings,
        _migrations,
        _templates,
        _commands,
        _tasks,
        _packages,
        _languages,
    ):
        for kind, name, detail, address in source(found, base):
            rows.append((kind, (name or "")[:NAME], (detail or "")[:NAME], address))
            if len(rows) == MOST:
                return rows
    return rows


def _models(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    models = (found["models"].data or {}).get("models") or []
    for m in models:
        yield (
            "model",
            m["label"],
            m.get("table") or "",
            f"{base['models']}?model={quote(m['label'])}",
        )
    for m in models:
        address = f"{base['models']}?model={quote(m['label'])}"
        for f in m.get("fields") or []:
            name = f"{m['label']}.{f['name']}"
            yield "field", name, f.get("type") or "", f"{address}#f-{quote(f['name'])}"


def _urls(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for number, r in enumerate(routes(found["urls"].data), 1):
        detail = " ".join(filter(None, (r.get("full_name"), r.get("view"))))
        yield "URL", f"/{r['pattern']}", detail, f"{base['urls']}#u-{number}"


def _settings(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for v in variables(found["settings"].data):
        yield "setting", v["name"], "", f"{base['settings']}#v-{quote(v['name'])}"
    for number, e in enumerate((found["settings"].data or {}).get("env") or [], 1):
        yield "variable", e["name"], _("environment"), f"{base['settings']}#e-{number}"


def _migrations(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for label, app in ((found["migrations"].data or {}).get("apps") or {}).items():
        for m in app["migrations"]:
            name = f"{label}.{m['name']}"
            yield (
                "migration",
                name,
                "",
                f"{base['migrations']}#mig-{quote(label)}-{quote(m['name'])}",
            )


def _templates(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for number, row in enumerate(template_rows(found["templates"].data), 1):
        t = row.template
        yield "template", t["name"], t.get("app") or "", f"{base['templates']}#t-{number}"


def _commands(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for c in (found["commands"].data or {}).get("commands") or []:
        yield "command", c["name"], c.get("app") or "", f"{base['wiring']}#mc-{quote(c['name'])}"


def _tasks(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    rows = own_first((found["tasks"].data or {}).get("tasks"), "name")
    for number, t in enumerate(rows, 1):
        yield "task", t["name"], t["kind"], f"{base['wiring']}#bt-{number}"


def _packages(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for number, d in enumerate((found["dependencies"].data or {}).get("declared") or [], 1):
        detail = d.get("installed") or ""
        yield "package", d["name"], detail, f"{base['dependencies']}#d-{number}"


def _languages(found: dict[str, Facts], base: dict[str, str]) -> Iterator[Row]:
    for one in languages(found["i18n"].data):
        yield "language", one.code, one.name, f"{base['translations']}#lang-{quote(one.code)}"
