"""SRV1 and ASGI1: servers accessed directly, and WebSockets."""

from __future__ import annotations

import re

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision, Level

REDIS = re.compile(
    r"^\s*(?:import redis\b|from redis import[^\n]*|from django_redis import[^\n]*"
    r"|from redis_lock[^\n]*)",
    re.MULTILINE,
)
# Apps that store their data in a server of their own: (app, level, server, what fails).
APPS: tuple[tuple[str, Level, str, str], ...] = (
    ("django_elasticsearch_dsl", "C", "Elasticsearch", "saving an indexed model"),
    ("django_opensearch_dsl", "C", "OpenSearch", "saving an indexed model"),
    ("django_rq", "C", "Redis", "queueing a task"),
    ("django_dramatiq", "C", "RabbitMQ or Redis", "queueing a task"),
    ("scheduler", "C", "Redis", "queueing a task"),
    ("cacheops", "C", "Redis", "every cached query"),
    ("django_mongodb_backend", "D", "MongoDB", "everything"),
    ("djongo", "D", "MongoDB", "everything"),
)


def rule(look: Look, draft: Draft) -> list[Decision]:
    decisions = [
        Decision(
            "SRV1",
            level,
            f"{app} needs {server}, which a desktop does not have.",
            f"Without it, this fails: {fails}.",
            look.place_of("INSTALLED_APPS"),
            "Remove it from INSTALLED_APPS in a settings module for the desktop, and pass "
            "that module with --settings.",
        )
        for app, level, server, fails in APPS
        if app in {one.partition(".apps.")[0] for one in look.installed_apps}
    ]
    found = next(look.search(REDIS), None)
    if found is not None and not any(one.what.startswith("django_rq") for one in decisions):
        decisions.append(
            Decision(
                "SRV1",
                "B",
                "Code that uses Redis directly does not work.",
                f"{found.text.strip()}: there is no Redis on a desktop.",
                look.place(found.file, found.line),
                "Use Django's cache, which the desktop keeps in files.",
            )
        )
    return decisions + _websockets(look)


def _websockets(look: Look) -> list[Decision]:
    uses = {normalize(one.partition(".")[0]) for one in look.installed_apps}
    if not uses & {"channels", "daphne"} or "WEBSOCKET" not in "".join(
        source.text.upper() for source in look.sources if source.file.name == "asgi.py"
    ).replace("_", ""):
        return []
    return [
        Decision(
            "ASGI1",
            "B",
            "WebSockets are not supported yet.",
            "asgi.py routes them, but the desktop's server only speaks HTTP. Pages that wait "
            "for messages keep showing what they had when they were loaded.",
            look.place_of("ASGI_APPLICATION"),
            "Server-sent events work (djdesk.desktop.live).",
        )
    ]
