"""The migrations as a list or as a graph, with details and SQL of one migration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from ..commands import sql
from ..commands.trusted import chosen_interpreter
from ..models import Command
from ..pages import migration_detail, migration_graph
from ..pages.latest_results import LatestResults
from ..pages.migration_graph import Choice, GraphPage
from ..pages.sql import pieces
from ..tasks import queue_sql
from . import sections
from .frame import frame, get_latest, respond

COOKIE = "djdesk_migrations"
VIEWS = ("list", "graph")
YEAR = 365 * 86400
SHOWN_SQL = 200_000  # characters that are highlighted in the panel


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """``view``: list or graph; defaults to the last one used."""
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else request.COOKIES.get(COOKIE, "")
    response = _graph(request, pk) if view == "graph" else sections.migrations(request, pk)
    if asked in VIEWS and request.COOKIES.get(COOKIE) != asked:
        response.set_cookie(COOKIE, asked, max_age=YEAR, httponly=True, samesite="Strict")
    return response


def _graph(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("migrations", "databases", "apps", "settings")
    found = facts["migrations"]
    databases = (facts["databases"].data or {}).get("databases") or {}
    context: dict[str, Any] = frame(latest, "migrations") | {
        "facts": found,
        "data": found.data or {},
        "databases": databases,
        "database_facts": facts["databases"],
        "wanted": request.GET.get("mig", ""),
        "graph": None,
        "migration": None,
    }
    if found:
        graph = _page(facts, databases, Choice.of(request.GET))
        wanted = context["wanted"]
        chosen = migration_detail.detail(graph, found.data, databases, wanted) if wanted else None
        context |= {"graph": graph, "migration": chosen, "states": migration_graph.STATES}
        if chosen is not None and chosen.node.facts.get("file"):
            context["sql"] = _sql(latest, graph, wanted, databases, request.GET.get("engine", ""))
    return respond(request, "inspector/migrations_graph.html", context)


def _page(facts: Any, databases: dict[str, Any], choice: Choice) -> GraphPage:
    apps = (facts["apps"].data or {}).get("apps") or []
    variables = (facts["settings"].data or {}).get("variables") or []
    user = next((v["value"] for v in variables if v["name"] == "AUTH_USER_MODEL"), None)
    return migration_graph.page(
        facts["migrations"].data,
        databases,
        choice,
        models={app["label"]: app.get("models") or 0 for app in apps},
        swapped={"AUTH_USER_MODEL": str(user or "auth.User").strip("'\"")},
    )


def _sql(
    latest: LatestResults, graph: GraphPage, key: str, databases: dict[str, Any], engine: str
) -> dict[str, Any]:
    """``engines``: (engine, title) to choose from. ``command``: the newest preview, if any.
    ``stale``: the files have changed since. ``pieces``: its SQL, split for highlighting.
    """
    project = latest.project
    engines = sql.engines(databases)
    engine = engine if engine in engines else next(iter(engines))
    app, _, name = key.partition(".")
    previews = project.commands.previews().filter(
        values__app=app, values__name=name, values__engine=engine
    )
    now = sql.fingerprint(project, graph.graph, key, engine)
    command = previews.filter(values__key=now).first() or previews.first()
    chosen = chosen_interpreter(latest.discovered)
    found: dict[str, Any] = {
        "engines": [(one, title) for one, (title, _alias) in engines.items()],
        "engine": engine,
        "title": engines[engine][0],
        "command": command,
        "trusted": project.trusts(chosen["path"] if chosen else project.trusted_python),
        "stale": False,
        "pieces": [],
    }
    if command is not None and not command.is_active:
        found["stale"] = command.values.get("key") != now
        if command.status == Command.Status.DONE:
            try:
                text = command.output.read_text("utf-8")
            except OSError:
                found["command"] = None
                return found
            found["cut"] = len(text) > SHOWN_SQL
            found["pieces"] = list(pieces(text[:SHOWN_SQL]))
    return found


@require_POST
def show_sql(request: HttpRequest, pk: int) -> HttpResponse:
    """Request the SQL of ``mig`` for ``engine``, with ``without-sandbox`` for this one run without
    the sandbox. A result from the same files is reused.
    """
    latest = get_latest(pk)
    project = latest.project
    key, engine = request.POST.get("mig", ""), request.POST.get("engine", "")
    facts = latest.get("migrations", "databases", "apps", "settings")
    databases = (facts["databases"].data or {}).get("databases") or {}
    engines = sql.engines(databases)
    if not facts["migrations"] or engine not in engines:
        return HttpResponseBadRequest("There is no such engine.", content_type="text/plain")
    graph = _page(facts, databases, Choice())
    node = graph.graph.nodes.get(key)
    if node is None or not node.facts.get("file"):
        return HttpResponseBadRequest("There is no such migration.", content_type="text/plain")
    chosen = chosen_interpreter(latest.discovered)
    if not project.trusts(chosen["path"] if chosen else ""):
        return HttpResponse(
            "This folder is not trusted: its code is not run.",
            status=403,
            content_type="text/plain",
        )
    now = sql.fingerprint(project, graph.graph, key, engine)
    same = project.commands.previews().filter(
        values__app=node.app, values__name=node.name, values__engine=engine, values__key=now
    )
    command = same.filter(status=Command.Status.DONE).first()
    if command is None or not command.output.exists():
        title, alias = engines[engine]
        values = {
            "app": node.app,
            "name": node.name,
            "engine": engine,
            "alias": alias,
            "key": now,
        }
        command = queue_sql(project, values, title, sandbox="without-sandbox" not in request.POST)
    if request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    return redirect(command)
