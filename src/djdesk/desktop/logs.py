"""Logging to stderr, one record a line; the shell writes the files and rotates them."""

from __future__ import annotations

import copy
import logging
import logging.handlers
from typing import Any

from . import ownfiles
from .launch import LaunchConfig

# As the shell rotates its own files (electron/backend/logs.js).
LOG_SIZE = 2 * 2**20
LOGS_KEPT = 3
LONGEST_WORD = 200  # characters


class OneLineFormatter(logging.Formatter):
    """Folds line breaks, tracebacks included, so that a record cannot forge another one.

    A logger of the runtime is called ``desktop.serve``: users of an app read its logs too, and know
    nothing of djdesk.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("djdesk."):
            record = copy.copy(record)
            record.name = record.name.removeprefix("djdesk.")
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n")


class ShortPaths(logging.Filter):
    """Cuts the paths in what Django says about requests: whoever asks decides how long they are."""

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
            # Django's default sends ERROR records of requests to ADMINS by mail.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # One line for every time that the queue turned out empty is noise.
            "django_tasks_db": {"level": "WARNING"},
            # A page that was left closes its event stream; that is no news.
            "waitress": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},
        },
    }


def task_logger(config: LaunchConfig) -> logging.Logger:
    """A log of its own for tasks: what ran when, for how long, and how it ended.

    For the worker only: two processes must not rotate one file. A log that cannot be opened is
    given up, not the task.
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
