"""A damaged data folder: no file of ours may hang or crash a start, whatever happened to it."""

import os
import sys

import pytest

from djdesk.desktop import (
    choices,
    data_startup,
    datadir,
    guardian_files,
    launch,
    obstacles,
    ownfiles,
    process,
    records,
    sessions,
)
from djdesk.desktop.jobs import checkpoints
from djdesk.desktop.logs import task_logger

from .children import Child

SETTINGS = "tests.djdesk.child_settings"
NAMES = (
    "data.json",
    "choices.json",
    "secret.key",
    "run/waiting",
    "run/ended-sessions.txt",
    "update.json",
    "process-mail.ended",
    "checkpoint-0",
    "checkpoint-1",
)


def deep(path):
    path.write_text("[" * 100_000)


def huge(path):
    with path.open("wb") as file:
        file.truncate(4 * 2**30)


def pipe(path):
    if sys.platform == "win32":
        pytest.skip("Windows has no such files")
    os.mkfifo(path)


def folder(path):
    path.mkdir()


@pytest.fixture(params=[deep, huge, pipe])
def damaged(request, tmp_path):
    (tmp_path / "run").mkdir()
    for name in (*NAMES, "run/server-1.json"):
        request.param(tmp_path / name)
    return tmp_path


def test_each_reader_takes_it_for_nothing(damaged, launch_config):
    import dataclasses

    assert data_startup.remembered(damaged) == data_startup.Memory()
    assert choices.read(damaged) == choices.Choices()
    assert records.sweep(damaged) == []
    assert not (damaged / "run/server-1.json").exists()
    assert obstacles.Board(damaged).read() is None
    assert guardian_files.read_json(damaged / "update.json") == {}
    assert process.why_ended(damaged, "mail") in ("", "[" * 100_000)
    assert checkpoints.read(damaged) is None
    key = datadir.secret_key(damaged)
    assert len(key) >= 50
    assert datadir.secret_key(damaged) == key
    launch.replace(dataclasses.replace(launch_config, data_dir=damaged, browser_session="5" * 64))
    sessions.forget()
    assert sessions.spend(sessions.new_code())
    assert not sessions.has_ended("x")
    sessions.forget()


def test_a_server_starts_on_it(damaged):
    with Child("serve", damaged, settings=SETTINGS) as child:
        port = child.until("listening")["port"]
        assert child.get(port, "/health/")[0] == 200
        assert child.end_of_stdin() == 0


@pytest.mark.parametrize("damage", [deep, huge, pipe, folder])
def test_it_is_told_as_an_error_that_readers_expect(tmp_path, damage):
    damage(tmp_path / "file")
    with pytest.raises((OSError, ValueError)):
        ownfiles.read_json(tmp_path / "file")


def test_a_small_file_is_read(tmp_path):
    (tmp_path / "file").write_text('{"a": "ü"}', "utf-8")
    assert ownfiles.read_json(tmp_path / "file") == {"a": "ü"}
    with pytest.raises(ValueError, match="larger"):
        ownfiles.read_bytes(tmp_path / "file", 3)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_written_waits_for_no_pipe_either(tmp_path, launch_config):
    import dataclasses
    import logging

    log = tmp_path / "logs/tasks.log"
    log.parent.mkdir()
    checkpoints.write(tmp_path, "kept")
    number = checkpoints.write(tmp_path, "last")
    data = tmp_path / f"{checkpoints.NAMES[number % 2]}.data"
    data.unlink()
    for path in (log, data, tmp_path / "process-mail.ended"):
        os.mkfifo(path)
    assert checkpoints.read(tmp_path) == "kept"
    process._note(tmp_path, "mail", "it had nothing to do")
    assert process.why_ended(tmp_path, "mail") == "it had nothing to do"
    logger = logging.getLogger("djdesk.tasks")
    before, logger.handlers = logger.handlers, []
    try:
        task_logger(dataclasses.replace(launch_config, data_dir=tmp_path)).warning("a task began")
        logger.handlers[0].close()
    finally:
        logger.handlers = before
    assert "a task began" in log.read_text("utf-8")
