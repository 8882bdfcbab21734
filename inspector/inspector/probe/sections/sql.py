"""The SQL of one migration."""

from ..config import CONFIG, STATE
from ..errors import root_cause
from ..limits import OutOfTime
from ..redact import GIVEN, MASK, SHAPES
from ..values import text_of


def section_sql():
    """The SQL of one migration, from its files alone: opens no database of the project."""
    from django.db.migrations.loader import MigrationLoader

    wanted = CONFIG["sql"]
    loader = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False)
    key = (wanted["app"], wanted["name"])
    if key not in loader.graph.nodes:
        return {"state": "gone", "lines": [], "driver": "", "why": "", "tables": False}
    try:
        connection = unconnected(wanted["engine"], wanted["alias"])
    except Exception as error:
        cause = root_cause(error)
        why = "%s: %s" % (type(cause).__name__, text_of(cause))
        return {
            "state": "driver",
            "lines": [],
            "driver": wanted["engine"],
            "why": why,
            "tables": False,
        }
    tables = False
    try:
        lines = collected(loader, key, connection, False)
    except OutOfTime:
        raise
    except Exception as error:
        if connection.vendor != "sqlite":
            return {
                "state": "database",
                "lines": [],
                "driver": "",
                "why": text_of(error),
                "tables": False,
            }
        # Queries need the tables so far to exist: create them in memory, without rows.
        tables = True
        connection = unconnected(wanted["engine"], wanted["alias"])
        lines = collected(loader, key, connection, True)
    return {
        "state": "ok",
        "lines": [scrub_sql(one) for one in lines],
        "driver": "",
        "why": "",
        "tables": tables,
    }


def scrub_sql(line):
    """Without what looks like a secret, but otherwise complete: truncated SQL would be wrong."""
    for value in GIVEN:
        line = line.replace(value, MASK)
    for shape in SHAPES:
        line = shape.sub(MASK, line)
    return line


def unconnected(engine, alias):
    """A connection of that engine that never connects; for SQLite, an empty in-memory database."""
    from importlib import import_module

    from django.db import connections

    settings = dict(connections.databases.get(alias) or connections.databases["default"])
    settings.update(
        ENGINE=engine, NAME=":memory:" if "sqlite" in engine or "spatialite" in engine else ""
    )
    settings["TEST"] = dict(settings.get("TEST") or {})
    own = connections.databases.get(alias) or {}
    if own.get("ENGINE") != engine:
        settings["OPTIONS"] = {}
    connection = import_module(engine + ".base").DatabaseWrapper(settings, alias)
    if connection.vendor == "sqlite":
        connect, ensure = STATE["connect"]
        connection.connect = connect.__get__(connection)
        connection.ensure_connection = ensure.__get__(connection)
    elif connection.vendor == "postgresql":
        # Otherwise read from the server; every supported version is at least this new.
        connection.__dict__["pg_version"] = 150000
    return connection


def collected(loader, key, connection, tables):
    """Collect as `sqlmigrate` does, but without running Python code of the migration."""
    migration = loader.graph.nodes[key]
    before = loader.project_state(key, at_end=False)
    if tables:
        with connection.schema_editor(atomic=False) as editor:
            for model in before.apps.get_models(include_auto_created=False):
                if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                    editor.create_model(model)
    lines = []
    # Never atomic: that would open a transaction, and so a connection.
    editor = connection.schema_editor(collect_sql=True, atomic=False)
    with editor:
        for operation in migration.operations:
            after = before.clone()
            operation.state_forwards(migration.app_label, after)
            editor.collected_sql += ["--", "-- %s" % operation.describe(), "--"]
            count = len(editor.collected_sql)
            one_operation(operation, migration.app_label, editor, before, after)
            if len(editor.collected_sql) == count:
                editor.collected_sql.append("-- (no SQL)")
            before = after
    lines = [str(one) for one in editor.collected_sql]
    if migration.atomic and connection.features.can_rollback_ddl:
        end = connection.ops.end_transaction_sql()
        lines = [connection.ops.start_transaction_sql(), *lines, end]
    return lines


def one_operation(operation, label, editor, before, after):
    inner = getattr(operation, "database_operations", None)
    if type(operation).__name__ == "SeparateDatabaseAndState" and inner is not None:
        for one in inner:
            after = before.clone()
            one.state_forwards(label, after)
            one_operation(one, label, editor, before, after)
            before = after
    elif type(operation).__name__ == "RunPython" or not operation.reduces_to_sql:
        code = getattr(operation, "code", None)
        name = getattr(code, "__qualname__", None) or type(operation).__name__
        editor.collected_sql.append(
            "-- Here the Python function %s runs. What it does to the data is not known as SQL."
            % name
        )
    else:
        operation.database_forwards(label, editor, before, after)
