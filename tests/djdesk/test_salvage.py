"""Salvaging what can be read from a damaged database."""

import contextlib
import sqlite3

import pytest

from djdesk.desktop import backups
from djdesk.desktop.salvage import salvage

ROWS = 3000


@pytest.fixture
def damaged(tmp_path):
    """A database of about 250 pages, six of which in the middle are overwritten."""
    path = tmp_path / "app.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT, raw BLOB)")
        made.execute("CREATE TABLE small (name TEXT)")
        made.execute("CREATE INDEX by_text ON note (text)")
        made.execute("INSERT INTO small VALUES ('whole')")
        made.executemany(
            "INSERT INTO note VALUES (?, ?, ?)",
            [(n, f"note {n} " * 20, b"abc") for n in range(1, ROWS + 1)],
        )
        made.execute("PRAGMA user_version=77")
    raw = bytearray(path.read_bytes())
    raw[60 * 4096 : 66 * 4096] = b"\xaa" * 6 * 4096
    path.write_bytes(raw)
    return path


def test_most_rows_survive_and_the_result_is_sound(damaged, tmp_path):
    target = tmp_path / "fresh.sqlite3"
    result = salvage(damaged, target)
    backups.verify(target)
    assert result.tables == 2
    assert "note" in result.damaged
    with contextlib.closing(sqlite3.connect(target)) as fresh:
        (count,) = fresh.execute("SELECT count(*) FROM note").fetchone()
        assert ROWS * 0.8 < count < ROWS
        assert count + 1 == result.rows
        assert fresh.execute("SELECT name FROM small").fetchall() == [("whole",)]
        assert fresh.execute("SELECT typeof(text), typeof(raw) FROM note").fetchone() == (
            "text",
            "blob",
        )
        assert fresh.execute("PRAGMA user_version").fetchone() == (77,)


def test_a_sound_database_loses_nothing(tmp_path):
    source = tmp_path / "sound.sqlite3"
    with contextlib.closing(sqlite3.connect(source)) as made, made:
        made.execute('CREATE TABLE "odd ""name""" (a, b)')
        made.execute("CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID")
        made.execute("""INSERT INTO "odd ""name\""" VALUES (1, NULL), (-5, 'é')""")
        made.execute("INSERT INTO keyed VALUES ('a', 1)")
    result = salvage(source, tmp_path / "fresh.sqlite3")
    assert (result.tables, result.rows, result.damaged) == (2, 3, ())


def test_the_damaged_file_is_only_read(damaged, tmp_path):
    before = damaged.read_bytes()
    salvage(damaged, tmp_path / "fresh.sqlite3")
    assert damaged.read_bytes() == before


def test_where_not_even_the_schema_can_be_read_nothing_is_left_behind(tmp_path):
    source = tmp_path / "app.sqlite3"
    source.write_bytes(b"a letter, not a database. " * 400)
    with pytest.raises(sqlite3.DatabaseError):
        salvage(source, tmp_path / "fresh.sqlite3")
    assert not (tmp_path / "fresh.sqlite3").exists()
