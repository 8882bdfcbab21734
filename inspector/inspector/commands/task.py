"""Background task of a command: builds the order from the row and stores the outcome."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from djdesk.messages import say

from ..models import Command, Export, Section
from ..models.command import ENVIRONMENT, SQL
from ..run import changed_files, fingerprint
from ..stopping import Stop
from . import environment, sql
from .early_end import early_end
from .execute import Order, asked_for_input, execute
from .presets import PRESETS
from .read_only_sandbox import (
    Missing,
    ReadOnlySandbox,
    choose_sandbox,
    of_the_project,
    refuse_missing,
    sqlite_files,
)
from .trusted import CannotRun, discover_trusted

logger = logging.getLogger(__name__)


def drive(command: Command) -> None:
    """Run a command that has been started, and store how it ended."""
    changed: list[str] | None = None
    held = ReadOnlySandbox(None, "")
    try:
        command.output.parent.mkdir(mode=0o700, exist_ok=True)
        if command.preset == SQL:
            sql.drive(command, Stop(command))
            return
        if command.preset == ENVIRONMENT:
            environment.drive(command, Stop(command))
            return
        order = order_of(command)
        preset = PRESETS.get(command.preset)
        files = _databases(command, order.root)
        before = None
        if preset is not None and preset.reads_only:
            held = choose_sandbox(
                files, asks=preset.asks, waived=command.sandbox == Command.Sandbox.WAIVED
            )
            # Comparing models with migrations needs no database, and inside the sandbox it cannot
            # create one.
            if preset.asks and not (preset.key == "drift" and held.sandbox):
                refuse_missing(files, order.root)
            writable = [export_path(command).parent] if preset.export else []
            order = replace(order, sandbox=held.sandbox, network=preset.asks, writable=writable)
            before = fingerprint(order.root)
        result = execute(order, command.output, Stop(command))
        if before is not None:
            whole = changed_files(before, fingerprint(order.root))
            changed = of_the_project(whole, files, order.root)[:1000]
    except Missing as refusal:
        command.end(Command.Status.FAILED, reason=str(refusal))
        return
    except CannotRun as refusal:
        command.end(Command.Status.FAILED, reason=str(refusal))
        return
    except OSError as error:
        logger.exception("command %s could not be run", command.pk)
        reason = say("It could not be run: {reason}.", reason=error.strerror)
        command.end(Command.Status.FAILED, reason=reason)
        return
    outcome = result.outcome
    sandbox = command.sandbox
    status: Any = Command.Status.DONE
    reason = ""
    code = outcome.returncode
    if (ended := early_end(command, outcome.why)) is not None:
        status, reason = ended
    elif outcome.why == "output":
        status, reason = Command.Status.FAILED, say("It wrote more than 1 GB and was ended.")
    elif outcome.why == "no-sandbox":
        status, sandbox = Command.Status.FAILED, Command.Sandbox.FAILED
        reason = say(
            "The sandbox that keeps the project's folder read-only did not start, so nothing was "
            "run: {reason}",
            reason=outcome.detail,
        )[:1000]
    elif outcome.why == "not-started":
        status = Command.Status.FAILED
        reason = say("The interpreter could not be started: {reason}", reason=outcome.detail)[:1000]
    elif code:
        status = Command.Status.FAILED
        if asked_for_input(command.output):
            reason = say(
                "The command asked for input, which is not possible here. Run it in a terminal."
            )
    exit_code = code if outcome.why == "exited" else None
    command.end(
        status,
        reason=reason,
        exit_code=exit_code,
        size=result.size,
        truncated=result.truncated,
        changed=changed,
        protection=held.text,
        sandbox=sandbox,
    )
    if status == Command.Status.DONE and "{export}" in command.arguments:
        path = export_path(command)
        if path.exists():
            Export.objects.adopt(command.project, path, command.started)


def _databases(command: Command, root: Path) -> list[Path]:
    """The SQLite files known from the last live scan."""
    known = Section.objects.filter(scan__project=command.project, name="databases", ok=True)
    newest = known.order_by("-scan_id").values_list("data", flat=True).first() or {}
    return sqlite_files(newest.get("databases") or {}, root)


def order_of(command: Command) -> Order:
    """The order to execute. Raises CannotRun. Checks trust again, which may have been withdrawn."""
    from djdesk.projects.discovery.env_files import find_examples

    project = command.project
    discovered, chosen = discover_trusted(project)
    env: dict[str, str] = {}
    if project.use_env_example:
        for example in find_examples(discovered.root, discovered.base)[:1]:
            env |= example.values
    env |= project.env
    if discovered.settings:
        env["DJANGO_SETTINGS_MODULE"] = discovered.settings.module
    target, is_module = command.module or "django", True
    arguments = list(command.arguments)
    if not command.module:
        arguments += ["--force-color"]
        if manage := discovered.relative(discovered.manage_py):
            target, is_module = str(_inside(discovered.root, manage)), False
    return Order(
        python=chosen["path"],
        target=target,
        is_module=is_module,
        base=discovered.base,
        root=discovered.root,
        arguments=[a.replace("{export}", str(export_path(command))) for a in arguments],
        env=env,
        time_limit=command.time_limit,
    )


def export_path(command: Command) -> Path:
    """Path for a new file in the exports folder, named after the project and the time."""
    moment = command.queued.astimezone().strftime("%Y%m%d-%H%M%S")
    name = slugify(command.project.name)[:60] or "project"
    return settings.DATA_DIR / "exports" / f"{name}-{moment}-{command.pk}.json"


def _inside(root: Path, relative: str) -> Path:
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()):
        raise CannotRun(say("manage.py is a link to a file outside the project."))
    return path


def interrupted(sender: object, task_result: Any, **kwargs: object) -> None:
    """Receiver of ``task_interrupted``: a run must not stay "Running" when no task runs it."""
    for command in Command.objects.active().filter(task_id=str(task_result.id)):
        reason = say("The background worker ended before this did.")
        command.end(Command.Status.INTERRUPTED, reason=reason)
