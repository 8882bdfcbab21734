"""The databases in the settings; SQLite files are read, servers only if the user asks for it."""

import os

from ..config import CONFIG
from ..guard import GUARD
from ..messages import say
from ..places import inside, relative
from ..redact import scrub
from ..values import literal, text_of
from .applied import compare
from .servers import ask_server, without_password

COPY_LIMIT = 1024 * 2**20  # bytes of a database and its side files
NOT_CONTACTED = say("Server databases are only asked when you say so.")


def options_of(conf):
    options = conf.get("OPTIONS")
    if not isinstance(options, dict):
        return {}
    return {text_of(key): literal(options[key], text_of(key)) for key in list(options)[:100]}


def section_databases():
    from django.conf import settings

    errors = []
    result = {}
    for alias, conf in settings.DATABASES.items():
        engine = str(conf.get("ENGINE", ""))
        if not engine or engine.endswith(".dummy"):
            continue
        row = {
            "engine": engine,
            "name": scrub(str(conf.get("NAME") or "")),
            "host": scrub(str(conf.get("HOST") or "")),
            "port": str(conf.get("PORT") or ""),
            "user_set": bool(conf.get("USER")),
            "password_set": bool(conf.get("PASSWORD")),
            "options": options_of(conf),
            "state": "not-opened",
            "note": NOT_CONTACTED,
            "applied_count": 0,
            "applied": [],
            "pending": None,
            "ghosts": [],
            "missing_tables": [],
            "unclaimed_tables": [],
        }
        result[alias] = row
        try:
            if "sqlite" in engine or "spatialite" in engine:
                read_sqlite(alias, str(conf.get("NAME") or ""), row)
            elif alias in CONFIG["connect_to"]:
                row["asked"] = {}  # the engine adds how this process was guarded
                ask_server(alias, conf, row)
        except Exception as error:
            row["state"], row["note"] = "error", without_password(text_of(error), conf)
    return {"databases": result, "errors": errors}


def read_sqlite(alias, name, row):
    if name == ":memory:" or "mode=memory" in name:
        row["state"], row["note"] = "memory", say("An in-memory database is empty at every start.")
        return
    path = name[5:].partition("?")[0] if name.startswith("file:") else name
    path = os.path.abspath(path)
    row["name"] = relative(path)
    if CONFIG["real_root"] and inside(path, CONFIG["root"]):
        # Read the original: loading may have changed the copy.
        path = os.path.join(CONFIG["real_root"], os.path.relpath(path, CONFIG["root"]))
    if not os.path.isfile(path):
        row["state"], row["note"] = "missing", say("The file does not exist yet.")
        compare(row, alias, [], None)
        return
    applied, tables, state, note = query_sqlite(path)
    row["state"], row["note"] = state, note
    if applied is None:
        return
    compare(row, alias, applied, tables)


def query_sqlite(path):
    """(applied, tables, state, note). Reads the original file only if nothing there is writable."""
    import shutil
    import sqlite3
    from urllib.parse import quote

    note = ""
    with GUARD.ours():
        sides = [path + end for end in ("-wal", "-journal")]
        sides = [one for one in sides if os.path.exists(one) and os.path.getsize(one)]
        if sides:
            # Another process is writing, and SQLite would create or repair side files. Use a copy.
            if sum(map(os.path.getsize, [path, *sides])) > COPY_LIMIT:
                return None, [], "busy", say("In use, and too large to copy.")
            target = os.path.join(CONFIG["scratch"], "tmp", "copy-%x.sqlite3" % abs(hash(path)))
            shutil.copyfile(path, target)
            for side in sides:
                shutil.copyfile(side, target + side[len(path) :])
            connection = sqlite3.connect(target)
            note = say("Read from a private copy, because the database is in use.")
        else:
            address = "file:%s?mode=ro&immutable=1" % quote(path.replace(os.sep, "/"))
            connection = sqlite3.connect(address, uri=True)
        try:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table','view')"
            )
            tables = [one for (one,) in names]
            if "django_migrations" not in tables:
                return [], tables, "empty", say("It has no table of migrations.")
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
            return [(app, one) for app, one in rows], tables, "ok", note
        finally:
            connection.close()
