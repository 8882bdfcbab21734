"""Sections about the project as a whole: interpreter, apps, settings and packages."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import (
    BOTH,
    LIVE,
    STATIC,
    Disagreement,
    EventOf,
    Origin,
    Place,
    Problem,
    Repair,
    Section,
)


class Runtime(TypedDict):
    python: Annotated[str, "version of the project's interpreter"]
    implementation: Annotated[str, "`CPython`"]
    executable: Annotated[str, "path of the interpreter"]
    prefix: Annotated[str, "its environment"]
    in_venv: Annotated[bool, "whether that is a virtual environment"]
    platform: Annotated[str, "`Linux-6.8-x86_64`"]
    django: Annotated[str, "version"]
    django_path: Annotated[str, "folder"]
    settings_module: Annotated[str | None, "what was loaded"]
    settings_source: Annotated[str, "a phrase such as `manage.py`"]
    settings_file: Annotated[str | None, "its file"]
    base: Annotated[str, "the folder on the path"]
    setup_seconds: Annotated[float, "of `django.setup()`"]
    modules_loaded: Annotated[int, "after `django.setup()`"]
    assumed: Annotated[
        list[str],
        "sentences about assumptions, for example a placeholder secret key",
    ]
    repairs: Annotated[list[Repair], "the same as structured data"]
    attempts: Annotated[int, "number of processes started until it loaded; 1 without repairs"]
    safety: Annotated[
        str,
        "the active level in words: `guard`, `guard + bubblewrap`, `guard + Landlock`, "
        "`guard + sandbox-exec`, `guard + job object`",
    ]
    safety_notes: Annotated[
        list[str], "sentences: what the level does, and why no stronger one is used"
    ]


class App(Place):
    """An installed app."""

    label: Annotated[str, "`shop_core`"]
    name: Annotated[str, "`shop.core`"]
    verbose_name: Annotated[str, "`Core`"]
    path: Annotated[
        str | None,
        "the app's folder, relative like `file`; `null` when the package was not found (static)",
    ]
    origin: Annotated[Origin, "whose code it is"]
    config: Annotated[str | None, "dotted name of the AppConfig class"]
    file: Annotated[
        str | None, "where the AppConfig is defined, else `__init__.py` of the app, line 1"
    ]
    models: Annotated[int, "number of models (without auto-created ones)"]
    models_module: Annotated[str | None, "dotted"]
    default_auto_field: Annotated[str | None, "dotted field class"]
    ready_overridden: Annotated[bool, "the AppConfig has its own `ready()`"]
    conditional: NotRequired[
        Annotated[bool, "static: installed only under a condition in the settings"]
    ]


class Apps(TypedDict):
    apps: Annotated[list[App], "in order"]
    source: Annotated[
        Literal["registry", "settings", "folders"],
        "`registry`: live; `settings`: `INSTALLED_APPS` in the source; `folders`:"
        " if that cannot be read, folders that look like apps",
    ]
    complete: Annotated[bool, "false if part of `INSTALLED_APPS` is computed or conditional"]
    unresolved: Annotated[list[Problem], "those parts"]
    errors: Annotated[list[Problem], "as everywhere"]


class Assignment(Place):
    """A setting as a module assigns it."""

    name: Annotated[str, "of the setting"]
    value: Annotated[str | None, "a Python literal as text, truncated and redacted"]
    redacted: Annotated[bool, "the value looks like a secret"]
    computed: Annotated[bool, "the value is known only to the running project"]
    env: NotRequired[Annotated[list[str], "environment variables that the value depends on"]]
    conditional: NotRequired[Annotated[bool, "a condition or a local file decides the value"]]


class ValuePlace(Place):
    """One of several lines that assign a setting."""

    value: Annotated[str | None, "the value assigned there"]


class Variable(Assignment):
    """A setting of the chosen module."""

    default: Annotated[str | None, "Django's default"]
    changed: Annotated[
        bool | None,
        "whether it differs from Django's default; `null` if static and computed",
    ]
    known: Annotated[bool | None, "whether Django knows a setting of that name"]
    places: NotRequired[Annotated[list[ValuePlace], "if several lines assign it"]]
    conditional: NotRequired[
        Annotated[
            bool,
            "a condition decides whether it has this value, or something that is not in the "
            "repository may replace it",
        ]
    ]
    assumed: NotRequired[
        Annotated[list[str], "live: variables in `env` whose values a repair made up"]
    ]


class AssignedModule(TypedDict):
    """The assignments of one of several settings modules."""

    module: Annotated[str, "dotted"]
    file: Annotated[str | None, "its file"]
    chosen: Annotated[bool, "whether it is the one of this scan"]
    variables: Annotated[list[Assignment], "in order"]
    errors: Annotated[list[Problem], "as everywhere"]


class DefaultPlace(Place):
    """A place that reads a variable."""

    default: Annotated[str | None, "used if it is not set"]


class Environment(Place):
    """An environment variable that the settings read."""

    name: Annotated[str, "of the variable"]
    default: Annotated[str | None, "of the first place"]
    required: Annotated[bool, "the settings do not load without it"]
    set: Annotated[
        bool | None,
        "live: whether it was set when the project was loaded; static: `null`",
    ]
    file: Annotated[str | None, "the first of `places`"]
    kind: Annotated[str | None, "type that the code converts it to: `bool`, `int`, `url`, …"]
    places: Annotated[list[DefaultPlace], "every place that reads it"]
    example: Annotated[str | None, "the example file that names it, such as `.env.example`"]
    secret: Annotated[bool, "its name looks like a secret"]


class EnvExample(TypedDict):
    """A file that names variables."""

    file: Annotated[str, "`.env.example`"]
    names: Annotated[list[str], "variables"]


class SecretKey(TypedDict):
    """About `SECRET_KEY`; never the key."""

    set: Annotated[bool, "whether there is one"]
    length: Annotated[int | None, "in characters"]
    insecure_prefix: Annotated[bool, "`startproject` made it"]
    hard_coded: NotRequired[Annotated[bool, "a literal in the source"]]


class Settings(TypedDict):
    module: Annotated[str | None, "dotted name"]
    files: Annotated[list[str], "settings files that were read, in order"]
    variables: Annotated[list[Variable], "live: only changed settings and the project's own"]
    modules: NotRequired[
        Annotated[
            list[AssignedModule],
            "assignments of each of several settings modules (at most 8); in live "
            "sections also from the files",
        ]
    ]
    env: Annotated[list[Environment], "environment variables that the settings read"]
    disagreements: NotRequired[Annotated[list[Disagreement], "live, see Disagreements"]]
    env_examples: Annotated[list[EnvExample], "files that name variables"]
    secret_key: Annotated[SecretKey | None, "`null` if the source does not tell"]
    errors: Annotated[list[Problem], "as everywhere"]


class Declared(Place):
    """A package that a file of the project names."""

    name: Annotated[str, "as written"]
    specifier: Annotated[str, "`>=5.2`"]
    extras: Annotated[list[str], "names"]
    marker: Annotated[str, "as written"]
    group: Annotated[str, "`main`, or `dev`, `docs`, …"]
    pinned: Annotated[bool, "whether it is pinned to one version, archive URL or commit"]
    installed: Annotated[str | None, "version in the chosen interpreter"]
    locked: Annotated[str | None, "version in a lock or constraints file"]
    license: Annotated[str | None, "of the installed package"]
    summary: Annotated[str | None, "of the installed package"]
    installed_on: NotRequired[
        Annotated[
            str | None,
            "date (`2026-01-31`) of the installer's file list, not of the release",
        ]
    ]


class Installed(TypedDict):
    """A package of the chosen interpreter, read from its `*.dist-info`."""

    name: Annotated[str, "of the package"]
    version: Annotated[str | None, "installed version"]
    requires_python: Annotated[str | None, "as written"]
    license: Annotated[str | None, "as written"]
    summary: Annotated[str | None, "as written"]
    installed_on: NotRequired[Annotated[str | None, "as above"]]
    direct: Annotated[bool | None, "declared by the project"]


class Dependencies(TypedDict):
    declared: Annotated[list[Declared], "in the project's files"]
    installed: Annotated[list[Installed], "in the chosen interpreter"]
    missing: Annotated[
        list[str] | None,
        "declared main dependencies that are not installed, considering markers "
        "for this system and the interpreter's Python; `null` without an "
        "interpreter",
    ]
    requires_python: Annotated[str | None, "of the project"]
    library: NotRequired[
        Annotated[
            str | None,
            "the `pyproject.toml` of a library that declares support for several Django releases",
        ]
    ]
    files: Annotated[list[str], "files that were read"]
    errors: Annotated[list[Problem], "as everywhere"]


class Package(TypedDict):
    """A package that the running interpreter can import."""

    name: Annotated[str, "of the package"]
    version: Annotated[str | None, "installed version"]
    requires_python: Annotated[str | None, "as written"]
    license: Annotated[str | None, "as written"]
    summary: Annotated[str | None, "as written"]
    django_classifiers: Annotated[list[str], '`["5.2"]`']
    direct: Annotated[bool, "no other installed package requires it"]
    declared: Annotated[bool | None, "named in a file of the project (from the source)"]


class Packages(TypedDict):
    packages: Annotated[list[Package], "by name"]
    errors: Annotated[list[Problem], "as everywhere"]


class ProjectSections(TypedDict, total=False):
    runtime: Annotated[Section[Runtime], LIVE, "the interpreter, Django and settings that ran"]
    apps: Annotated[Section[Apps], BOTH, "installed apps"]
    settings: Annotated[Section[Settings], BOTH, "settings and the environment variables they read"]
    dependencies: Annotated[Section[Dependencies], STATIC, "declared and installed packages"]
    packages: Annotated[Section[Packages], LIVE, "packages installed for the interpreter"]


ProjectSectionEvent = (
    EventOf[Literal["runtime"], Runtime]
    | EventOf[Literal["apps"], Apps]
    | EventOf[Literal["settings"], Settings]
    | EventOf[Literal["dependencies"], Dependencies]
    | EventOf[Literal["packages"], Packages]
)
