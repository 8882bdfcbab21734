"""Sections about what the project provides: routes, admin, commands, signals, tasks."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import BOTH, Disagreement, EventOf, Origin, Place, Problem, Section

_Class = TypedDict("_Class", {"class": Annotated[str, "dotted name of the class"]})


class Host(TypedDict):
    """A host of django-hosts."""

    name: Annotated[str, "of the host"]
    pattern: Annotated[str, "as written"]
    urlconf: Annotated[str, "dotted module"]


class Route(Place):
    """A route, or an include."""

    pattern: Annotated[
        str, "the whole pattern from the root, `books/<int:pk>/`; regular expressions as written"
    ]
    kind: Annotated[Literal["route", "include"], "what it is"]
    name: Annotated[str | None, "`detail`"]
    ns: Annotated[str | None, "`catalog`"]
    full_name: Annotated[str | None, "`catalog:detail`"]
    params: Annotated[dict[str, str], '`{"pk": "int"}`; the converter\'s name, or `regex`']
    view: Annotated[str | None, "dotted name; `null` for an include or an unknown view"]
    view_kind: Annotated[Literal["class", "function", "object"] | None, "`null` likewise"]
    file: Annotated[str | None, "where the view is defined"]
    route_file: Annotated[
        str | None,
        "where the route is written (live: taken from the static scan if they match)",
    ]
    route_line: Annotated[int | None, "the same"]
    methods: Annotated[
        list[str],
        '`["GET", "POST"]` of a class-based view or a decorated function; `[]` if'
        " unrestricted or unknown",
    ]
    login_required: Annotated[bool | None, "`null` if unknown"]
    csrf_exempt: Annotated[bool | None, "the same"]
    origin: Annotated[Origin | None, "of the view"]
    urlconf: Annotated[
        str | None, "module that contains the pattern; for an include, the included module"
    ]
    host: NotRequired[Annotated[str, "name of its host if that is not the root's (live)"]]
    permission_classes: NotRequired[Annotated[list[str], "of REST framework (live)"]]
    authentication_classes: NotRequired[Annotated[list[str], "the same"]]
    actions: NotRequired[Annotated[dict[str, str], "the same: by method"]]


class UnresolvedRoutes(Place):
    """An include or router whose routes are known only when the code runs."""

    text: Annotated[str, "as written"]
    pattern: Annotated[str, "the pattern in front of it"]
    reason: Annotated[str, "why it could not be followed"]


class Urls(TypedDict):
    root: Annotated[list[str], '`["shop.urls"]`']
    hosts: NotRequired[
        Annotated[list[Host], "hosts of django-hosts (live), each with its own URLconf"]
    ]
    routes: Annotated[list[Route], "in order"]
    unresolved: Annotated[
        list[UnresolvedRoutes], "static: routes known only to the running project; live: empty"
    ]
    disagreements: NotRequired[Annotated[list[Disagreement], "live, see Disagreements"]]
    duplicate_names: Annotated[dict[str, int], "names used more than once, with counts"]
    written_names: NotRequired[
        Annotated[
            list[str], "static: every literal name in a URLconf, whether or not it is included"
        ]
    ]
    unread_spaces: NotRequired[
        Annotated[
            list[str], "static: namespaces with routes that are known only to the running project"
        ]
    ]
    errors: Annotated[list[Problem], "as everywhere"]


class Inline(Place):
    """An inline of an admin class."""

    admin: Annotated[str, "dotted name of the inline"]
    model: Annotated[str | None, "label"]


class Registered(Place):
    """A model registered with an admin site. The lists hold strings; other objects by name."""

    model: Annotated[str, "label"]
    admin: Annotated[str | None, "dotted name of the admin class"]
    origin: Annotated[Origin | None, "of the admin class"]
    list_display: Annotated[list[str], "as in the class"]
    list_filter: Annotated[list[str], "as in the class"]
    search_fields: Annotated[list[str], "as in the class"]
    readonly_fields: Annotated[list[str], "as in the class"]
    ordering: Annotated[list[str], "as in the class"]
    inlines: Annotated[list[Inline], "in order"]


class Site(_Class):
    """An admin site."""

    name: Annotated[str, "`admin`"]
    registered: Annotated[list[Registered], "models"]


class Admin(TypedDict):
    sites: Annotated[
        list[Site],
        "static: only `admin`, with models registered by decorator or call",
    ]
    errors: Annotated[list[Problem], "as everywhere"]


class Command(Place):
    """A management command."""

    name: Annotated[str, "`migrate`"]
    app: Annotated[str, "label (live: `django.core` for Django's own)"]
    origin: Annotated[Origin, "whose code it is"]
    help: Annotated[str | None, "its help text"]
    overrides: Annotated[str | None, "the app whose command of the same name it overrides"]


class Commands(TypedDict):
    commands: Annotated[list[Command], "static: the project's and third-party apps', not Django's"]
    errors: Annotated[list[Problem], "as everywhere"]


class Receiver(Place):
    """A receiver of a signal."""

    signal: Annotated[str, "dotted name: `django.db.models.signals.post_save`"]
    receiver: Annotated[str, "dotted name"]
    sender: Annotated[str | None, "model label or dotted name; `null` for any"]
    origin: Annotated[Origin, "whose code it is"]
    dispatch_uid: Annotated[str | None, "as given"]
    conditional: Annotated[bool | None, "connected inside a function (static; `null` live)"]


class Signal(Place):
    """A signal of the project's own."""

    name: Annotated[str, "dotted name"]
    origin: Annotated[Origin, "whose code it is"]


class Signals(TypedDict):
    receivers: Annotated[list[Receiver], "its receivers"]
    defined: Annotated[list[Signal], "the project's own signals"]
    errors: Annotated[list[Problem], "as everywhere"]


_Async = TypedDict("_Async", {"async": Annotated[bool | None, "can run so; `null` in static"]})


class MiddlewareRow(_Async, Place):
    """A middleware."""

    path: Annotated[str, "dotted name"]
    origin: Annotated[Origin, "whose code it is"]
    sync: Annotated[bool | None, "can run so; `null` in static"]
    conditional: Annotated[bool | None, "only under a condition in the settings; `null` live"]


class Middleware(TypedDict):
    middleware: Annotated[list[MiddlewareRow], "in order"]
    errors: Annotated[list[Problem], "as everywhere"]


class Task(Place):
    """A background task."""

    name: Annotated[str, "as registered"]
    kind: Annotated[Literal["celery", "django"], "the library of the task"]
    function: Annotated[str, "dotted name"]
    queue: Annotated[str | None, "as given"]
    origin: Annotated[Origin, "whose code it is"]


class Scheduled(Place):
    """An entry of Celery's schedule. `file` and `line` come from the source."""

    name: Annotated[str, "of the entry"]
    task: Annotated[str, "name of the task"]
    when: Annotated[str, "Celery's text for the schedule (static: the expression)"]


class TaskBackend(Place):
    """An entry of Django's `TASKS`. `file` and `line` come from the source."""

    alias: Annotated[str, "`default`"]
    backend: Annotated[str, "dotted name of the class"]
    queues: Annotated[list[str], "names"]


class Tasks(TypedDict):
    tasks: Annotated[list[Task], "by name"]
    schedule: Annotated[list[Scheduled], "schedules"]
    backends: Annotated[list[TaskBackend], "backends of Django's tasks"]
    errors: Annotated[list[Problem], "as everywhere"]


class BehaviourSections(TypedDict, total=False):
    urls: Annotated[Section[Urls], BOTH, "routes and their views"]
    admin: Annotated[Section[Admin], BOTH, "models registered with the admin"]
    commands: Annotated[Section[Commands], BOTH, "management commands"]
    signals: Annotated[Section[Signals], BOTH, "signal receivers and the project's own signals"]
    middleware: Annotated[Section[Middleware], BOTH, "middleware in order"]
    tasks: Annotated[Section[Tasks], BOTH, "background tasks"]


BehaviourSectionEvent = (
    EventOf[Literal["urls"], Urls]
    | EventOf[Literal["admin"], Admin]
    | EventOf[Literal["commands"], Commands]
    | EventOf[Literal["signals"], Signals]
    | EventOf[Literal["middleware"], Middleware]
    | EventOf[Literal["tasks"], Tasks]
)
