"""Whether a section has the shape that pages and summaries rely on.

The live child runs the project's code, which could send lines of its own: what does not have the
documented shape is turned into a failed section before anybody reads it.
"""

from __future__ import annotations

from typing import Any

ERROR = ("text", "file", "line")
# Section -> key -> what each row must have; None: any list or dict of that name is enough.
ROWS: dict[str, dict[str, tuple[str, ...] | None]] = {
    "apps": {"apps": ("label", "name", "origin", "path"), "unresolved": ("text",), "errors": None},
    "models": {
        "models": ("label", "app", "name", "origin", "fields", "file", "line", "bases"),
        "abstract": ("name",),
        "errors": ("text", "file", "line"),
    },
    "migrations": {
        "apps": ("origin", "leaves", "migrations"),
        "conflicts": None,
        "unmigrated": None,
        "no_migrations_with_models": None,
        "errors": ("text", "file", "line"),
    },
    "databases": {"databases": ("state", "pending", "ghosts", "missing_tables", "engine")},
    "checks": {
        "messages": ("id", "level", "msg", "origin", "deploy", "silenced", "obj", "file", "line"),
        "failed": ("check", "message"),
    },
    "urls": {
        "routes": ("pattern", "kind", "name", "view", "full_name", "file", "line", "origin"),
        "unresolved": ("text", "file", "line"),
        "errors": ("text", "file", "line"),
    },
    "settings": {
        "variables": ("name", "value", "file", "line"),
        "env": ("name", "required", "set"),
        "errors": ("text", "file", "line"),
    },
    "dependencies": {"declared": ("name",), "installed": ("name", "version")},
    "code": {"unparsable": ("file", "line", "text", "hint")},
    "admin": {"sites": ("name", "registered"), "errors": ERROR},
    "commands": {"commands": ("name", "app", "origin", "file", "line"), "errors": ERROR},
    "signals": {
        "receivers": ("signal", "receiver", "sender", "origin", "file", "line"),
        "defined": ("name", "origin"),
        "errors": ERROR,
    },
    "middleware": {"middleware": ("path", "origin", "file", "line"), "errors": ERROR},
    "packages": {"packages": ("name", "version", "direct"), "errors": ERROR},
    "drift": {"apps": ("origin", "ops"), "overridden": None, "incomplete": None, "errors": ERROR},
    "templates": {
        "engines": ("name",),
        "templates": ("name", "file", "origin"),
        "broken": ("name", "file", "line", "text"),
        "shadowed": ("name", "file", "hidden"),
        "missing": ("name", "kind", "file", "line"),
        "edges": ("source", "target", "kind"),
        "unused": ("name", "file", "certain"),
        "references": ("name",),
        "computed": ("text",),
        "errors": ERROR,
    },
    "tasks": {
        "tasks": ("name", "kind", "function", "origin", "file", "line"),
        "schedule": ("name", "task", "when", "file", "line"),
        "backends": ("alias", "backend"),
        "errors": ERROR,
    },
    "i18n": {
        "languages": ("code", "name"),
        "locale_paths": ("path", "exists"),
        "catalogues": (
            *("domain", "language", "folder", "app", "used", "po", "mo", "compiled", "errors"),
            *("messages", "translated", "fuzzy", "untranslated", "differing", "example"),
            *("obsolete", "plural_forms", "compiled_messages"),
        ),
        "missing": ("language", "folder"),
        "errors": ERROR,
    },
    "deploy": {"modules": ("module", "kind", "ok", "messages", "error"), "left_out": None},
    "tests": {"tests": ("name", "file", "line"), "per_app": None, "errors": ERROR},
    "side_effects": {
        "events": ("kind", "what", "denied", "file", "line"),
        "env_reads": ("name", "set"),
        "deprecations": ("text",),
        "threads": None,
    },
}
KEYS: dict[str, tuple[str, ...]] = {
    "runtime": ("python", "django", "settings_module", "assumed", "executable"),
    "settings": ("module", "files", "secret_key"),
    "code": ("files", "lines", "tests", "per_app"),
    "i18n": ("use_i18n", "language_code", "languages_set", "middleware", "prefix", "left_out"),
    "sql": ("state", "lines", "driver", "why", "tables"),
}
LEVELS = {"debug", "info", "warning", "error", "critical"}


def fault(name: str, data: Any) -> str | None:
    """What is wrong with a section's data, or None."""
    if not isinstance(data, dict):
        return "it is not an object"
    for key in KEYS.get(name, ()):
        if key not in data:
            return f"{key} is missing"
    for key, required in ROWS.get(name, {}).items():
        rows = data.get(key)
        if not isinstance(rows, list | dict):
            return f"{key} is missing"
        if required is None:
            continue
        for row in rows.values() if isinstance(rows, dict) else rows:
            if not isinstance(row, dict) or not all(one in row for one in required):
                return f"a row of {key} is incomplete"
    return _deeper(name, data)


def _deeper(name: str, data: dict[str, Any]) -> str | None:
    if name == "models":
        for row in data["models"]:
            fields = row["fields"]
            if not isinstance(fields, list) or not all(
                isinstance(field, dict) and {"name", "type"} <= field.keys() for field in fields
            ):
                return f"the fields of {row['label']} are incomplete"
    if name == "migrations":
        for label, row in data["apps"].items() if isinstance(data["apps"], dict) else []:
            migrations = row["migrations"]
            if not isinstance(migrations, list) or not all(
                isinstance(one, dict) and {"name", "file", "deps", "ops"} <= one.keys()
                for one in migrations
            ):
                return f"the migrations of {label} are incomplete"
    if name == "sql" and not (
        isinstance(data["lines"], list) and all(isinstance(one, str) for one in data["lines"])
    ):
        return "lines are not text"
    if name == "checks" and any(one["level"] not in LEVELS for one in data["messages"]):
        return "a level is unknown"
    return None
