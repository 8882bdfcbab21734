"""The server sends its heartbeat while all its threads are busy."""

import sys
import threading
import time

import pytest

from djdesk.desktop.serve import THREADS
from tests.long import LONG

from .children import LIMIT, Child

SETTINGS = "tests.djdesk.slow_pages"


@pytest.fixture
def server(tmp_path):
    with Child("serve", tmp_path, settings=SETTINGS) as server:
        server.port = server.until("listening")["port"]
        yield server


def ask(server, address, answers):
    thread = threading.Thread(target=lambda: answers.append(server.get(server.port, address)[1]))
    thread.start()
    return thread


@LONG
def test_all_threads_taken_is_told_and_no_request_is_cut(server):
    answers = []
    asked = [ask(server, "/slow/?s=6", answers) for _ in range(THREADS + 1)]
    deadline = time.monotonic() + LIMIT
    while (alive := server.until("alive"))["running"] < THREADS or alive["oldest"] < 3:
        assert time.monotonic() < deadline
    assert (alive["of"], alive["waiting"]) == (THREADS, 1)
    assert alive["stalled"] < 3
    for thread in asked:
        thread.join(LIMIT)
    assert answers == [b"slow"] * (THREADS + 1)
    while (after := server.until("alive"))["running"]:
        assert time.monotonic() < deadline
    assert after["done"] == alive["done"] + THREADS + 1
    assert server.end_of_stdin() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="usleep is POSIX")
def test_a_call_that_keeps_the_gil_silences_it_and_it_comes_back(server):
    server.until("alive")
    answers = []
    asked = ask(server, "/gil/?s=5", answers)
    began = time.monotonic()
    gaps = []
    while not answers or len(gaps) < 2:
        server.until("alive")
        gaps.append(time.monotonic() - began - sum(gaps))
        assert time.monotonic() - began < LIMIT
    asked.join(LIMIT)
    assert answers == [b"kept"]
    assert max(gaps) > 4, "nothing of Python runs meanwhile: the shell has to look from outside"
    assert server.end_of_stdin() == 0
