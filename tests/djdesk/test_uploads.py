"""Uploads to a real server: limit and full disk in words, and where a body is stored."""

import contextlib
import errno
import http.client
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.desktop import connections, uploads

from .children import LIMIT, TOKEN, Child

SETTINGS = "tests.djdesk.child_settings_limit"
MIB = 2**20
LIMIT_BYTES = 32 * MIB  # in the settings


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("uploads é")
    (data / "uploads").mkdir()
    (data / "uploads" / "left by a killed server").write_bytes(b"x")
    with Child("serve", data, settings=SETTINGS) as child:
        child.port = child.until("listening")["port"]
        child.data = data
        yield child
        assert child.end_of_stdin() == 0


@contextlib.contextmanager
def post(server, size, **headers):
    """A form of ``size`` bytes: the connection after its head was sent."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
    connection.putrequest("POST", "/")
    for name, value in {
        "X-DJDesk-Token": TOKEN,
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(size),
        "Sec-Fetch-Mode": "navigate",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    with contextlib.closing(connection):
        yield connection


def send(connection, size):
    for _ in range(size // MIB):
        connection.send(bytes(MIB))


def answer(connection):
    response = connection.getresponse()
    return response.status, response.read().decode()


def test_too_large_is_said_in_words_on_a_page(server):
    with post(server, LIMIT_BYTES + 8 * MIB) as connection:
        send(connection, LIMIT_BYTES + 8 * MIB)
        status, page = answer(connection)
        assert status == 413
        assert "This file is too large" in page
        assert "40.0\xa0MB" in page
        assert "32.0\xa0MB" in page
        assert "Go back and choose a smaller file." in page
        assert list((server.data / "uploads").iterdir()) == []
        # The connection is still in sync: no part of the body is parsed as another request.
        connection.request("GET", "/health/", headers={"X-DJDesk-Token": TOKEN})
        assert connection.getresponse().status == 200


def test_a_limit_below_what_arrives_at_once_is_said_in_words(tmp_path):
    with Child("serve", tmp_path, settings="tests.djdesk.child_settings_small_limit") as child:
        child.port = child.until("listening")["port"]
        for size in (MIB // 4, MIB):
            with post(child, size) as connection:
                connection.send(bytes(size))
                status, page = answer(connection)
                assert status == 413
                assert "This file is too large" in page


def test_a_script_is_told_as_json(server):
    with post(server, LIMIT_BYTES + MIB, Sec_Fetch_Mode="cors") as connection:
        send(connection, LIMIT_BYTES + MIB)
        status, text = answer(connection)
        assert status == 413
        assert set(json.loads(text)) == {"error", "hint"}


def test_in_german(server):
    with post(server, LIMIT_BYTES + MIB, Accept_Language="de") as connection:
        send(connection, LIMIT_BYTES + MIB)
        assert "Diese Datei ist zu groß" in answer(connection)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="open files are looked up in /proc")
def test_within_the_limit_it_waits_in_the_data_folder(server):
    with post(server, 20 * MIB) as connection:
        send(connection, 10 * MIB)
        while not any(str(server.data / "uploads") in name for name in open_files(server)):
            assert server.process.poll() is None
        send(connection, 10 * MIB)
        # The form is passed to the app, which rejects it: it has no CSRF token.
        assert answer(connection)[0] == 403


def open_files(server):
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            yield str(link.readlink())


def test_a_stranger_is_refused_before_the_body(server):
    with post(server, 4 * MIB, X_DJDesk_Token="x") as connection:
        assert answer(connection)[0] == 403


def test_what_a_killed_server_left_is_gone(server):
    assert list((server.data / "uploads").iterdir()) == []


def test_no_room_is_said_before_anything_is_written(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode:
        pytest.skip("this machine does not let tests mount")
    try:
        with Child("serve", disk / "data", settings=SETTINGS) as child:
            child.port = child.until("listening")["port"]
            with post(child, 16 * MIB) as connection:
                send(connection, 16 * MIB)
                status, page = answer(connection)
            assert status == 507
            assert "There is not enough space for this file" in page
            assert str(disk / "data") in page
            with post(child, MIB) as connection:
                send(connection, MIB)
                assert answer(connection)[0] == 403, "a small form still arrives"
            assert child.end_of_stdin() == 0
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


class Full:
    """A body receiver whose disk is full after the first bytes."""

    completed = False
    error = None
    remain = 10

    def received(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    def getbuf(self):
        return SimpleNamespace(close=lambda: None)


def test_a_disk_that_fills_meanwhile_drops_the_rest():
    adjustments = SimpleNamespace(max_request_body_size=100, max_request_header_size=100)
    channel = SimpleNamespace(refused="", ours=True)
    parser = connections.GuardedParser(channel, adjustments)
    parser.path = "/"
    parser.headers = {"CONTENT_LENGTH": "10"}
    parser.body_rcv = Full()
    assert parser.received(b"01234") == 5
    assert not parser.completed
    assert parser.received(b"56789and more") == 5
    assert parser.completed
    assert parser.headers[uploads.REFUSED] == "room 10"
    assert parser.get_body_stream().read() == b""


def test_another_fault_is_not_taken_for_a_full_disk():
    adjustments = SimpleNamespace(max_request_body_size=100, max_request_header_size=100)
    parser = connections.GuardedParser(SimpleNamespace(refused="", ours=True), adjustments)
    parser.body_rcv = Full()
    parser.body_rcv.received = lambda data: (_ for _ in ()).throw(OSError(errno.EIO, "broken"))
    with pytest.raises(OSError, match="broken"):
        parser.received(b"x")
