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


class Operation(TypedDict):
    """An operation that runs code or SQL, or cannot be taken back."""

    op: Annotated[str, "`RunPython`"]
    what: Annotated[str, "`fill_slugs`"]
    line: Annotated[int | None, "in the migration's file"]


class Step(TypedDict):
    """What an operation is about, as far as it is written out."""

    op: Annotated[str, "`AddField`"]
    line: Annotated[int, "in the migration's file"]
    model: NotRequired[Annotated[str, "name of the model"]]
    name: NotRequired[Annotated[str, "of the field, index or constraint"]]
    new: NotRequired[Annotated[str, "a new name"]]
    type: NotRequired[Annotated[str, "of a field, index or constraint"]]
    fields: NotRequired[Annotated[int, "number of fields"]]
    code: NotRequired[Annotated[str, "beginning of the code"]]
    sql: NotRequired[Annotated[str, "beginning of the SQL"]]
    table: NotRequired[
        Annotated[Literal[False], "a model without a table of its own (a proxy, or unmanaged)"]
    ]
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
    irreversible: Annotated[list[Operation], "operations that cannot be taken back"]
    data_ops: Annotated[list[Operation], "RunPython and RunSQL operations"]
    operations: NotRequired[
        Annotated[list[Step], "what each is about, from the file also in live, at most 300"]
    ]


class MigrationApp(TypedDict):
    """The migrations of an app."""

    origin: Annotated[Origin, "whose code it is"]
    path: Annotated[str | None, "folder of the migrations"]
    leaves: Annotated[list[str], "names on which no other depends"]
    migrations: Annotated[list[Migration], "in dependency order"]


class Migrations(TypedDict):
    apps: Annotated[dict[str, MigrationApp], "by label"]
    conflicts: Annotated[dict[str, list[str]], "by label: leaves of apps that have several"]
    unmigrated: Annotated[list[str], "labels of apps without a migrations package"]
    no_migrations_with_models: Annotated[list[str], "those of them that have models"]
    unpackaged: NotRequired[
        Annotated[
            dict[str, str],
            "by label: folders of migrations without `__init__.py`, which Django does not see",
        ]
    ]
    lost_originals: NotRequired[
        Annotated[
            list[Problem],
            "squashes that replace some migrations that are there and some that are not",
        ]
    ]
    overridden: Annotated[
        list[str], "sentences: filled when the project replaces `makemigrations` or `migrate`"
    ]
    disagreements: NotRequired[Annotated[list[Disagreement], "live, see there"]]
    errors: Annotated[list[MigrationProblem], "migrations that cannot be loaded, too"]


class DriftOperation(Place):
    """An operation that `makemigrations` would write."""

    op: Annotated[str, "`CreateModel`, `AddField`, `AlterField`, …"]
    text: Annotated[str, "`Add field isbn to book`"]
    model: Annotated[str | None, "`Book`"]
    field: Annotated[str | None, "name"]
    state_only: NotRequired[Annotated[bool, "does not change the database"]]


class DriftApp(TypedDict):
    """An app of which models and migrations differ."""

    origin: Annotated[Origin, "whose code it is"]
    ops: Annotated[list[DriftOperation], "in order"]


class Drift(TypedDict):
    method: Annotated[
        Literal["autodetector", "replay"], "`autodetector`: Django's own (live); `replay`: static"
    ]
    apps: Annotated[dict[str, DriftApp], "by label; apps without drift are left out"]
    incomplete: Annotated[dict[str, str], "by label: why not all of an app could be compared"]
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
    password_set: Annotated[bool, "the same; the password itself is never read out"]
    options: NotRequired[
        Annotated[
            dict[str, str],
            '`OPTIONS` as Python literals, secrets hidden: `{"sslmode": "\'require\'"}`',
        ]
    ]
    state: Annotated[
        DatabaseState,
        "`missing`: no file; `empty`: no migrations table; `not-opened`: a server that nobody "
        "wanted asked, or a product that cannot be; `unreachable`: no answer within 3 seconds",
    ]
    asked: NotRequired[Annotated[Asked, "a server that the user wanted asked"]]
    no_jail: NotRequired[Annotated[bool, "it was not asked because the jail did not start"]]
    note: Annotated[str, "one sentence about the state, or empty"]
    applied_count: Annotated[int, "number of applied migrations"]
    applied: Annotated[list[str], 'as `"catalog.0001_initial"`']
    pending: Annotated[
        list[str] | None,
        "those that the files have and the database has not; `null` when the database could not be "
        "read, or the migrations have no order; those that cannot be loaded, and what depends on "
        "them, are not among them",
    ]
    ghosts: Annotated[list[str], "applied ones of which there is no file"]
    missing_tables: Annotated[list[str], "tables of applied models that are not there"]
    unclaimed_tables: Annotated[list[str], "tables that no model has"]


class Databases(TypedDict):
    databases: Annotated[dict[str, Database], "by alias"]
    errors: Annotated[list[Problem], "as everywhere"]


class MigrationSections(TypedDict, total=False):
    migrations: Annotated[Section[Migrations], BOTH, "the graph per app"]
    drift: Annotated[Section[Drift], BOTH, "what `makemigrations` would write"]
    databases: Annotated[Section[Databases], LIVE, "applied and pending migrations, per database"]


MigrationSectionEvent = (
    EventOf[Literal["migrations"], Migrations]
    | EventOf[Literal["drift"], Drift]
    | EventOf[Literal["databases"], Databases]
)
