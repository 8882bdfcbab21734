"""The settings module of every desktop process: the project's own, with the rules applied.

The project: djdesk.app.current. The mode: DJDESK_MODE (``packaged``, the default, ``development``
or ``test``; a process with a launch config is never in test mode, even if a test started it). The
data folder: from the launch config, DJDESK_DATA_DIR, or the app's default; tests use a temporary
one.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from django import VERSION

from djdesk.app import AppError, current, packaged
from djdesk.desktop import data_owner, datadir, launch
from djdesk.desktop.launch import LaunchFailure
from djdesk.messages import say

from . import environment, older_django
from .apply import lay_over, load
from .avoided_imports import avoid
from .rule import MODES, Context, OverlayProblem


def _context() -> Context:
    app = current()
    mode = os.environ.get("DJDESK_MODE", "packaged")
    if mode not in MODES:
        raise LaunchFailure(
            "bad_config",
            say("DJDESK_MODE is {mode}, which is not a valid mode.", mode=mode),
            say("Valid modes: {modes}.", modes=", ".join(MODES)),
        )
    config = launch.current()
    if mode == "test" and config is not None:
        # Inherited from the tests that started it, although key and files are an app's here.
        mode = "packaged"
    if mode == "test" and "DJDESK_DATA_DIR" not in os.environ:
        data_dir = datadir.ensure(Path(_throw_away().name).resolve())
    else:
        data_dir = datadir.chosen(app)
        data_owner.check(data_dir, app)
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
    """A temporary folder that is deleted when the process ends."""
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
            # Do not write byte code into a project that is separate from its table.
            sys.pycache_prefix = str(context.app.root / ".djdesk" / "pycache")
        if context.launched:
            # As with manage.py and a web server; projects use relative paths.
            os.chdir(context.app.project)
        if context.app.older_django:
            older_django.provide()
        values = load(context.app)
    except AppError as error:
        raise LaunchFailure(
            "bad_config",
            say("The app cannot be started. {error}", error=error),
            say("Correct the table [tool.djdesk]. The documentation of DJDesk lists every key."),
        ) from error
    except LaunchFailure:
        raise
    except Exception as error:
        # The location of an error in the project's own settings, for its developer.
        raise LaunchFailure(
            "internal",
            say(
                "The settings cannot be loaded ({kind}: {error}).",
                kind=type(error).__name__,
                error=error,
            ),
            say("Correct the module {module}.", module=context.app.settings),
            launch.place_of(error),
        ) from error
    try:
        values, said, folders = lay_over(values, context)
    except OverlayProblem as problem:
        raise LaunchFailure(
            "bad_config",
            say("The app cannot run on a desktop with these settings. {problem}", problem=problem),
            say(
                "Change {module} or the table in {file}.",
                module=context.app.settings,
                file=context.app.root / "pyproject.toml",
            ),
        ) from problem
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return values, said


_values, _decisions = _settings()
# After the project's settings, which may ask for the patch.
avoid()
globals().update(_values)
# One line per rule: what was decided, and why.
DESKTOP_DECISIONS = _decisions
