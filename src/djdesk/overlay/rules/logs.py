"""LOG1: logs go to stderr; the shell writes and rotates the files."""

from __future__ import annotations

from typing import Any

from djdesk.desktop.logs import logging_config

from ..rule import Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision:
    config = logging_config(context.launch_id)
    loggers: dict[str, Any] = config["loggers"]
    for name, entry in (settings.get("LOGGING") or {}).get("loggers", {}).items():
        level = entry.get("level")
        # Its handlers may write files into the project, or send mail; only the level applies here.
        if name and level and name not in loggers:
            loggers[name] = {"level": level, "propagate": True}
    return Decision(
        "The shell writes the logs, to logs in the data folder.",
        {
            "LOGGING": config,
            "LOGGING_CONFIG": "logging.config.dictConfig",
            "ADMINS": [],
            "MANAGERS": [],
        },
    )
