"""TASK2: task queues of other packages, with a broker on this computer. Their workers are processes
in the table, where ``djdesk init`` writes them."""

from __future__ import annotations

from typing import Any

from ..rule import DROPPED, Context, Decision, Settings

HUEY_FILE, CELERY_FOLDER = "huey.sqlite3", "celery"
# Options of a broker that is no longer used.
HUEY_BROKER = {"connection", "url", "host", "port", "password", "db", "huey_class", "backend_class"}


def rule(settings: Settings, context: Context) -> Decision | None:
    found = [
        decision
        for one in (_huey, _celery, _django_q)
        if (decision := one(settings, context)) is not None
    ]
    if not found:
        return None
    changes: dict[str, Any] = {}
    for decision in found:
        changes |= decision.changes
    folders = tuple(folder for decision in found for folder in decision.folders)
    return Decision(" ".join(one.said for one in found), changes, folders)


def _huey(settings: Settings, context: Context) -> Decision | None:
    given = settings.get("HUEY")
    if given is None and "huey.contrib.djhuey" not in settings.get("INSTALLED_APPS", []):
        return None
    # An instance, a dictionary of options, or nothing.
    own = given if isinstance(given, dict) else {"name": getattr(given, "name", context.app.slug)}
    huey = {name: value for name, value in own.items() if name not in HUEY_BROKER}
    if not own.get("immediate"):
        huey |= {"huey_class": "huey.SqliteHuey", "filename": str(context.data_dir / HUEY_FILE)}
        # Otherwise Huey runs tasks inside the request if DEBUG is on.
        huey["immediate"] = False
    return Decision("Huey's tasks are queued in a file in the data folder.", {"HUEY": huey})


def _celery(settings: Settings, context: Context) -> Decision | None:
    """Messages are files; so are results, unless the project stores them in its database."""
    set_up = any(name.startswith("CELERY") or name == "BROKER_URL" for name in settings)
    # A project may rely on Celery's defaults, which need a server.
    if not set_up and not any("celery" in words for words in context.app.processes.values()):
        return None
    if settings.get("CELERY_TASK_ALWAYS_EAGER") or settings.get("CELERY_ALWAYS_EAGER"):
        return Decision("Celery's tasks run immediately, as the project's settings say.")
    folder = context.data_dir / CELERY_FOLDER
    messages, done, control = (folder / name for name in ("messages", "processed", "control"))
    options = {
        # One folder for both directions: sender and receiver are on this computer.
        "data_folder_in": str(messages), "data_folder_out": str(messages),
        "processed_folder": str(done), "control_folder": str(control), "store_processed": False,
    }  # fmt: skip
    changes: dict[str, Any] = {
        "CELERY_BROKER_URL": "filesystem://", "CELERY_BROKER_TRANSPORT_OPTIONS": options,
        "BROKER_URL": "filesystem://", "BROKER_TRANSPORT_OPTIONS": options,
        "CELERY_BEAT_SCHEDULE_FILENAME": str(folder / "beat"),
        "CELERYBEAT_SCHEDULE_FILENAME": str(folder / "beat"),
    }  # fmt: skip
    for name in ("CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL", "CELERY_BROKER_USE_SSL"):
        if name in settings:
            changes[name] = DROPPED
    results = folder / "results"
    backend = str(settings.get("CELERY_RESULT_BACKEND") or "")
    if backend and not backend.startswith(("django-db", "django_celery_results", "disabled")):
        changes["CELERY_RESULT_BACKEND"] = results.as_uri()
    for name in ("CELERY_REDIS_BACKEND_USE_SSL", "CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS"):
        if name in settings:
            changes[name] = DROPPED
    return Decision(
        "Celery's tasks are queued as files in the data folder.",
        changes,
        (messages, done, control, results),
    )


def _django_q(settings: Settings, context: Context) -> Decision | None:
    given = settings.get("Q_CLUSTER")
    if not isinstance(given, dict):
        return None
    if given.get("orm") or given.get("sync"):
        return Decision("Django Q's tasks are queued in the database.")
    brokers = {"redis", "django_redis", "disque_nodes", "iron_mq", "sqs", "mongo", "broker_class"}
    kept = {name: value for name, value in given.items() if name not in brokers}
    return Decision(
        "Django Q's tasks are queued in the database.", {"Q_CLUSTER": kept | {"orm": "default"}}
    )
