"""Background tasks of Celery and of django.tasks."""

import os
import sys
from functools import partial

from ..errors import error_row
from ..limits import IMPORT_SECONDS, importable, within
from ..messages import say
from ..places import origin, place, relative
from ..redact import scrub
from ..values import text_of

# Celery runs Django's checks before it imports the tasks; they have their own section here.
SKIP_CHECKS = "CELERY_SKIP_CHECKS"


def section_tasks():
    errors = []
    import_task_modules(errors)
    rows, schedule = celery_tasks(errors)
    backends = task_backends()
    rows += django_tasks()
    rows.sort(key=lambda row: (row["kind"], row["name"]))
    return {"tasks": rows, "schedule": schedule, "backends": backends, "errors": errors}


def import_task_modules(errors):
    """Import what a worker imports when it starts: the `tasks` modules of the project's apps."""
    import importlib
    from importlib.util import find_spec

    from django.apps import apps

    for config in apps.get_app_configs():
        if origin(os.path.join(config.path, "__init__.py")) != "project":
            continue
        try:
            spec = find_spec(config.name + ".tasks")
            if spec is not None:
                importable(spec.origin)
                within(IMPORT_SECONDS, partial(importlib.import_module, spec.name))
        except (Exception, SystemExit) as error:
            errors.append(error_row("%s.tasks: " % config.name, error))


def celery_tasks(errors):
    celery = sys.modules.get("celery")
    if celery is None:
        return [], []
    rows, schedule = [], []
    app = celery.current_app
    before = os.environ.get(SKIP_CHECKS)
    os.environ[SKIP_CHECKS] = "1"
    try:
        app.loader.import_default_modules()
    except Exception as error:
        row = error_row("", error)
        errors.append({**row, "text": say("Celery's own import of tasks: {why}", why=row["text"])})
    finally:
        if before is None:
            del os.environ[SKIP_CHECKS]
        else:
            os.environ[SKIP_CHECKS] = before
    for name, task in sorted(app.tasks.items()):
        if name.startswith("celery."):
            continue
        target = getattr(task, "__wrapped__", None) or type(task)
        target = getattr(target, "__func__", target)
        file, line = place(target)
        rows.append(
            {
                "name": scrub(name),
                "kind": "celery",
                "function": "%s.%s" % (target.__module__, target.__qualname__),
                "queue": text_of(task.queue) if getattr(task, "queue", None) else None,
                "origin": origin(file),
                "file": relative(file),
                "line": line,
            }
        )
    entries = getattr(app.conf, "beat_schedule", None) or {}
    for name, entry in sorted(entries.items(), key=lambda one: str(one[0])):
        entry = entry if isinstance(entry, dict) else {}
        schedule.append(
            {
                "name": text_of(name),
                "task": text_of(entry.get("task") or ""),
                "when": text_of(entry.get("schedule")),
                "file": None,
                "line": None,
            }
        )
    return rows, schedule


def task_backends():
    from django.conf import settings

    rows = []
    value = getattr(settings, "TASKS", None)
    for alias, conf in value.items() if isinstance(value, dict) else ():
        conf = conf if isinstance(conf, dict) else {}
        rows.append(
            {
                "alias": text_of(alias),
                "backend": text_of(conf.get("BACKEND") or ""),
                "queues": [text_of(one) for one in conf.get("QUEUES") or ()],
                "file": None,
                "line": None,
            }
        )
    return rows


def django_tasks():
    """Objects created by `django.tasks.task`, in any module."""
    bases = tuple(
        sys.modules[name].Task
        for name in ("django.tasks.base", "django_tasks.base")
        if hasattr(sys.modules.get(name), "Task")
    )
    found = {}
    for name, module in list(sys.modules.items()):
        values = getattr(module, "__dict__", None)
        if not bases or not isinstance(values, dict) or name == "__main__":
            continue
        for value in list(values.values()):
            # Check the type, never the instance: isinstance() would evaluate lazy objects.
            if not issubclass(type(value), bases) or not hasattr(value, "func"):
                continue
            target = value.func
            full = "%s.%s" % (target.__module__, target.__qualname__)
            file, line = place(target)
            found[full] = {
                "name": full,
                "kind": "django",
                "function": full,
                "queue": text_of(value.queue_name),
                "origin": origin(file),
                "file": relative(file),
                "line": line,
            }
    return list(found.values())
