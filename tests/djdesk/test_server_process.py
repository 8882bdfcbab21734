"""The real server process against the launch contract: it starts, refuses, and ends."""

import json
import os
import signal
import socket
import sqlite3
import sys

import psutil
import pytest

from tests.environment import PARITY
from tests.long import LONG

from .children import TOKEN, Child

SETTINGS = "tests.djdesk.child_settings"


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data Ünïcode 文 é"


def serve(data_dir, **config):
    return Child("serve", data_dir, settings=SETTINGS, **config)


def refused(child):
    with child:
        failed = child.until("failed")
        assert child.wait() == 1
    assert failed["reason"] and failed["hint"]
    return failed


def test_first_start_then_end_of_stdin(data_dir):
    with serve(data_dir) as child:
        names = child.names_until("listening")
        assert names[:5] == ["settings", "lock", "bind", "database", "migrate"]
        assert names[-1] == "listening"
        assert child.end_of_stdin() == 0
    assert TOKEN not in child.log
    # Checkpointed: the file alone is the complete data.
    assert not (data_dir / "app.sqlite3-wal").exists()


def test_health_names_the_launch_and_wants_the_token(data_dir):
    with serve(data_dir) as child:
        port = child.until("listening")["port"]
        status, body = child.get(port, "/health/")
        assert (status, json.loads(body)["launch_id"]) == (200, "f" * 16)
        assert json.loads(body)["pid"] == child.process.pid
        assert child.get(port, "/health/", token="d" * 64)[0] == 403
        assert child.end_of_stdin() == 0


def test_started_by_a_test_it_is_an_app_all_the_same(data_dir):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK_"))}
    with serve(data_dir, environment=kept | {"DJDESK_MODE": "test"}) as child:
        port = child.until("listening")["port"]
        # Tests use a fixed key from the source, which must not be used instead.
        assert (data_dir / "secret.key").read_text() != ""
        assert child.get(port, "/health/", token="d" * 64)[0] == 403
        with sqlite3.connect(data_dir / "app.sqlite3") as database:
            users = "SELECT COUNT(*) FROM auth_user"
            assert child.get(port, "/")[0] == 200
            assert database.execute(users).fetchone() == (1,), "the first user, as for users"
        assert child.end_of_stdin() == 0


def test_the_second_start_applies_nothing(data_dir):
    for expected in (True, False):
        with serve(data_dir) as child:
            stages = child.names_until("listening")
            assert (stages.count("migrate") > 1) is expected
            assert child.end_of_stdin() == 0


def test_the_first_page_counts_migrations_and_the_log_names_them(data_dir):
    with serve(data_dir) as child:
        steps = []
        while (event := child.events.get(timeout=60))["event"] != "listening":
            steps += [event] if event.get("total") else []
        assert [step["done"] for step in steps] == list(range(steps[0]["total"]))
        assert not any(step.get("detail") for step in steps)
        assert child.end_of_stdin() == 0
    assert "applying migration auth.0001_initial" in child.log


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("signum", ["SIGTERM", "SIGINT"])
def test_signals_take_the_same_path_as_the_end_of_stdin(data_dir, signum):
    with serve(data_dir) as child:
        child.until("listening")
        child.process.send_signal(getattr(signal, signum))
        assert child.wait() == 0


def test_a_stream_that_is_open_does_not_hold_up_the_stop(data_dir):
    with serve(data_dir) as child:
        port = child.until("listening")["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=60) as idle:
            idle.sendall(b"GET / HTTP/1.1\r\n")  # never finished
            assert child.end_of_stdin() == 0


def test_a_taken_port_says_so(data_dir):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        failed = refused(serve(data_dir, port=taken.getsockname()[1]))
    assert (failed["code"], failed["stage"]) == ("port_in_use", "bind")


def test_a_second_server_on_the_same_data_is_refused(data_dir):
    with serve(data_dir) as first:
        first.until("listening")
        failed = refused(serve(data_dir))
        assert (failed["code"], failed["stage"]) == ("already_running", "lock")
        assert first.end_of_stdin() == 0


def test_a_killed_server_does_not_block_the_next_start(data_dir):
    with serve(data_dir) as first:
        first.until("listening")
        first.process.kill()
        first.wait()
    with serve(data_dir) as second:
        second.until("listening")
        assert second.end_of_stdin() == 0


@LONG
@pytest.mark.skipif(sys.platform == "win32", reason="stopping a process takes POSIX signals")
def test_a_hanging_orphan_that_holds_data_and_port_is_ended(data_dir):
    """Its shell is gone, and it does not notice: it was suspended before."""
    with serve(data_dir, parent=True) as orphan:
        listening = orphan.until("listening")
        os.kill(listening["pid"], signal.SIGSTOP)
        orphan.process.kill()  # the shell
        orphan.process.wait(10)
        with serve(data_dir, port=listening["port"]) as server:
            again = server.until("listening")
            assert again["port"] == listening["port"]
            assert not psutil.pid_exists(listening["pid"])
            assert server.end_of_stdin() == 0


def test_a_corrupt_database_is_refused_and_kept(data_dir):
    data_dir.mkdir()
    (data_dir / "app.sqlite3").write_bytes(b"not a database at all " * 500)
    failed = refused(serve(data_dir))
    assert (failed["code"], failed["stage"]) == ("database_corrupt", "database")
    assert "backups" in failed["hint"]
    assert (data_dir / "app.sqlite3").read_bytes().startswith(b"not a database")


def test_a_newer_database_is_refused(data_dir):
    with serve(data_dir) as child:
        child.until("listening")
        child.end_of_stdin()
    with sqlite3.connect(data_dir / "app.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('django_tasks_database', '9999_future', '2030-01-01')"
        )
        database.execute("PRAGMA user_version=1")
    database.close()
    assert refused(serve(data_dir))["code"] == "database_newer"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_cannot_be(tmp_path, place):
    (tmp_path / "file").write_text("I am in the way")
    failed = refused(serve(tmp_path / place))
    assert failed["code"] == "data_dir_unwritable"
    assert "--data-dir" in failed["hint"]


def test_settings_that_do_not_exist_end_in_one_message(data_dir):
    failed = refused(Child("serve", data_dir, settings="no.such.settings"))
    assert failed["code"] == "bad_config"
    assert "cannot be imported (No module named 'no')" in failed["reason"]


def test_a_bad_config_line_is_refused_without_an_echo(data_dir):
    failed = refused(Child("serve", data_dir, contract=99))
    assert failed["code"] == "bad_config"


def test_missing_static_files_are_named(data_dir, tmp_path):
    # From a copy, as users have the app, whose static files were not collected.
    import shutil

    app = tmp_path / "app"
    shutil.copytree(PARITY, app, ignore=shutil.ignore_patterns(".djdesk"))
    failed = refused(Child("serve", data_dir, app=str(app)))
    assert "static files" in failed["reason"]


def test_a_restart_keeps_its_port_although_a_stream_of_the_old_server_was_open(data_dir):
    """The pages' storage depends on the origin, and the port is part of it."""
    with serve(data_dir) as first:
        port = first.until("listening")["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=60) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\n")  # never finished
            first.process.kill()
            first.wait()
            with serve(data_dir, port=port) as second:
                assert second.until("listening")["port"] == port
                assert second.end_of_stdin() == 0


class Listener:
    """Windows' errors while a connection of the old server still exists."""

    def __init__(self, refusals):
        self.refusals = refusals

    def bind(self, address):
        if self.refusals:
            self.refusals -= 1
            raise PermissionError(10013, "An attempt was made to access a socket")


@pytest.mark.parametrize(
    ("platform", "port", "refusals", "bound"),
    [
        ("win32", 4711, 2, True),
        ("win32", 4711, 10**6, False),
        ("win32", 0, 1, False),
        ("linux", 4711, 1, False),
    ],
)
def test_windows_gives_a_port_back_after_a_moment(monkeypatch, platform, port, refusals, bound):
    from djdesk.desktop import serve

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(serve, "LINGER", 0.4)
    listener = Listener(refusals)
    if bound:
        serve._bind_with_retries(listener, port)
    else:
        with pytest.raises(PermissionError):
            serve._bind_with_retries(listener, port)
