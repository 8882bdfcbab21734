"""Sections about migrations and databases."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import (
    BOTH,
    LIVE,
    Disagreement,
    EventOf,
    Origin,
    Place,
    Problem,
    Section,
)


class MigrationProblem(Problem):
    """What is wrong with a migration, or why it could not be read."""

    unread: NotRequired[Annotated[bool, "it is written for a newer Python than the one that reads"]]
    refused: NotRequired[
        Annotated[list[str], "live: what it tried while imported and a scan does not allow"]
    ]


class Operation(TypedDict):
    """An operation that runs code or SQL, or is irreversible."""

    op: Annotated[str, "`RunPython`"]
    what: Annotated[str, "`fill_slugs`"]
    line: Annotated[int | None, "in the migration's file"]


class Step(TypedDict):
    """The details of an operation, as far as they are literal."""

    op: Annotated[str, "`AddField`"]
    line: Annotated[int, "in the migration's file"]
    model: NotRequired[Annotated[str, "name of the model"]]
    name: NotRequired[Annotated[str, "of the field, index or constraint"]]
    new: NotRequired[Annotated[str, "a new name"]]
    type: NotRequired[Annotated[str, "of a field, index or constraint"]]
    fields: NotRequired[Annotated[int, "number of fields"]]
    code: NotRequired[Annotated[str, "beginning of the code"]]
    sql: NotRequired[Annotated[str, "beginning of the SQL"]]
    table: NotRequired[Annotated[Literal[False], "the model has no table (a proxy, or unmanaged)"]]
    only: NotRequired[Annotated[Literal["database", "state"], "inside a SeparateDatabaseAndState"]]


class Migration(TypedDict):
    """A migration."""

    name: Annotated[str, "`0002_more`"]
    file: Annotated[str | None, "its file"]
    ops: Annotated[int, "number of operations"]
    op_kinds: Annotated[dict[str, int], '`{"AddField": 2}`']
    deps: Annotated[
        list[str],
        '`["catalog.0001_initial"]`; swappable ones as `"__setting__.AUTH_USER_MODEL"` (static) '
        "or resolved (live)",
    ]
    run_before: NotRequired[Annotated[list[str], "as in the class"]]
    replaces: NotRequired[Annotated[list[str], "as in the class"]]
    initial: NotRequired[Annotated[bool, "as in the class"]]
    atomic: NotRequired[Annotated[bool, "only when false"]]
    irreversible: Annotated[list[Operation], "irreversible operations"]
    data_ops: Annotated[list[Operation], "RunPython and RunSQL operations"]
    operations: NotRequired[
        Annotated[list[Step], "details of each, at most 300; in live sections also from the file"]
    ]


class MigrationApp(TypedDict):
    """The migrations of an app."""

    origin: Annotated[Origin, "whose code it is"]
    path: Annotated[str | None, "folder of the migrations"]
    leaves: Annotated[list[str], "migrations that no other depends on"]
    migrations: Annotated[list[Migration], "in dependency order"]


class Migrations(TypedDict):
    apps: Annotated[dict[str, MigrationApp], "by label"]
    conflicts: Annotated[dict[str, list[str]], "by label: leaves of apps with several"]
    unmigrated: Annotated[list[str], "labels of apps without a migrations package"]
    no_migrations_with_models: Annotated[list[str], "labels of those with models"]
    unpackaged: NotRequired[
        Annotated[
            dict[str, str],
            "by label: migrations folders without `__init__.py`, which Django ignores",
        ]
    ]
    lost_originals: NotRequired[
        Annotated[
            list[Problem],
            "squashed migrations that replace some existing and some missing migrations",
        ]
    ]
    overridden: Annotated[
        list[str], "sentences, if the project replaces `makemigrations` or `migrate`"
    ]
    disagreements: NotRequired[Annotated[list[Disagreement], "live, see Disagreements"]]
    errors: Annotated[list[MigrationProblem], "including migrations that cannot be loaded"]


class DriftOperation(Place):
    """An operation that `makemigrations` would write."""

    op: Annotated[str, "`CreateModel`, `AddField`, `AlterField`, …"]
    text: Annotated[str, "`Add field isbn to book`"]
    model: Annotated[str | None, "`Book`"]
    field: Annotated[str | None, "name"]
    state_only: NotRequired[Annotated[bool, "does not change the database"]]


class DriftApp(TypedDict):
    """An app whose models and migrations differ."""

    origin: Annotated[Origin, "whose code it is"]
    ops: Annotated[list[DriftOperation], "in order"]


class Drift(TypedDict):
    method: Annotated[
        Literal["autodetector", "replay"], "`autodetector`: Django's own (live); `replay`: static"
    ]
    apps: Annotated[dict[str, DriftApp], "by label; apps without drift are left out"]
    incomplete: Annotated[dict[str, str], "by label: why an app could only partly be compared"]
    overridden: Annotated[
        list[str], "sentences: which app replaces `makemigrations` or the autodetector"
    ]
    errors: Annotated[list[Problem], "as everywhere"]


class Asked(TypedDict, total=False):
    """The process that asked a server."""

    safety: Annotated[str, "as in `runtime`"]
    safety_notes: Annotated[list[str], "as in `runtime`"]


DatabaseState = Literal[
    "ok", "missing", "empty", "memory", "busy", "not-opened", "unreachable", "error"
]


class Database(TypedDict):
    """A database of the settings."""

    engine: Annotated[str, "configuration"]
    name: Annotated[str, "configuration"]
    host: Annotated[str, "configuration"]
    port: Annotated[str, "configuration"]
    user_set: Annotated[bool, "whether a user is configured"]
    password_set: Annotated[
        bool, "whether a password is configured; the password itself is never read"
    ]
    options: NotRequired[
        Annotated[
            dict[str, str],
            '`OPTIONS` as Python literals, secrets masked: `{"sslmode": "\'require\'"}`',
        ]
    ]
    state: Annotated[
        DatabaseState,
        "`missing`: no file; `empty`: no migrations table; `not-opened`: a server"
        " that the user did not ask, or an unsupported product; `unreachable`: no"
        " answer within 3 seconds",
    ]
    asked: NotRequired[Annotated[Asked, "set if the user wanted this server asked"]]
    no_sandbox: NotRequired[Annotated[bool, "it was not asked because the sandbox did not start"]]
    note: Annotated[str, "one sentence about the state, or empty"]
    applied_count: Annotated[int, "number of applied migrations"]
    applied: Annotated[list[str], 'as `"catalog.0001_initial"`']
    pending: Annotated[
        list[str] | None,
        "migrations with a file that are not applied, except those that cannot be"
        " loaded and their dependents; `null` if the database could not be read "
        "or the migrations have no order",
    ]
    ghosts: Annotated[list[str], "applied migrations without a file"]
    missing_tables: Annotated[list[str], "missing tables of applied models"]
    unclaimed_tables: Annotated[list[str], "tables without a model"]


class Databases(TypedDict):
    databases: Annotated[dict[str, Database], "by alias"]
    errors: Annotated[list[Problem], "as everywhere"]


class MigrationSections(TypedDict, total=False):
    migrations: Annotated[Section[Migrations], BOTH, "the migration graph of each app"]
    drift: Annotated[Section[Drift], BOTH, "what `makemigrations` would write"]
    databases: Annotated[Section[Databases], LIVE, "applied and pending migrations, per database"]


MigrationSectionEvent = (
    EventOf[Literal["migrations"], Migrations]
    | EventOf[Literal["drift"], Drift]
    | EventOf[Literal["databases"], Databases]
)
