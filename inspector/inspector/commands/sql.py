"""SQL previews of migrations: the request and the background task."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from djdesk.messages import say
from djdesk.projects.code.source import SIZE_LIMIT
from djdesk.projects.reading import read_bytes

from ..models import Command, Project, Section
from ..pages.migration_order import Graph
from .early_end import early_end
from .trusted import discover_trusted

if TYPE_CHECKING:
    from inspector.engine.inspection import SqlAnswer
    from inspector.sections.project import Settings

BUILT_IN = {
    "django.db.backends.sqlite3": "SQLite",
    "django.db.backends.postgresql": "PostgreSQL",
    "django.db.backends.mysql": "MySQL",
}


def engines(databases: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Engine -> (title, alias) to choose from, the project's own engine first."""
    found: dict[str, tuple[str, str]] = {}
    for alias, database in databases.items():
        engine = str(database.get("engine") or "")
        if engine and engine not in found:
            title = BUILT_IN.get(engine, engine.removesuffix(".base").rpartition(".")[2])
            found[engine] = (title, alias)
    for engine, title in BUILT_IN.items():
        found.setdefault(engine, (title, "default"))
    return found


def fingerprint(project: Project, graph: Graph, key: str, engine: str) -> str:
    """Hash of everything the SQL depends on: this migration and all before it as they are on disk
    now, the settings module, the interpreter and the engine.
    """
    known = hashlib.sha256()
    words = (engine, key, project.python, project.trusted_python, project.settings_module)
    known.update(repr(words).encode())
    root = Path(project.path)
    wanted, seen = [key], set()
    while wanted:
        one = wanted.pop()
        if one in seen or one not in graph.nodes:
            continue
        seen.add(one)
        wanted += [*graph.nodes[one].parents, *graph.nodes[one].replaced]
    for one in sorted(seen):
        known.update(one.encode() + b"\0" + _content(root, graph.nodes[one].facts.get("file")))
    newest = _settings(project)
    for file in newest["files"] if newest else []:
        known.update(_content(root, file))
    return known.hexdigest()[:40]


def _content(root: Path, file: str | None) -> bytes:
    try:
        return hashlib.sha256(read_bytes(root / file, SIZE_LIMIT)).digest() if file else b""
    except (OSError, ValueError):
        return b"gone"


def _settings(project: Project) -> Settings | None:
    """Those of the last scan, static if available: the live section of the same scan is completed
    from it.
    """
    rows = Section.objects.filter(scan__project=project, name="settings", ok=True)
    found: Settings | None = (
        rows.order_by("-scan_id", "-source").values_list("data", flat=True).first()
    )
    return found


def drive(command: Command, cancelled: Callable[[], bool]) -> None:
    """Write the SQL into the command's output, or the reason why there is none. Raises CannotRun
    and OSError.
    """
    from ..engine import Options, sql_of

    project, wanted = command.project, command.values
    discovered, _python = discover_trusted(project)
    options = Options(
        trust=True,
        time_limit=command.time_limit,
        env=project.env,
        use_env_example=project.use_env_example,
        private_copy=project.private_copy,
        sandbox=command.sandbox != Command.Sandbox.WAIVED,
        sql={key: wanted[key] for key in ("app", "name", "engine", "alias")},
    )
    answer = sql_of(discovered, options, _settings(project), cancelled)
    status, reason = _ending(command, answer)
    data, error = answer["data"], answer["error"]
    text = "".join(f"{line}\n" for line in (data["lines"] if data else []))
    command.output.write_text(text, "utf-8")
    command.end(
        status,
        reason=reason[:1000],
        size=len(text.encode()),
        changed=answer["changed"][:1000],
        protection=str(answer["safety"])[:300],
        sandbox=Command.Sandbox.FAILED
        if error and error["type"] == "NoSandbox"
        else command.sandbox,
    )


def _ending(command: Command, answer: SqlAnswer) -> tuple[str, str]:
    failed = str(Command.Status.FAILED)
    data, error = answer["data"], answer["error"]
    ended = early_end(command, answer["why"])
    if ended is not None and (answer["why"] == "cancelled" or data is None):
        return ended
    if data is None:
        what = (error.get("hint") or error["message"]) if error else ""
        return failed, say("The SQL could not be generated. {what}", what=what)
    if data["state"] == "gone":
        return failed, say("This migration no longer exists. Scan again.")
    if data["state"] == "driver":
        return failed, say(
            "Django cannot load {engine} here: {why}. Its driver is not installed in the "
            "project's interpreter.",
            engine=data["driver"],
            why=data["why"],
        )
    if data["state"] == "database":
        return failed, say(
            "This SQL depends on names that only the database knows ({why}). Run the command "
            "“SQL of a migration”, which asks the database itself.",
            why=data["why"],
        )
    return str(Command.Status.DONE), ""
