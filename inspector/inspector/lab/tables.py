"""A snapshot as tables, written as CSV files in one ZIP archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from inspector.sections.scan import Snapshot, by_name

if TYPE_CHECKING:
    from inspector.facts.rows import FindingRow


def _findings(snapshot: Snapshot) -> list[FindingRow]:
    from inspector.facts import findings_of

    return findings_of(snapshot)


Row = tuple[Any, ...]
# A spreadsheet treats a cell that starts with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: Any) -> Any:
    """Prefix an apostrophe to text that a spreadsheet would execute; convert lists to text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, list):
        cell = ", ".join(str(one) for one in cell)
    elif isinstance(cell, dict):
        cell = ", ".join(f"{key}: {value}" for key, value in cell.items())
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def archive(snapshot: Snapshot, to: IO[bytes], step: Callable[[str], None]) -> None:
    """Write a ZIP with one CSV per table (UTF-8, comma, CRLF) to ``to``; calls ``step``."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, (columns, rows) in tables(snapshot).items():
            step(name)
            # Fixed timestamps, so that the same facts give identical archives.
            member = zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            with zipped.open(member, "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(columns)
                writer.writerows([guarded(cell) for cell in row] for row in rows)


def tables(snapshot: Snapshot) -> dict[str, tuple[tuple[str, ...], Iterator[Row]]]:
    """Columns and rows by name. A section missing from the snapshot gives an empty table."""
    data = {
        name: section["data"] if section.get("ok") else {}
        for name, section in by_name(snapshot["sections"]).items()
    }
    return {
        name: (columns, rows(data.get(section) or {}))
        for name, (section, columns, rows) in TABLES.items()
    } | {
        "findings": (
            ("id", "severity", "title", "text", "why", "file", "line"),
            (
                _cells(i, "id", "severity", "title", "text", "why", "file", "line")
                for i in _findings(snapshot)
            ),
        )
    }


def _cells(row: Mapping[str, Any], *keys: str) -> Row:
    return tuple(row.get(key) for key in keys)


def _plain(name: str, *keys: str) -> Callable[[dict[str, Any]], Iterator[Row]]:
    return lambda data: (_cells(row, *keys) for row in data.get(name) or [])


def _models(data: dict[str, Any]) -> Iterator[Row]:
    for model in data.get("models") or []:
        bases = [base.get("name") for base in model.get("bases") or []]
        head = _cells(model, "label", "app", "name", "table", "origin", "verbose_name")
        yield (*head, len(model["fields"]), bases, *_cells(model, "file", "line"))


FIELD_KEYS = (
    "name", "type", "column", "pk", "null", "blank", "unique", "index", "max_length", "default",
    "choices", "file", "line",
)  # fmt: skip


def _fields(data: dict[str, Any]) -> Iterator[Row]:
    for model in data.get("models") or []:
        for field in model["fields"]:
            yield (model["label"], *_cells(field, *FIELD_KEYS))


def _relations(data: dict[str, Any]) -> Iterator[Row]:
    for model in data.get("models") or []:
        for field in model["fields"]:
            if rel := field.get("rel"):
                keys = ("kind", "to", "on_delete", "related_name", "through")
                yield (model["label"], field["name"], *_cells(rel, *keys))


def _migrations(data: dict[str, Any]) -> Iterator[Row]:
    for label, app in (data.get("apps") or {}).items():
        for one in app["migrations"]:
            irreversible = [
                row.get("what") or row.get("op") for row in one.get("irreversible") or []
            ]
            yield (
                label, *_cells(one, "name", "ops", "op_kinds", "deps"), irreversible,
                app.get("origin"), one.get("file"),
            )  # fmt: skip


def _urls(data: dict[str, Any]) -> Iterator[Row]:
    keys = ("pattern", "full_name", "view", "methods", "login_required", "origin", "file", "line")
    return (_cells(r, *keys) for r in data.get("routes") or [] if r.get("kind") != "include")


CATALOGUE_KEYS = (
    "domain", "language", "folder", "app", "used", "po", "mo", "messages", "translated", "fuzzy",
    "untranslated", "compiled", "compiled_messages", "differing",
)  # fmt: skip
# Name -> (section of the snapshot, columns, rows of its data).
TABLES: dict[str, tuple[str, tuple[str, ...], Callable[[dict[str, Any]], Iterator[Row]]]] = {
    "models": (
        "models",
        (
            "label",
            "app",
            "name",
            "table",
            "origin",
            "verbose_name",
            "fields",
            "bases",
            "file",
            "line",
        ),
        _models,
    ),
    "fields": ("models", ("model", *FIELD_KEYS), _fields),
    "relations": (
        "models",
        ("model", "field", "kind", "to", "on_delete", "related_name", "through"),
        _relations,
    ),
    "migrations": (
        "migrations",
        ("app", "name", "operations", "kinds", "depends_on", "irreversible", "origin", "file"),
        _migrations,
    ),
    "urls": (
        "urls",
        ("pattern", "name", "view", "methods", "login_required", "origin", "file", "line"),
        _urls,
    ),
    "settings": (
        "settings",
        ("name", "value", "default", "changed", "redacted", "file", "line"),
        _plain("variables", "name", "value", "default", "changed", "redacted", "file", "line"),
    ),
    "packages": (
        "dependencies",
        ("name", "specifier", "group", "installed", "locked", "license", "file", "line"),
        _plain(
            "declared",
            "name",
            "specifier",
            "group",
            "installed",
            "locked",
            "license",
            "file",
            "line",
        ),
    ),
    "translations": ("i18n", CATALOGUE_KEYS, _plain("catalogues", *CATALOGUE_KEYS)),
    "checks": (
        "checks",
        (
            "id",
            "level",
            "message",
            "hint",
            "object",
            "origin",
            "deploy",
            "silenced",
            "file",
            "line",
        ),
        _plain(
            "messages",
            "id",
            "level",
            "msg",
            "hint",
            "obj",
            "origin",
            "deploy",
            "silenced",
            "file",
            "line",
        ),
    ),
}
