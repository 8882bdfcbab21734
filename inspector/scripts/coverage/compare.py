"""Converts a snapshot to the format of the independent script, and compares the two."""

from __future__ import annotations

from collections import Counter
from typing import Any

Facts = dict[str, set[Any]]


def facts(snapshot: dict[str, Any]) -> Facts:
    """Everything from installed apps, including those of libraries."""

    def data(section: str) -> dict[str, Any]:
        return (snapshot["sections"].get(section) or {}).get("data") or {}

    found: Facts = {key: set() for key in KINDS}
    # A swapped-out model is in our facts, but not in Django's registry.
    for model in data("models").get("models", ()):
        if not model.get("swapped"):
            add_model(found, model["label"], model["table"], ours_of(model))
    for label, app in data("migrations").get("apps", {}).items():
        found["migrations"] |= {f"{label}.{one['name']}" for one in app["migrations"]}
        found["leaves"] |= {f"{label}.{name}" for name in app["leaves"]}
    found["conflicts"] = set(data("migrations").get("conflicts", ()))
    for alias, one in data("databases").get("databases", {}).items():
        if one["state"] in {"ok", "empty"}:
            found["applied"] |= {f"{alias} {name}" for name in one["applied"]}
            found["pending"] |= {f"{alias} {name}" for name in one["pending"] or ()}
    found["routes"] = counted(
        (route["pattern"], route["full_name"])
        for route in data("urls").get("routes", ())
        if route["kind"] == "route" and not route.get("host")
    )
    found["settings"] = {one["name"] for one in data("settings").get("variables", ())}
    found["admin"] = {
        f"{site['name']} {one['model']}"
        for site in data("admin").get("sites", ())
        for one in site["registered"]
    }
    found["checks"] = counted(
        (one["id"], one["level"].upper())
        for one in data("checks").get("messages", ())
        if not one["deploy"]
    )
    return found


def own_models(snapshot: dict[str, Any]) -> Facts:
    """Names of the project's own models and fields, without those that Django creates itself."""
    data = (snapshot["sections"].get("models") or {}).get("data") or {}
    rows = [
        one
        for one in data.get("models", ())
        if one["origin"] == "project" and not one.get("auto_created")
    ]
    return {
        "models": {one["label"] for one in rows},
        "fields": {f"{one['label']}.{field['name']}" for one in rows for field in one["fields"]},
    }


KINDS = (
    "models", "fields", "details", "relations", "migrations", "leaves", "conflicts", "applied",
    "pending", "routes", "settings", "admin", "checks",
)  # fmt: skip


def ours_of(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = {}
    for field in model["fields"]:
        rel = field.get("rel") or {}
        rows[field["name"]] = {
            "class": field["class"],
            "column": field["column"],
            "null": bool(field.get("null")),
            "unique": bool(field.get("unique")),
            "kind": rel.get("kind"),
            "to": rel.get("to"),
        }
    return rows


def add_model(found: Facts, label: str, table: str, fields: dict[str, dict[str, Any]]) -> None:
    found["models"].add(f"{label} ({table})")
    for name, one in fields.items():
        found["fields"].add(f"{label}.{name}")
        # Only the class's name: Django's classes are identified by their import path.
        name_of_class = one["class"].rpartition(".")[2]
        details = (name_of_class, one["column"], one["null"], one["unique"])
        found["details"].add((f"{label}.{name}", *details))
        if one["kind"]:
            found["relations"].add((f"{label}.{name}", one["kind"], one["to"]))


def counted(rows: Any) -> set[Any]:
    """The rows, with equal ones numbered."""
    return {(row, number) for row, count in Counter(rows).items() for number in range(count)}


def djangos(told: dict[str, Any]) -> Facts:
    """The script's facts, without parts that failed."""
    good = {key: value for key, value in told.items() if not failed(value)}
    found: Facts = {}
    if "models" in good:
        found = {key: set() for key in ("models", "fields", "details", "relations")}
        for label, model in good["models"].items():
            add_model(found, label, model["table"], model["fields"])
    if "migrations" in good:
        for key, name in (("migrations", "all"), ("leaves", "leaves"), ("conflicts", "conflicts")):
            found[key] = set(good["migrations"][name])
    if "databases" in good:
        for key in ("applied", "pending"):
            found[key] = {f"{a} {n}" for a, one in good["databases"].items() for n in one[key]}
    if "routes" in good:
        found["routes"] = counted(tuple(one) for one in good["routes"])
    if "changed_settings" in good:
        found["settings"] = set(good["changed_settings"])
    if "admin" in good:
        found["admin"] = set(good["admin"])
    if "checks" in good:
        found["checks"] = counted(tuple(one) for one in good["checks"])
    return found


def failed(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"error"}


def compare(ours: Facts, told: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """({kind of fact: {"missing": [only Django has it], "extra": [only we have
    it]}}, failed parts).
    """
    different = {}
    for key, theirs in djangos(told).items():
        missing, extra = theirs - ours[key], ours[key] - theirs
        if missing or extra:
            different[key] = {
                "missing": sorted(map(str, missing)),
                "extra": sorted(map(str, extra)),
            }
    return different, {key: value["error"] for key, value in told.items() if failed(value)}
