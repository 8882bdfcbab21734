"""Write an export."""

from __future__ import annotations

import contextlib
import gzip
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connections, transaction

from djdesk import __version__

from . import counters, folders, schema
from .archive import Changed, Content, Writer
from .problem import TransferProblem
from .tables import Table, TableTotal, Total, Totals, tables

FORMAT = 1
HEADER = "export.json"
ROWS = "rows.json"
# Bytes of rows per member, which are in memory at once.
BATCH = 4 << 20
TRIES = 3  # attempts to read a file that is being truncated

Tell = Callable[[str], None]


class Exported(Content):
    """``size`` in bytes; ``tables``: their number."""

    size: int
    tables: int


def export_to(target: Path, tell: Tell, *, with_files: bool = True) -> Exported:
    """Write all data of this app to ``target``; returns a summary.

    The rows are a snapshot at one moment, whatever is written meanwhile; files are copied after
    that. An interrupted export resumes with the files and starts the rows again. Raises
    TransferProblem.
    """
    if target.exists():
        raise TransferProblem(f"{target} already exists.", "Choose another name, or delete it.")
    header = _header(with_files)
    roots = folders.folders() if with_files else {}
    try:
        writer = Writer(target)
    except OSError as error:
        raise TransferProblem(
            f"{target} cannot be written: {(error.strerror or str(error)).lower()}.",
            "Choose another folder.",
        ) from error
    try:
        return _write(writer, header, roots, tell)
    except OSError as error:
        writer.close()
        raise TransferProblem(
            f"The export could not be completed: {error}.",
            f"Free some space and run the command again: it continues with {writer.part.name}.",
        ) from error


def _header(with_files: bool) -> schema.Header:
    aliases = {
        alias: schema.applied(alias)
        for alias in connections
        if connections[alias].introspection.table_names()
    }
    if not aliases:
        raise TransferProblem("There is no data yet.", "Start the app once.")
    return {
        "format": FORMAT,
        "djdesk": __version__,
        "app": schema.about(),
        "migrations": aliases,
        "files": with_files,
    }


def _write(writer: Writer, header: schema.Header, roots: dict[str, Path], tell: Tell) -> Exported:
    names = [entry.name for entry in writer.restored]
    if ROWS in names and _same(writer.read_json(HEADER), header):
        tell(f"Continuing with {writer.part}: its rows are complete.")
        totals: Totals = writer.read_json(ROWS)
    else:
        if names:
            writer.begin()
        writer.add_json(
            HEADER, header | {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        )
        totals = {}
        for alias in header["migrations"]:
            with _one_moment(alias):
                for table in tables(alias):
                    totals[table.name] = _rows(writer, table)
                    if totals[table.name]["rows"]:
                        tell(f"{table.label}: {totals[table.name]['rows']} rows")
        writer.add_json(ROWS, totals)
        writer.sync()
    last = writer.restored[-1].name if writer.restored else ""
    copied, missing = _files(writer, roots, last, tell)
    count = copied + sum(name.startswith("files/") for name in names)
    about: Content = {
        "rows": sum(one["rows"] for one in totals.values()),
        "files": count,
        "missing": missing,
    }
    return {**about, "size": writer.finish(about), "tables": len(totals)}


def _same(one: schema.Header, other: schema.Header) -> bool:
    return {key: value for key, value in one.items() if key != "created"} == other


@contextlib.contextmanager
def _one_moment(alias: str) -> Iterator[None]:
    """Reads in the block see the database as of its beginning, and block nobody."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        # Not atomic(): on a desktop that takes the write lock.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(using=alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(writer: Writer, table: Table) -> TableTotal:
    total = Total()
    number = 0
    batch: list[bytes] = []
    size = 0
    for line in table.lines(total):
        batch.append(line.encode() + b"\n")
        size += len(batch[-1])
        if size >= BATCH:
            number += 1
            _add_rows(writer, table, number, batch)
            batch, size = [], 0
    if batch:
        _add_rows(writer, table, number + 1, batch)
    columns = [one.name for one in table.fields]
    return {**total.as_dict(), "columns": columns, "counter": counters.read(table)}


def _add_rows(writer: Writer, table: Table, number: int, batch: list[bytes]) -> None:
    # The fastest level reduces rows to a fifth; higher ones take three times as long for another
    # tenth.
    data = gzip.compress(b"".join(batch), compresslevel=1, mtime=0)
    writer.add_bytes(f"rows/{table.name}/{number:06}.jsonl.gz", data)


def _files(writer: Writer, roots: dict[str, Path], last: str, tell: Tell) -> tuple[int, list[str]]:
    """Copy the files after ``last``. Returns their number, and those deleted meanwhile."""
    copied = 0
    missing: list[str] = []
    order = list(roots)
    _top, at, *parts = last.split("/") if last.startswith("files/") else ("", "")
    for name, root in roots.items():
        if at and order.index(name) < order.index(at):
            continue
        before = copied
        for found in folders.files(name, root, tuple(parts) if name == at else ()):
            member = "/".join(("files", name, *found))
            if _copy(writer, member, root.joinpath(*found)):
                copied += 1
            else:
                missing.append(member)
        if copied > before:
            tell(f"{name}: {copied - before} files")
    return copied, missing


def _copy(writer: Writer, member: str, path: Path) -> bool:
    """False if the file is gone."""
    for _ in range(TRIES):
        try:
            with path.open("rb") as source:
                writer.add_file(member, source)
                return True
        except Changed:
            continue
        except FileNotFoundError:
            return False
    return False
