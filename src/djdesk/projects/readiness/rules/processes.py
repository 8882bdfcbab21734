"""TASK2 and SCHED1: what runs beside the web server becomes a process of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djdesk.projects.code.source import Module, dotted
from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Found, Look
from djdesk.projects.readiness.report import Decision
from djdesk.projects.reading import read_text

# Files that list what a server starts.
FILES = re.compile(
    r"Procfile[\w.]*|(docker-)?compose[\w.-]*\.ya?ml|supervisord?[\w.-]*\.conf|.*\.service|.*\.timer"
    r"|[\w-]*uwsgi[\w-]*\.ini|crontab|.*\.cron|(docker-)?entrypoint[\w.-]*|Dockerfile|fly\.toml"
    r"|app\.json|start[\w.-]*\.sh|run[\w.-]*\.sh|boot[\w.-]*\.sh|run"
)
# A path before manage.py and an interpreter are allowed; arguments end with the line.
COMMAND = re.compile(r"manage\.py[\"',\s]+([a-z_]\w*)((?:[\"',\s]+[\w./:=-]+)*)")
# One-off commands, or ones that the desktop replaces.
NOT_KEPT = {
    "migrate",
    "collectstatic",
    "runserver",
    "runserver_plus",
    "createsuperuser",
    "check",
    "shell",
    "shell_plus",
    "test",
    "compilemessages",
    "makemigrations",
    "loaddata",
    "createcachetable",
    "compress",
    "compilescss",
    "dbshell",
    "flush",
    "dumpdata",
    "tailwind",
    "wait_for_db",
    "help",
    "initadmin",
    "clearsessions",
    "rebuild_index",
    "update_index",
    "run",
    "changepassword",
    "db_worker",
    "celery",
    "collectmedia",
    "startserver",
    "register_admin",
    "registeradmin",
}
SCHEDULER = re.compile(r"\b(?:Background|Blocking|AsyncIO)Scheduler\(")
LASTS = re.compile(
    r"\bwhile\s+(True|1|not\s+\w+)|\bwhile\s+self\.|Scheduler\(|\.start\(\)|run_forever"
)
CRON = re.compile(r"crontab|.*\.cron|.*\.timer|.*cron[\w.-]*\.(txt|conf)")


def rule(look: Look, draft: Draft, ask: Questions) -> list[Decision]:
    return [
        *_celery(look, draft),
        *_packages(look, draft),
        *_commands(look, draft, ask),
        *_schedulers(look, draft, ask),
        *_cron(look),
    ]


def _celery(look: Look, draft: Draft) -> Iterator[Decision]:
    found = next(_makers(look), None)
    if found is None:
        return
    module, place = found
    draft.set("processes.celery", f"celery -A {module.name} worker --pool solo --loglevel warning")
    yield Decision(
        "TASK2",
        "",
        "Celery's worker runs beside the app. Its tasks are queued in the data folder.",
        "Its broker is a folder there (Celery's file system transport). It runs one task at a "
        "time.",
        look.place(place.file, place.line),
        "“CELERY_TASK_ALWAYS_EAGER = True” runs tasks in the request instead.",
    )
    apps = look.installed_apps
    if (
        "django_celery_beat" in apps
        or any("BEAT_SCHEDULE" in n for n in look.settings.names)
        or any("beat_schedule" in one.text or "periodic_task" in one.text for one in look.sources)
    ):
        draft.set("processes.celery-beat", f"celery -A {module.name} beat --loglevel warning")
        yield Decision(
            "SCHED1",
            "",
            "Celery's scheduler runs beside the app.",
            "It runs while the app is open. What was due in the meantime runs at the next start.",
            look.place_of("CELERY_BEAT_SCHEDULE"),
        )


def _makers(look: Look) -> Iterator[tuple[Module, Found]]:
    """Modules that create a Celery app at top level."""
    for module in look.parsed("Celery"):
        for value in module.assigned.values():
            call = getattr(value, "func", None)
            name = dotted(call) if call is not None else None
            if name and look.tree.qualify(module, name) in {"celery.Celery", "celery.app.Celery"}:
                yield module, Found(module.file, value.lineno, name)


def _packages(look: Look, draft: Draft) -> Iterator[Decision]:
    apps = look.installed_apps
    where = look.place_of("INSTALLED_APPS")
    if "huey.contrib.djhuey" in apps:
        draft.set("processes.huey", "run_huey")
        yield Decision(
            "TASK2",
            "",
            "Huey's consumer runs beside the app. Its tasks are queued in a file.",
            "",
            look.place_of("HUEY") or where,
        )
    if "django_q" in apps:
        draft.set("processes.django-q", "qcluster")
        yield Decision(
            "TASK2",
            "",
            "Django Q's cluster runs beside the app. Its tasks are queued in the database.",
            "",
            look.place_of("Q_CLUSTER") or where,
        )
    if "django_crontab" in apps or "django_cron" in apps:
        yield Decision(
            "SCHED1",
            "B",
            "Cron jobs do not run.",
            "A desktop app has no crontab.",
            look.place_of("CRONJOBS") or where,
            "Write a management command that runs them when they are due, and add it to "
            "[tool.djdesk.processes].",
        )


def _commands(look: Look, draft: Draft, ask: Questions) -> Iterator[Decision]:
    own = {
        source.file.stem: source
        for source in look.sources
        if source.file.parts[-3:-1] == ("management", "commands")
    }
    seen = set()
    for file in look.files_named(FILES, 3):
        text = read_text(file) or ""
        for match in COMMAND.finditer(text):
            name = match[1]
            if name in NOT_KEPT or name in seen or name not in own:
                continue
            seen.add(name)
            line = text.count("\n", 0, match.start()) + 1
            where = look.place(file, line)
            if not LASTS.search(own[name].text):
                continue  # it ends by itself: a job, not a process
            if ask.yes(f"{where} starts “{name}” beside the web server. Run it beside the app?"):
                process = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
                draft.set(f"processes.{process}", name)
                yield Decision(
                    "SCHED1",
                    "",
                    f"The command {name} runs beside the app.",
                    "It is started beside the web server.",
                    where,
                    "Remove it from [tool.djdesk.processes] if a desktop does not need it.",
                )
            else:
                yield Decision("SCHED1", "B", f"The command {name} does not run.", "", where)


def _schedulers(look: Look, draft: Draft, ask: Questions) -> Iterator[Decision]:
    """APScheduler: started by a management command by hand, or inside the app."""
    for found in look.search(SCHEDULER):
        where = look.place(found.file, found.line)
        name = found.file.stem
        if found.file.parts[-3:-1] != ("management", "commands"):
            yield Decision(
                "SCHED1",
                "B",
                "APScheduler's jobs run more often than intended.",
                f"{found.text} runs in each process that loads the app: the server and the worker.",
                where,
                "Start it in a management command that keeps running, and add that command to "
                "[tool.djdesk.processes].",
            )
        elif draft.get(f"processes.{name.replace('_', '-')}") is None:
            runs = ask.yes(f"{where} creates a scheduler. Run its command “{name}” beside the app?")
            if runs:
                draft.set(f"processes.{name.replace('_', '-')}", name)
            yield Decision(
                "SCHED1", "" if runs else "B",
                f"The command {name} {'runs beside the app' if runs else 'does not run'}.",
                "It runs a scheduler (APScheduler).", where,
                "[tool.djdesk.processes] decides it.",
            )  # fmt: skip


def _cron(look: Look) -> Iterator[Decision]:
    for file in look.files_named(CRON, 3):
        yield Decision(
            "SCHED1",
            "B",
            "What this file schedules does not run.",
            "A desktop app has no crontab.",
            look.shown(file),
            "Write a management command that runs them when they are due, and add it to "
            "[tool.djdesk.processes].",
        )
