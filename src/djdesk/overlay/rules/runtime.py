"""RUN1: the runtime's own app, middleware and context processor."""

from __future__ import annotations

import copy
from typing import Any

from ..rule import Context, Decision, Settings, after

ENGINE = "django.template.backends.django.DjangoTemplates"
SECURITY = "django.middleware.security.SecurityMiddleware"
MESSAGES = "django.contrib.messages.middleware.MessageMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
LANGUAGE = "djdesk.desktop.language.LanguageMiddleware"
OBSTRUCTED = "djdesk.desktop.obstacle_response.ObstacleMiddleware"
GUARD = "djdesk.desktop.guard.LaunchGuardMiddleware"
# Context processors that the runtime's templates need.
PROCESSORS = (
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "djdesk.desktop.context.desktop",
)
APPS = (
    "djdesk.desktop",
    "djdesk.desktop.jobs",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks_db",
)


def rule(settings: Settings, context: Context) -> Decision:
    apps = list(settings.get("INSTALLED_APPS", []))
    # After the project's, whose templates and commands take precedence. An app may be listed by its
    # package or its AppConfig.
    known = {name.split(".apps.")[0] for name in apps}
    wanted = [*APPS, *(["django_tasks"] if context.django < (6, 0) else [])]
    apps += [name for name in wanted if name not in known]

    # The guard comes first, so that nothing else sees foreign requests.
    middleware = [name for name in settings.get("MIDDLEWARE", []) if name != GUARD]
    middleware = after(middleware, SECURITY)
    # Outside everything that may write, sessions included, but inside the language middleware.
    middleware = after(middleware, OBSTRUCTED, SECURITY, LANGUAGE)
    changes: dict[str, Any] = {}
    if MESSAGES not in middleware:
        middleware = after(middleware, MESSAGES, *middleware)
        if SESSIONS not in middleware:
            changes["MESSAGE_STORAGE"] = "django.contrib.messages.storage.cookie.CookieStorage"
    return Decision(
        "Added to the project's own apps: a guard that lets only the app's window in, pages under "
        "/desktop/, and background tasks.",
        changes
        | {
            "INSTALLED_APPS": apps,
            "MIDDLEWARE": [GUARD, *middleware],
            "TEMPLATES": _templates(settings),
            "DATA_DIR": context.data_dir,
            "DESKTOP_MODE": context.mode,
            # localtime.restore uses it: Django sets the process's TZ to TIME_ZONE.
            "SYSTEM_TZ": context.zone,
            "HELP_URL": context.app.online_help,
        },
    )


def _templates(settings: Settings) -> list[dict[str, Any]]:
    engines = copy.deepcopy(list(settings.get("TEMPLATES", [])))
    if not any(engine.get("BACKEND") == ENGINE for engine in engines):
        engines.append({"BACKEND": ENGINE, "NAME": "desktop", "APP_DIRS": True})
    for engine in engines:
        if engine.get("BACKEND") == ENGINE:
            options = engine.setdefault("OPTIONS", {})
            there = list(options.get("context_processors", []))
            options["context_processors"] = [
                *there, *(name for name in PROCESSORS if name not in there),
            ]  # fmt: skip
    return engines
