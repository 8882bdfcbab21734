"""Server databases that the user wants asked."""

import re
import socket
import threading

from ..guard import GUARD
from ..messages import say
from ..redact import MASK
from ..values import text_of
from .applied import compare

CONNECT_LIMIT = 3  # seconds
QUERY_LIMIT = 10  # seconds per query
TABLES = {
    "postgresql": "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')"
    " AND pg_catalog.pg_table_is_visible(c.oid)",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
}
# Messages of a server that was reached but refused access.
ANSWERED = re.compile(
    r"authentication|password|does not exist|no pg_hba|Access denied|Unknown database|permission",
    re.IGNORECASE,
)
PORTS = {"postgresql": 5432, "mysql": 3306}


class Unreachable(Exception):
    """The database server did not answer in time."""


def ask_server(alias, conf, row):
    """Migrations and tables of a server database, read over one read-only connection."""
    from django.db import connections

    wrapper = connections[alias]
    kind = wrapper.vendor
    if kind not in TABLES:
        row["note"] = say(
            "Databases of the kind {name} are not asked: only PostgreSQL and MySQL.", name=kind
        )
        return
    host = str(conf.get("HOST") or "")
    port = int(conf.get("PORT") or PORTS[kind])
    local = not host or host.startswith("/")
    where = say("its local socket") if local else "%s:%s" % (host, port)
    try:
        GUARD.server = (host or "/", port, addresses_of(host, port))
        connection = {"postgresql": open_postgresql, "mysql": open_mysql}[kind](wrapper)
    except Exception as error:
        text = in_one_line(without_password(text_of(error), conf))
        reached = bool(ANSWERED.search(text))
        row["state"] = "error" if reached else "unreachable"
        if reached:
            text = say("{place} refused the connection: {why}", place=where, why=text)
        else:
            text = say("{place} does not answer: {why}", place=where, why=text)
        row["note"] = text
        return
    finally:
        GUARD.server = None
    try:
        cursor = connection.cursor()
        cursor.execute(TABLES[kind])
        tables = [str(one[0]) for one in cursor.fetchall()]
        applied = []
        if "django_migrations" in tables:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
            applied = [(str(app), str(name)) for app, name in cursor.fetchall()]
            row["state"], row["note"] = (
                "ok",
                say("Asked over a read-only connection to {place}.", place=where),
            )
        else:
            row["state"], row["note"] = "empty", say("It has no table of migrations.")
    finally:
        connection.close()
    compare(row, alias, applied, tables)


def in_one_line(text):
    return text if "\n" not in text else " ".join(text.split())


def addresses_of(host, port):
    """The addresses of a host, looked up within the connection timeout."""
    if not host or host.startswith("/"):
        return set()
    found = []

    def look():
        with GUARD.ours():
            try:
                found.extend(one[4][0] for one in socket.getaddrinfo(host, port))
            except OSError as error:
                found.append(error)

    thread = threading.Thread(target=look, name="inspector-watchdog", daemon=True)
    thread.start()
    thread.join(CONNECT_LIMIT)
    if not found:
        text = say("its name was not resolved within {seconds} seconds", seconds=CONNECT_LIMIT)
        raise Unreachable(text)
    if isinstance(found[0], OSError):
        raise Unreachable(say("its name cannot be resolved ({why})", why=found[0].strerror))
    return set(found)


def open_postgresql(wrapper):
    """A connection with the project's own driver, made read-only by the server."""
    params = wrapper.get_connection_params()
    params.pop("pool", None)
    params["connect_timeout"] = CONNECT_LIMIT
    wanted = {
        "default_transaction_read_only": "on",
        "statement_timeout": QUERY_LIMIT * 1000,
        "lock_timeout": QUERY_LIMIT * 1000,
    }
    options = " ".join("-c %s=%s" % one for one in wanted.items())
    given = str(params.get("options") or "")
    try:
        connection = wrapper.Database.connect(
            **dict(params, options=(given + " " + options).strip())
        )
    except wrapper.Database.OperationalError as error:
        # A connection pooler may reject options: set the same after connecting.
        if "startup parameter" not in str(error):
            raise
        connection = wrapper.Database.connect(**params)
        for name, value in wanted.items():
            connection.cursor().execute("SET %s = '%s'" % (name, value))
        connection.commit()
    connection.cursor().execute("SET TRANSACTION READ ONLY")
    return connection


def open_mysql(wrapper):
    """The same for MySQL and MariaDB, which name the query timeout differently."""
    params = wrapper.get_connection_params()
    params.pop("init_command", None)  # it could contain any statement
    params["connect_timeout"] = CONNECT_LIMIT
    params["read_timeout"] = params["write_timeout"] = QUERY_LIMIT
    connection = wrapper.Database.connect(**params)
    cursor = connection.cursor()
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    for text in (
        "SET SESSION max_execution_time = %d" % (QUERY_LIMIT * 1000),
        "SET SESSION max_statement_time = %d" % QUERY_LIMIT,
    ):
        try:
            cursor.execute(text)
            break
        except Exception:
            continue
    return connection


def without_password(text, conf):
    password = str(conf.get("PASSWORD") or "")
    # The last condition keeps a translatable message from becoming plain text.
    return text.replace(password, MASK) if len(password) > 2 and password in text else text
