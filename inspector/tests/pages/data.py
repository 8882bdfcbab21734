"""Sections in the format of docs/snapshot.md."""

from __future__ import annotations

from typing import Any


def model(label: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    app, _, name = label.partition(".")
    return {
        "label": label,
        "app": app,
        "name": name,
        "module": f"{app}.models",
        "file": f"{app}/models.py",
        "line": 7,
        "origin": "project",
        "table": f"{app}_{name.lower()}",
        "verbose_name": name.lower(),
        "bases": [],
        "managers": [],
        "methods": [],
        "properties": [],
        "fields": [field("id", "BigAutoField", pk=True, auto=True), *fields],
    } | more


def field(name: str, kind: str = "CharField", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "class": f"django.db.models.{kind}",
        "type": kind,
        "column": name,
        "file": None,
        "line": None,
    } | more


def foreign_key(name: str, to: str, **more: Any) -> dict[str, Any]:
    rel = {"kind": "fk", "to": to, "on_delete": "PROTECT"} | more
    return field(name, "ForeignKey", rel=rel)


def models(*found: dict[str, Any]) -> dict[str, Any]:
    return {"models": list(found), "abstract": [], "errors": []}


def many_models(apps: int = 20, each: int = 10) -> dict[str, Any]:
    """``apps`` times ``each`` models with eight fields, each related to the previous one."""
    found = []
    for a in range(apps):
        for n in range(each):
            fields = [field(f"field_{i}", max_length=80) for i in range(6)]
            if n:
                fields.append(foreign_key("before", f"app{a:02}.Model{n - 1:02}"))
            found.append(model(f"app{a:02}.Model{n:02}", *fields))
    return models(*found)


def route(pattern: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {
        "pattern": pattern,
        "kind": "route",
        "name": name,
        "ns": None,
        "full_name": name,
        "params": {},
        "view": f"shop.views.{name or 'view'}",
        "view_kind": "function",
        "file": "shop/views.py",
        "line": 4,
        "route_file": None,
        "route_line": None,
        "methods": ["GET"],
        "login_required": None,
        "csrf_exempt": False,
        "origin": "project",
        "urlconf": "shop.urls",
    } | more


def urls(*routes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "root": ["shop.urls"],
        "routes": list(routes),
        "unresolved": [],
        "duplicate_names": {},
        "errors": [],
    } | more


def message(level: str = "warning", **more: Any) -> dict[str, Any]:
    return {
        "id": "fields.W340",
        "level": level,
        "msg": "null has no effect",
        "hint": None,
        "obj": "shop.Part",
        "origin": "project",
        "file": "shop/models.py",
        "line": 3,
        "deploy": False,
        "silenced": False,
    } | more


def checks(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"messages": list(messages), "ran": 31, "failed": [], "slow": [], "silenced": []}


def migration(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "file": f"shop/migrations/{name}.py",
        "ops": 1,
        "op_kinds": {"CreateModel": 1},
        "deps": [],
        "irreversible": [],
        "data_ops": [],
    } | more


def migrations(*found: dict[str, Any], app: str = "shop", **more: Any) -> dict[str, Any]:
    return {
        "apps": {
            app: {
                "origin": "project",
                "path": f"{app}/migrations",
                "leaves": [],
                "migrations": list(found),
            }
        },
        "conflicts": {},
        "unmigrated": [],
        "no_migrations_with_models": [],
        "overridden": [],
        "errors": [],
    } | more


def database(applied: list[str], pending: list[str] | None, **more: Any) -> dict[str, Any]:
    return {
        "databases": {
            "default": {
                "engine": "django.db.backends.sqlite3",
                "name": "db.sqlite3",
                "state": "ok",
                "note": "",
                "applied_count": len(applied),
                "applied": applied,
                "pending": pending,
                "ghosts": [],
                "missing_tables": [],
                "unclaimed_tables": [],
            }
            | more
        },
        "errors": [],
    }
