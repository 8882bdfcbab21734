"""Unauthenticated connections to a real server: limited, refused before their bodies, and never
accepted.
"""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from djdesk.desktop import acceptor, connections
from tests.long import LONG

from .children import LIMIT, TOKEN, Child

SETTINGS = "tests.djdesk.child_settings"
SESSION = "5" * 64
CROWD = Path(__file__).parents[2] / "scripts/bench/campaigns/crowd.py"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("unauthenticated")
    with Child("serve", data, settings=SETTINGS, browser_session=SESSION) as child:
        child.port = child.until("listening")["port"]
        yield child
        assert child.end_of_stdin() == 0


@contextlib.contextmanager
def connection(server, first=b""):
    with socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT) as client:
        client.sendall(first)
        yield client


def head(server, line="GET / HTTP/1.1", **headers):
    headers = {"Host": f"127.0.0.1:{server.port}", **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"{line}\r\n{lines}\r\n".encode()


def everything(client):
    """Everything received until the server closes; b"" if it sends nothing."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while more := client.recv(65536):
            got += more
    return got


def closed_after(client):
    begun = time.monotonic()
    assert everything(client) == b""
    return time.monotonic() - begun


def answer_time(server):
    begun = time.monotonic()
    assert server.get(server.port, "/health/")[0] == 200
    return time.monotonic() - begun


@LONG
def test_silence_ends_a_connection(server):
    with connection(server) as client:
        assert closed_after(client) >= acceptor.TIMEOUT - 0.5
    with connection(server, b"GET / HTTP/1.1\r\nHost: ") as client:
        everything(client)


def test_a_head_that_comes_in_drops_is_not_waited_for(server):
    with connection(server, b"GET / HTTP/1.1\r\nX: ") as client:
        ended = threading.Event()

        def drip():
            with contextlib.suppress(OSError):
                while not ended.wait(0.1):
                    client.sendall(b"a")

        thread = threading.Thread(target=drip)
        thread.start()
        everything(client)
        ended.set()
        thread.join()


def test_a_refusal_comes_before_the_body(server):
    with connection(server, head(server, "POST / HTTP/1.1", Content_Length=10**8)) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")
    chunked = head(server, "POST / HTTP/1.1", Transfer_Encoding="chunked")
    with connection(server, chunked) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")
    waiting = head(server, "POST / HTTP/1.1", Content_Length=9, Expect="100-continue")
    with connection(server, waiting) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")


def test_a_body_that_is_sent_all_the_same_is_not_kept(server):
    announced = head(server, "POST / HTTP/1.1", Content_Length=10**8)
    with connection(server, announced) as client, pytest.raises(ConnectionError):
        for _ in range(1000):
            client.sendall(b"x" * 100_000)


def test_the_refusal_is_complete_and_says_nothing_of_the_server(server):
    with connection(server, head(server) * 3) as client:
        answer = everything(client)
    assert answer.count(b"HTTP/1.1") == 1
    first, _, body = answer.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in first
    assert b"nosniff" in first
    assert b"Server" not in first
    assert body.startswith(b"403 Forbidden\n")


@pytest.mark.parametrize("odd", [b"\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n"])
def test_what_is_no_request_gets_the_same_refusal(server, odd):
    with connection(server, odd) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")


def test_an_endless_head_is_cut_off(server):
    with connection(server) as client, pytest.raises(ConnectionError):
        for _ in range(1000):
            client.sendall(b"x" * 100_000)


def test_of_too_many_the_oldest_goes_at_once(server):
    process = psutil.Process(server.process.pid)
    with contextlib.ExitStack() as stack:
        many = []
        most = 0
        while len(many) < 2 * acceptor.MOST:
            many.append(stack.enter_context(connection(server)))
            if len(many) > acceptor.MOST and len(many) % 20 == 0:
                open_now = process.net_connections("tcp4")
                most = max(most, sum(one.status == "ESTABLISHED" for one in open_now))
        assert answer_time(server) < 1
        assert everything(many[0]) == b""
    assert 0 < most <= acceptor.MOST + 1


def test_a_head_that_comes_a_little_late_is_not_lost_in_a_crowd(server):
    with crowd(server, "idle"):
        for _ in range(20):
            with connection(server) as own:
                time.sleep(0.2)  # this delay is what the test is about
                own.sendall(head(server, "GET /health/ HTTP/1.1", X_DJDesk_Token=TOKEN))
                assert own.recv(100).startswith(b"HTTP/1.1 200")


def test_a_connection_of_ours_stays_while_others_go(server):
    ours = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
    ours.request("GET", "/health/", headers={"X-DJDesk-Token": TOKEN})
    assert ours.getresponse().read()
    own_socket = ours.sock
    with contextlib.ExitStack() as stack:
        for client in [stack.enter_context(connection(server)) for _ in range(60)]:
            everything(client)
    ours.request("GET", "/health/", headers={"X-DJDesk-Token": TOKEN})
    answer = ours.getresponse()
    assert answer.read()
    assert answer.status == 200
    assert ours.sock is own_socket
    # A connection is not trusted because of its first request: each one is judged.
    ours.request("GET", "/health/")
    assert ours.getresponse().status == 403
    ours.close()


def test_a_refusal_follows_the_answers_that_are_still_to_come(server):
    ours = head(server, "GET /health/ HTTP/1.1", X_DJDesk_Token=TOKEN)
    with connection(server, ours * 3 + head(server) * 2) as own:
        answers = everything(own)
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200"] * 3 + [b"403"]


def test_a_slow_body_of_ours_is_waited_for(server):
    form = b"name=value"
    ours = head(server, "POST /health/ HTTP/1.1", X_DJDesk_Token=TOKEN, Content_Length=len(form))
    with connection(server, ours) as own, connection(server) as client:
        everything(client)
        own.sendall(form)
        assert own.recv(100).startswith(b"HTTP/1.1 4")


def test_a_code_may_be_presented_but_no_more_than_a_code(server):
    path = "/desktop/enter/"
    with connection(server, head(server, f"GET {path}?code=x HTTP/1.1")) as client:
        assert b"not valid" in everything(client), "the app judges the code"
    long = head(server, f"POST {path} HTTP/1.1", Content_Length=connections.ENTERING_BODY + 1)
    with connection(server, long) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")
    with connection(server, head(server, f"POST {path} HTTP/1.1", Content_Length=50)) as client:
        assert everything(client) == b""
    # A length that the acceptor does not see but the parser does.
    folded = head(server, f"POST {path} HTTP/1.1", Content_Length="\r\n 50")
    with connection(server, folded) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")


def test_who_has_proved_nothing_gets_one_answer_on_a_connection(server):
    asked = head(server, "GET /desktop/enter/?code=x HTTP/1.1")
    with connection(server, asked) as client:
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"\r\nConnection: close\r\n" in answer


def test_a_cookie_that_looks_like_ours_does_not_get_past_the_door(server):
    name = f"parity_session_{server.port}"
    with connection(server, head(server, Cookie=f"{name}=made-up.signature")) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")


def test_the_token_anywhere_else_than_in_its_header_is_no_token(server):
    for first in (f"GET /?{TOKEN} HTTP/1.1", f"GET /{TOKEN} HTTP/1.1"):
        with connection(server, head(server, first)) as client:
            assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")
    with connection(server, head(server, Cookie=TOKEN)) as client:
        assert everything(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGSTOP")
def test_a_server_that_was_held_up_looks_before_it_closes(server):
    server.process.send_signal(signal.SIGSTOP)
    try:
        own = socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT)
        accepted = socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT)
        own.sendall(head(server, "GET /health/ HTTP/1.1", X_DJDesk_Token=TOKEN))
        time.sleep(acceptor.TIMEOUT + 1)  # this delay is what the test is about
    finally:
        server.process.send_signal(signal.SIGCONT)
    with own, accepted:
        assert own.recv(100).startswith(b"HTTP/1.1 200")
        accepted.sendall(head(server, "GET /health/ HTTP/1.1", X_DJDesk_Token=TOKEN))
        assert accepted.recv(100).startswith(b"HTTP/1.1 200")


def test_logged_paths_are_short(server):
    before = len(server.log)
    for _ in range(50):
        with connection(server, head(server, f"GET /{'s' * 9000} HTTP/1.1")) as client:
            assert everything(client).startswith(b"HTTP/1.1 403")
    assert server.get(server.port, f"/{'o' * 9000}")[0] == 404
    deadline = time.monotonic() + LIMIT
    while "/oooo" not in server.log and time.monotonic() < deadline:
        time.sleep(0.05)
    told = server.log[before:]
    assert "/oooo" in told
    assert "ooooo…" in told
    assert len(told) < 2000, told


@contextlib.contextmanager
def crowd(server, kind):
    """150 connections of another user, which are reopened when closed."""
    if sys.platform == "win32":
        pytest.skip("another user by setuid")
    with subprocess.Popen(
        [sys.executable, "-I", "-c", CROWD.read_text(), str(server.port), "150", kind],
        stdout=subprocess.PIPE,
        cwd="/",
    ) as other:
        try:
            expected = 65534 if os.getuid() == 0 else os.getuid()
            assert other.stdout.readline() == b"%d\n" % expected
            yield
            assert other.poll() is None
        finally:
            other.kill()


@pytest.mark.parametrize(
    "kinds",
    [*(pytest.param(kind, marks=LONG) for kind in ("idle", "slow", "body")), "idle slow body"],
)
def test_150_connections_of_another_user_hold_nothing_up(server, kinds):
    with contextlib.ExitStack() as stack:
        for kind in kinds.split():
            stack.enter_context(crowd(server, kind))
        end = time.monotonic() + 4
        times = []
        while time.monotonic() < end:
            times.append(answer_time(server))
            time.sleep(0.05)
        assert max(times) < 1, times


def test_those_that_wait_cost_nothing(server):
    process = psutil.Process(server.process.pid)
    with contextlib.ExitStack() as stack:
        for _ in range(acceptor.MOST):
            stack.enter_context(connection(server))
        assert answer_time(server) < 1
        before = sum(process.cpu_times()[:2])
        end = time.monotonic() + acceptor.TIMEOUT / 2
        asked = 0
        while time.monotonic() < end:
            answer_time(server)
            asked += 1
        spent = sum(process.cpu_times()[:2]) - before
    assert spent / asked < 0.02, f"{spent} s for {asked} pages"
