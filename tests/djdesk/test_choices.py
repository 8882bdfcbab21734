"""The user's choices for the runtime, and the size of the data folder."""

from __future__ import annotations

import json
import sqlite3

import pytest

from djdesk.desktop import backups, choices, database, usage


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"backups_kept": "9"}', '{"backups_kept": true}', "{}",
     '{"backups_kept": 0}', '{"backups_kept": 51}'],
)  # fmt: skip
def test_a_missing_or_damaged_file_is_the_defaults(tmp_path, text):
    assert choices.read(tmp_path) == choices.Choices()
    (tmp_path / choices.FILE_NAME).write_text(text)
    assert choices.read(tmp_path) == choices.Choices()


@pytest.mark.parametrize("number", [1, 12, choices.MOST_BACKUPS])
def test_written_and_read(tmp_path, number):
    choices.write(tmp_path, choices.Choices(number))
    assert choices.read(tmp_path).backups_kept == number
    assert [path.name for path in tmp_path.iterdir()] == [choices.FILE_NAME]


def test_what_cannot_be_written_leaves_what_was(tmp_path):
    with pytest.raises(OSError, match="No such"):
        choices.write(tmp_path / "gone", choices.Choices(12))
    choices.write(tmp_path, choices.Choices(12))
    (tmp_path / f"{choices.FILE_NAME}.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        choices.write(tmp_path, choices.Choices(3))
    assert json.loads((tmp_path / choices.FILE_NAME).read_text()) == {"backups_kept": 12}


def test_the_next_backup_makes_room_for_as_many_as_were_chosen(tmp_path):
    with sqlite3.connect(tmp_path / database.FILE_NAME) as live:
        live.execute("CREATE TABLE t (x)")
    live.close()
    for _ in range(4):
        backups.make(tmp_path, "manual", "1.0")
    choices.write(tmp_path, choices.Choices(2))
    assert len(backups.listed(tmp_path)) == 4
    newest = backups.make(tmp_path, "manual", "1.0")
    assert [backup.number for backup in backups.listed(tmp_path)] == [5, 4]
    assert backups.listed(tmp_path)[0].path == newest.path


def test_sizes_by_part_follow_no_link(tmp_path):
    data = tmp_path / "data"
    (data / "logs").mkdir(parents=True)
    (data / "backups").mkdir()
    (data / database.FILE_NAME).write_bytes(b"x" * 100)
    (data / f"{database.FILE_NAME}-wal").write_bytes(b"x" * 10)
    (data / "logs" / "a.log").write_bytes(b"x" * 7)
    (data / "other").write_bytes(b"x")
    (tmp_path / "large").write_bytes(b"x" * 5000)
    before = usage.of_data(data)
    (data / "backups" / "link").symlink_to(tmp_path / "large")
    assert before == {"database": 110, "backups": 0, "exports": 0, "logs": 7, "total": 118}
    assert usage.of_data(data)["total"] < 1000
