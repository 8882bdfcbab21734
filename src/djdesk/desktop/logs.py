"""Logging to stderr, one record per line; the shell writes and rotates the files."""

from __future__ import annotations

import copy
import logging
import logging.handlers
from typing import Any

from . import ownfiles
from .launch import LaunchConfig

# The same limit as the shell's (electron/backend/logs.js).
LOG_SIZE = 2 * 2**20
LOGS_KEPT = 3
LONGEST_WORD = 200  # characters


class OneLineFormatter(logging.Formatter):
    """Folds line breaks, tracebacks included, so that a record cannot forge another one.

    Loggers of the runtime appear as ``desktop.serve``: an app's users read these logs too and do
    not know djdesk.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("djdesk."):
            record = copy.copy(record)
            record.name = record.name.removeprefix("djdesk.")
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")


class ShortPaths(logging.Filter):
    """Shortens paths in Django's request messages: clients decide how long they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and record.name.startswith(("django.", "waitress")):
            record.args = tuple(
                f"{word[:LONGEST_WORD]}…"
                if isinstance(word, str) and len(word) > LONGEST_WORD
                else word
                for word in record.args
            )
        return True


def logging_config(launch_id: str) -> dict[str, Any]:
    """A LOGGING value; every line carries the launch id."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": OneLineFormatter,
                "format": f"%(asctime)s %(levelname)s {launch_id or '-'} %(name)s %(message)s",
            }
        },
        "filters": {"short": {"()": ShortPaths}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["short"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Django's default would mail ERROR records of requests to ADMINS.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # A line each time the queue is found empty is noise.
            "django_tasks_db": {"level": "WARNING"},
            # Closing a page closes its event stream; not worth logging.
            "waitress": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},
        },
    }


def task_logger(config: LaunchConfig) -> logging.Logger:
    """A separate log for tasks: what ran, when, for how long, and how it ended.

    For the worker only: two processes must not rotate one file. If the log cannot be opened, tasks
    run without it.
    """
    logger = logging.getLogger("djdesk.tasks")
    logger.propagate = False
    if logger.handlers:
        return logger
    path = config.data_dir / "logs" / "tasks.log"
    try:
        ownfiles.clear(path)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            path,
            maxBytes=LOG_SIZE,
            backupCount=LOGS_KEPT,
            encoding="utf-8",
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(
        OneLineFormatter(f"%(asctime)s %(levelname)s {config.launch_id} %(message)s")
    )
    logger.addHandler(handler)
    return logger
