"""When an update is good, tested with a real server and worker."""

import http.client
import json
import time
from contextlib import contextmanager

import pytest
from django.http import HttpResponse

from djdesk.desktop import backups, data_startup, proof
from djdesk.desktop.update_confirmation import Gate

from .children import LIMIT, TOKEN, Child
from .test_data_startup import outdate

SETTINGS = "tests.djdesk.child_settings"
IDENTITY = "a" * 16


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    with Child("serve", folder, settings=SETTINGS) as server:
        server.until("listening")
        server.end_of_stdin()
    return folder


@contextmanager
def running(folder, *, worker=True, **config):
    """A server and optionally a worker; yields the port."""
    with Child("serve", folder, settings=SETTINGS, **config) as server:
        port = server.until("listening")["port"]
        if not worker:
            yield port
            return
        with Child("worker", folder, settings=SETTINGS) as child:
            child.until("ready")
            yield port


def ask(port, method, path, token=TOKEN, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request(method, path, headers={"X-DJDesk-Token": token, **headers})
        response = connection.getresponse()
        body = response.read()
        return response.status, json.loads(body) if body.startswith(b"{") else {}
    finally:
        connection.close()


def confirm(port):
    return ask(port, "POST", "/desktop/update/confirm")


def confirmed(port):
    """The first response other than 202."""
    end = time.monotonic() + LIMIT
    while (answer := confirm(port))[0] == 202:
        assert time.monotonic() < end, answer
        time.sleep(0.1)
    return answer


def on_trial(folder, state="booting"):
    (folder / "updates").mkdir(exist_ok=True)
    journal = {"format": 1, "id": IDENTITY, "state": state, "backup": ""}
    (folder / "updates" / "update.json").write_text(json.dumps(journal))


def first_page(port):
    return ask(port, "GET", "/", **{"Sec-Fetch-Dest": "document"})[0]


def test_a_page_a_task_and_some_time_make_an_update_good(data_dir):
    outdate(data_dir)
    on_trial(data_dir)
    with running(data_dir, rehearsal=True) as port:
        status, answer = confirm(port)
        assert status == 202
        assert answer["missing"][0] == "page"
        assert ask(port, "GET", "/health/")[0] == 200
        assert ask(port, "GET", "/desktop/help/")[0] == 200
        assert ask(port, "GET", "/no/such/page/")[0] == 404
        assert "page" in confirm(port)[1]["missing"], "none of these is a page of the app"
        assert not (data_dir / "updates" / "confirmed.json").exists()
        assert data_startup.remembered(data_dir).unfinished
        assert first_page(port) == 200
        assert "time" in confirm(port)[1]["missing"]
        assert confirmed(port) == (200, {"confirmed": True})
        assert json.loads((data_dir / "updates/confirmed.json").read_text())["id"] == IDENTITY
        assert data_startup.remembered(data_dir).unfinished == ""
        assert ask(port, "GET", "/desktop/update/")[1] == {"running": [], "waiting": 0}


@pytest.mark.parametrize(
    ("answers", "works"),
    [
        ([("/", 200)], True),
        ([("/books/", 200)], True),
        ([("/", 404)], True),
        ([("/", 302), ("/login/", 200)], True),
        ([("/", 302), ("/login/", 403)], True),
        ([("/", 302)], False),
        ([("/", 302), ("/login/", 500)], False),
        ([("/", 500)], False),
        ([("/", 503)], False),
        ([("/books/", 404)], False),
        ([("/desktop/help/", 200), ("/health/", 200)], False),
    ],
)
def test_which_page_says_that_a_version_works(rf, answers, works):
    seen = Gate()
    for path, status in answers:
        seen.saw(rf.get(path), HttpResponse(status=status))
    assert bool(seen._page) is works


def test_what_a_page_loads_says_nothing(rf):
    seen = Gate()
    seen.saw(rf.get("/", headers={"Sec-Fetch-Dest": "image"}), HttpResponse())
    seen.saw(rf.post("/"), HttpResponse())
    assert not seen._page


def test_without_a_worker_it_is_not_good(data_dir):
    on_trial(data_dir)
    with running(data_dir, worker=False, rehearsal=True) as port:
        assert first_page(port) == 200
        end = time.monotonic() + LIMIT
        while (missing := confirm(port)[1]["missing"]) != ["task"]:
            assert time.monotonic() < end, missing
        assert ask(port, "GET", "/desktop/update/")[1]["waiting"] > 0


def test_outside_of_a_rehearsal_it_takes_longer(data_dir):
    outdate(data_dir)
    with running(data_dir) as port:
        assert first_page(port) == 200
        end = time.monotonic() + LIMIT
        while (answer := confirm(port))[1].get("missing") != ["time"]:
            assert answer[0] == 202
            assert time.monotonic() < end, answer
        assert data_startup.remembered(data_dir).unfinished


def test_a_version_that_is_being_replaced_is_told(data_dir):
    outdate(data_dir)
    on_trial(data_dir)
    with running(data_dir, worker=False) as port:
        on_trial(data_dir, "rolling_back")
        status, answer = confirm(port)
        assert (status, answer["confirmed"]) == (409, False)
        assert answer["reason"]


@pytest.mark.parametrize(
    ("allowed", "lanes", "found"),
    [
        (["default", "slow"], [["slow"], ["default"]], ["slow", "default"]),
        (["default"], [["other", "default"], ["more"]], ["default"]),
        (["default"], [["*"]], ["default"]),
        ([], [["default"]], ["default"]),
        (["a"], [["b"]], ["default"]),
    ],
)
def test_each_lane_gets_a_task_that_it_can_take(settings, allowed, lanes, found):
    settings.TASKS = {"default": {"QUEUES": allowed}}
    settings.WORKER_LANES = lanes
    assert proof.queues() == found


def test_where_nothing_was_updated_there_is_nothing_to_confirm(data_dir):
    with running(data_dir, worker=False) as port:
        assert confirm(port) == (200, {"confirmed": True})
        assert ask(port, "GET", "/desktop/update/confirm")[0] == 405
        assert ask(port, "POST", "/desktop/update/confirm", token="d" * 64)[0] == 403
    assert backups.listed(data_dir) == []
