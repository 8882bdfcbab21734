"""Import an export into an empty app."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, TypedDict

from django.db import DatabaseError, connections, transaction

from . import archive, counters, folders, schema
from .archive import CHUNK, LAST, damaged
from .problem import TransferProblem
from .tables import Names, RowsSum, Table, Total, Totals, tables
from .write import FORMAT, HEADER, ROWS, Tell

LINES = 1000  # rows per statement
# Rows that a newly migrated database already contains.
BY_ITSELF = {"contenttypes.ContentType", "auth.Permission", "sites.Site"}


class Imported(TypedDict):
    """``copied``: files; those that were there already are not copied again."""

    rows: int
    files: int
    copied: int


def import_from(
    source: Path, tell: Tell, prepare: Callable[[str], None], *, with_files: bool = True
) -> Imported:
    """Import ``source`` into this app, whose database and folders must be empty.

    The whole file is verified before anything is written. Files come first, then all rows in one
    transaction, which is committed only if the rows read back have the same checksums: after an
    interruption, run the import again. ``prepare`` creates the tables of a new database. Raises
    TransferProblem.
    """
    header, totals = _opened(source)
    tell("Checking the file")
    about = archive.check(source)
    for alias in header["migrations"]:
        if alias in connections and not connections[alias].introspection.table_names():
            prepare(alias)
    schema.compare(header, totals)
    found = {alias: tables(alias, Names(alias)) for alias in header["migrations"]}
    _fits(totals, found)
    for each in found.values():
        _is_empty(each)
    copied = 0
    if with_files:
        roots = folders.folders()
        _room(source, roots)
        _nothing_else(source, roots)
        copied = _files(source, roots, tell)
    _load(source, found, totals, tell)
    return {"rows": about["rows"], "files": about["files"], "copied": copied}


def _opened(source: Path) -> tuple[schema.Header, Totals]:
    """The header, and what the file says about its tables."""
    header: schema.Header | None = None
    try:
        for member, stream in archive.members(source):
            if header is None:
                if member.name != HEADER:
                    raise damaged(source, "its beginning is missing")
                header = json.load(stream)
                if header["format"] != FORMAT:
                    raise TransferProblem(
                        f"{source} has a different format ({header['format']}).",
                        "Import it with the version of the app that made it.",
                    )
            elif member.name == ROWS:
                return header, json.load(stream)
    except OSError as error:
        raise TransferProblem(f"{source} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(source, str(error)) from error
    raise damaged(source, "its end is missing")


def _fits(totals: Totals, found: dict[str, list[Table]]) -> None:
    """Check for the same tables with the same columns."""
    here = {table.name: table for each in found.values() for table in each}
    for name, one in totals.items():
        if not one["rows"]:
            continue
        label = name.partition("/")[2]
        if name not in here:
            raise TransferProblem(
                f"There is no table for {label} in this database.",
                "If the model is not managed, create its table first.",
            )
        columns = [field.name for field in here[name].fields]
        if columns != one["columns"]:
            other = sorted(set(columns) ^ set(one["columns"])) or columns
            raise TransferProblem(
                f"The columns of {label} differ from those in the file: {', '.join(other)}.",
                "Both sides need the same version of the app.",
            )


def _is_empty(found: list[Table]) -> None:
    full = {
        one.label: count for one in found if one.label not in BY_ITSELF and (count := one.count())
    }
    if full:
        most = sorted(full.items(), key=lambda item: -item[1])[:4]
        listed = ", ".join(f"{label} {count}" for label, count in most)
        raise TransferProblem(
            f"This app already has data (rows: {listed}).",
            "An import needs an empty app, so that two sets of data are not mixed. On a "
            "desktop, move the data folder away, or choose another with --data-dir. On a "
            "server, use an empty database.",
        )


def _room(source: Path, roots: dict[str, Path]) -> None:
    size = sum(
        member.size for member, _ in archive.members(source) if member.name.startswith("files/")
    )
    for root in roots.values():
        there = next((one for one in (root, *root.parents) if one.exists()), root)
        if (free := shutil.disk_usage(there).free) < size:
            raise TransferProblem(
                f"The files need {size / 2**20:.0f} MiB, but only {free / 2**20:.0f} MiB are "
                f"free at {root}.",
                "Free some space and import again.",
            )


def _nothing_else(source: Path, roots: dict[str, Path]) -> None:
    """Only files of an interrupted import may exist."""
    there = sum(1 for name, root in roots.items() for _ in folders.files(name, root))
    for member, _ in archive.members(source):
        if there and member.name.startswith("files/"):
            there -= folders.place_of(roots, member.name).is_file()
    if there:
        listed = ", ".join(str(root) for root in roots.values() if root.exists())
        raise TransferProblem(
            f"There are already files that are not part of this export ({listed}).",
            "Move them away and import again.",
        )


def _files(source: Path, roots: dict[str, Path], tell: Tell) -> int:
    copied = 0
    for member, stream in archive.members(source):
        if not member.name.startswith("files/"):
            continue
        target = folders.place_of(roots, member.name)
        if target.is_file():
            if _equal(target, member, stream):
                continue
            raise TransferProblem(
                f"{target} already exists, with different content.", "Move it away and try again."
            )
        _make_folders(target.parent, roots)
        scratch = target.with_name(f"{target.name[:200]}.import")
        with scratch.open("wb") as file:
            shutil.copyfileobj(stream, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
        os.utime(scratch, (member.mtime, member.mtime))
        scratch.replace(target)
        copied += 1
    tell(f"{copied} files")
    return copied


def _make_folders(folder: Path, roots: dict[str, Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    real = folder.resolve()
    if not any(real.is_relative_to(root.resolve()) for root in roots.values()):
        raise TransferProblem(f"{folder} leads outside the app's folders.", "Remove the link.")


def _equal(path: Path, member: tarfile.TarInfo, stream: IO[bytes]) -> bool:
    if path.stat().st_size != member.size:
        return False
    with path.open("rb") as file:
        while data := stream.read(CHUNK):
            if file.read(len(data)) != data:
                return False
    return True


def _load(source: Path, found: dict[str, list[Table]], totals: Totals, tell: Tell) -> None:
    with ExitStack() as stack:
        for alias in found:
            stack.enter_context(connections[alias].constraint_checks_disabled())
            stack.enter_context(transaction.atomic(using=alias))
        for each in found.values():
            _clear(each)
        here = {table.name: table for each in found.values() for table in each}
        for table, lines in _batches(source, here):
            _insert(table, lines)
        for table in here.values():
            total = totals.get(table.name)
            counters.restore(table, total["counter"] if total else None)
        tell("Comparing what was written")
        for table in here.values():
            _compare(table, totals.get(table.name))
        for alias in found:
            try:
                connections[alias].check_constraints()
            except DatabaseError as error:
                raise TransferProblem(
                    f"A row refers to another that does not exist: {_first_line(error)}.",
                    "Correct it in the app that made the file, and export again. Nothing was kept.",
                ) from error


def _clear(each: list[Table]) -> None:
    """Delete rows that migrations created: the file contains them too."""
    for table in each:
        if not table.by_name:
            quote = connections[table.alias].ops.quote_name
            with connections[table.alias].cursor() as cursor:
                cursor.execute(f"DELETE FROM {quote(table.model._meta.db_table)}")  # noqa: S608


def _batches(source: Path, here: dict[str, Table]) -> Iterator[tuple[Table, list[Any]]]:
    for member, stream in archive.members(source):
        if member.name == LAST:
            return
        if not member.name.startswith("rows/"):
            continue
        table = here[member.name.removeprefix("rows/").rpartition("/")[0]]
        batch: list[Any] = []
        with gzip.open(stream) as lines:
            for line in lines:
                batch.append(json.loads(line))
                if len(batch) == LINES:
                    yield table, batch
                    batch = []
        if batch:
            yield table, batch


def _insert(table: Table, rows: list[Any]) -> None:
    if table.by_name:
        _add_named(table, rows)
        return
    columns = table.prepared
    ready = [[make(value) for make, value in zip(columns, row, strict=True)] for row in rows]
    connection = connections[table.alias]
    try:
        with transaction.atomic(using=table.alias), connection.cursor() as cursor:
            cursor.executemany(table.insert(), ready)
    except (DatabaseError, ValueError, OverflowError) as error:
        _name_the_row(table, rows, ready, error)


def _name_the_row(table: Table, rows: list[Any], ready: list[Any], error: Exception) -> None:
    """Insert rows one by one to find the one that the database refuses."""
    for row, values in zip(rows, ready, strict=True):
        try:
            one = transaction.atomic(using=table.alias)
            with one, connections[table.alias].cursor() as cursor:
                cursor.execute(table.insert(), values)
        except (DatabaseError, ValueError, OverflowError) as own:
            names = [field.name for field in table.fields]
            key = {name: row[at] for at, name in enumerate(names) if table.fields[at].primary_key}
            first = key or dict(zip(names[:2], row[:2], strict=False))
            shown = ", ".join(f"{name} {value}" for name, value in first.items())
            raise TransferProblem(
                f"This database rejects a row of {table.label} ({shown}): {_first_line(own)}.",
                "Correct that row in the app that made the file, and export again. Nothing "
                "was kept.",
            ) from own
    raise TransferProblem(f"{table.label}: {_first_line(error)}.", "Nothing was kept.") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _add_named(table: Table, rows: list[Any]) -> None:
    """Existing rows keep their numbers."""
    manager = table.model._base_manager.using(table.alias)
    there = table.names.numbers(table.model)
    for name, *titles in rows:
        if name in there:
            if titles:
                manager.filter(pk=there[name]).exclude(name=titles[0]).update(name=titles[0])
            continue
        label, model, *codename = name.split(".", 2)
        if codename:
            kind = table.names.numbers(_content_type())[f"{label}.{model}"]
            made = manager.create(content_type_id=kind, codename=codename[0], name=titles[0])
        else:
            made = manager.create(app_label=label, model=model)
        table.names.add(table.model, name, made.pk)


def _content_type() -> Any:
    from django.contrib.contenttypes.models import ContentType

    return ContentType


def _compare(table: Table, wanted: RowsSum | None) -> None:
    if table.by_name:
        return  # there may be more of them here
    total = Total()
    for _ in table.lines(total):
        pass
    expected = wanted or Total().as_dict()
    got = total.as_dict()
    if got["rows"] != expected["rows"]:
        raise TransferProblem(
            f"{table.label} has {got['rows']} rows here and {expected['rows']} in the file.",
            "Close other programs that write to this database, and import again. Nothing was kept.",
        )
    if got["digest"] != expected["digest"]:
        raise TransferProblem(
            f"This database does not return all values of {table.label} as they are in the file.",
            "SQLite keeps 15 digits of a decimal number, and no time zone offsets. Nothing was "
            "kept.",
        )
