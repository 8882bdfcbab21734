"""ENV1: give typed values to variables that the settings need and that are not set on a desktop."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from djdesk.projects.discovery.env_files import find_examples
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision
from djdesk.projects.redact import secret_name

DATABASE = "sqlite:///app.sqlite3"  # DB1 moves it to the data folder
# What a variable of such a name contains; the first match counts.
NAMED = (
    (re.compile(r"DATABASE_?URL$|^DB_URL$"), DATABASE),
    (re.compile(r"CACHE_?URL$"), "locmemcache://"),
    (re.compile(r"EMAIL_?URL$|^MAIL_URL$"), "consolemail://"),
    (re.compile(r"DSN$"), ""),
    (re.compile(r"REDIS|BROKER|CELERY"), "redis://127.0.0.1:6379/0"),
    (re.compile(r"ALLOWED_HOSTS|_HOSTS?$|^HOST$|HOSTNAME|_DOMAIN$|SERVER$"), "127.0.0.1"),
    (re.compile(r"ADMIN_?(URL|PATH)$"), "admin/"),
    (re.compile(r"(SITE|BASE|ROOT|PUBLIC|FRONTEND|BACKEND|APP)_?(URL|URI)$"), "http://127.0.0.1"),
    (re.compile(r"FERNET|ENCRYPTION_?KEY"), "{key}"),
    (re.compile(r"PORT$"), "8000"),
    (re.compile(r"DEBUG|^USE_|^ENABLE_|_ENABLED?$"), "False"),
    (re.compile(r"(DIR|ROOT|FOLDER|PATH)$"), "{data}"),
    (re.compile(r"(EMAIL|MAIL_FROM|FROM)$"), "app@localhost"),
    (re.compile(r"TIME_?ZONE$|^TZ$"), "UTC"),
)
KINDS = {
    "bool": "False",
    "int": "1",
    "float": "1",
    "list": "",
    "dict": "",
    "json": "{}",
    "url": "http://127.0.0.1",
    "database": DATABASE,
    "path": "{data}",
}
# Placeholder values in examples.
FILLER = re.compile(r"^$|chang|your|example|xxx|<.*>|\.\.\.|todo|secret|placeholder", re.IGNORECASE)


def value_for(name: str, kind: str | None, example: str = "") -> str:
    """A value that the settings can parse: by name, by conversion, or from an example."""
    by_name = next((value for pattern, value in NAMED if pattern.search(name)), None)
    if kind in ("bool", "int", "float", "json", "database"):
        return KINDS[kind] if by_name is None or not _is(kind, by_name) else by_name
    if by_name is not None:
        return f"{by_name}/{name.lower()}" if by_name == "{data}" else by_name
    if secret_name(name) or re.search(r"(^|_)(KEY|SALT)$", name):
        return "{secret}"
    if kind:
        return KINDS.get(kind, "")
    return "" if FILLER.search(example) else example


def _is(kind: str, text: str) -> bool:
    if kind in ("int", "float"):
        return text.isdecimal()
    return kind != "json" and (kind != "bool" or text == "False")


def rule(look: Look, draft: Draft, given: Mapping[str, str] | None = None) -> list[Decision]:
    """``given``: variables of --env-file; only those that the settings read are used."""
    examples: dict[str, str] = {}
    for one in find_examples(look.project.root, look.base):
        examples = one.values | examples
    decisions = []
    for name, fact in sorted(look.variables.items()):
        if given and name in given:
            decisions.append(_given(look, draft, name, given[name], fact))
        elif fact["required"]:
            value = value_for(name, fact["kind"], examples.get(name, ""))
            decisions.append(add(draft, name, value, f"{fact['file']}:{fact['line']}"))
    return decisions


def _given(look: Look, draft: Draft, name: str, value: str, fact: Mapping[str, Any]) -> Decision:
    where = f"{fact['file']}:{fact['line']}"
    if fact["secret"]:
        # The table is committed and packaged; a secret in it would be public.
        return add(
            draft, name, "{secret}", where, "The value in the file is a secret, so it is not kept."
        )
    draft.set(f"environment.{name}", value)
    return Decision("ENV1", "", f"{name} has the value from the environment file.", "", where)


def add(draft: Draft, name: str, value: str, where: str, why: str = "") -> Decision:
    draft.set(f"environment.{name}", value)
    shown = {
        "{secret}": "a new secret for each installation",
        "{key}": "a new key for each installation",
    }.get(value, f"“{value}”")
    return Decision(
        "ENV1",
        "",
        f"{name} is {shown}.",
        why or "The settings read it, but nothing sets it on a desktop.",
        where,
        "To change it, set it in [tool.djdesk.environment].",
    )
