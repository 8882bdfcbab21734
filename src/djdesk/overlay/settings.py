"""The settings module of every desktop process: the project's own, with the rules laid over them.

Which project: djdesk.app.current. Which way: DJDESK_MODE (``packaged``, the default,
``development`` or ``test``; a process with a launch config is never under test itself, it was
started by a test that is). Which data folder: the launch config, DJDESK_DATA_DIR, or the app's
own; tests have a throw-away one.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from django import VERSION

from djdesk.app import AppError, current, packaged
from djdesk.desktop import belongs, datadir, launch
from djdesk.desktop.launch import LaunchFailure

from . import environment, older_django
from .apply import lay_over, load
from .rule import MODES, Context, OverlayProblem
from .spared_imports import spare


def _context() -> Context:
    app = current()
    mode = os.environ.get("DJDESK_MODE", "packaged")
    if mode not in MODES:
        raise LaunchFailure(
            "bad_config",
            f"DJDESK_MODE is {mode}, which is not a valid mode.",
            f"Valid modes: {', '.join(MODES)}.",
        )
    config = launch.current()
    if mode == "test" and config is not None:
        # Inherited from the tests that started it, and its key and files are an app's, not theirs.
        mode = "packaged"
    if mode == "test" and "DJDESK_DATA_DIR" not in os.environ:
        data_dir = datadir.ensure(Path(_throw_away().name).resolve())
    else:
        data_dir = datadir.chosen(app)
        belongs.check(data_dir, app)
        datadir.ensure(data_dir)
    return Context(
        app=app,
        mode=mode,
        data_dir=data_dir,
        django=VERSION[:2],
        launch_id=config.launch_id if config else "",
        launched=config is not None,
        secret_key="only-for-tests-" + "x" * 50 if mode == "test" else datadir.secret_key(data_dir),
        zone=os.environ.get("TZ"),
    )


@cache
def _throw_away() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="djdesk-test-", ignore_cleanup_errors=True)


def _settings() -> tuple[dict[str, object], list[str]]:
    try:
        context = _context()
        os.environ.update(
            environment.variables(
                context.app.environment, context.data_dir, keep=context.mode != "test"
            )
        )
        if context.app.given_project and packaged() is None:
            # A project beside its table is not written to, by byte code neither.
            sys.pycache_prefix = str(context.app.root / ".djdesk" / "pycache")
        if context.launched:
            # As manage.py and a web server are started; projects name files by it.
            os.chdir(context.app.project)
        if context.app.older_django:
            older_django.provide()
        values = load(context.app)
    except AppError as error:
        raise LaunchFailure(
            "bad_config",
            f"The app cannot be started. {error}",
            "Correct the table [tool.djdesk]. The documentation of DJDesk lists every key.",
        ) from error
    except LaunchFailure:
        raise
    except Exception as error:
        # The place of a mistake in the project's own settings, for whoever made it.
        raise LaunchFailure(
            "internal",
            f"The settings cannot be loaded ({type(error).__name__}: {error}).",
            f"Correct the module {context.app.settings}.",
            launch.place_of(error),
        ) from error
    try:
        values, said, folders = lay_over(values, context)
    except OverlayProblem as problem:
        raise LaunchFailure(
            "bad_config",
            f"The app cannot run on a desktop with these settings. {problem}",
            f"Change {context.app.settings} or the table in {context.app.root / 'pyproject.toml'}.",
        ) from problem
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return values, said


_values, _decisions = _settings()
# Behind the project's settings, where projects that want the patch ask for it.
spare()
globals().update(_values)
# One line a rule: what was decided, and why.
DESKTOP_DECISIONS = _decisions
