"""Event streams wake on commits by any process, and release their resources."""

import contextlib
import itertools
import json
import sqlite3
import threading

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from djdesk.desktop import live, orphans
from djdesk.desktop.lock import FileLock


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "live.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE t (a)")
    return path


@pytest.fixture
def watcher(monkeypatch):
    fresh = live.CommitWatcher()
    monkeypatch.setattr(live, "watcher", fresh)
    yield fresh
    fresh.close()


def write(path):
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("INSERT INTO t VALUES (1)")


def test_a_commit_of_another_connection_is_seen(database, watcher):
    with watcher.subscribed(database):
        start = watcher.wait(watcher.commits(), 10)
        writer = threading.Thread(target=write, args=(database,))
        writer.start()
        assert watcher.wait(start, 10) > start
        writer.join()


def test_the_thread_ends_with_its_last_user(database, watcher):
    with watcher.subscribed(database):
        thread = watcher._thread
        assert thread.is_alive()
    thread.join(10)
    assert not thread.is_alive()


def frames(stream):
    return (part.decode() for part in stream)


def test_a_stream_sends_the_state_at_once_and_again_after_a_commit(database, watcher):
    counter = itertools.count()
    gone = threading.Event()
    stream = frames(
        live._events(database, lambda cursor: (None, [("n", next(counter))]), gone.is_set)
    )
    assert next(stream).startswith("retry:")
    assert next(stream) == "event: n\ndata: 0\n\n"
    write(database)
    assert next(stream).startswith("event: n\n")
    gone.set()
    assert list(stream) == []


def test_a_worker_that_comes_wakes_the_pages(watcher, tmp_path):
    orphan_watcher = orphans.OrphanWatcher(tmp_path)
    orphan_watcher.start()
    before = watcher.commits()
    lock = FileLock(tmp_path / "worker.lock")
    assert lock.acquire()
    assert watcher.wait(before, 10) > before
    orphan_watcher.stop()
    orphan_watcher.join(10)
    lock.release()


def test_what_the_app_says_cannot_break_out_of_its_line(database, watcher):
    nasty = "a\n\nevent: other\ndata: x"
    stream = frames(live._events(database, lambda c: (None, [("n", nasty)]), lambda: False))
    next(stream)
    frame = next(stream)
    assert frame.count("\n") == 3
    assert json.loads(frame.split("data: ", 1)[1]) == nasty


def test_a_silent_stream_says_that_it_is_alive(database, watcher, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)
    stream = frames(live._events(database, lambda c: (None, []), lambda: False))
    next(stream)
    assert next(stream) == ": still here\n\n"


def test_an_idle_stream_neither_queries_nor_speaks_before_it_is_due(database, watcher, monkeypatch):
    asked = []

    def changes(cursor):
        asked.append(cursor)
        return None, []

    monkeypatch.setattr(watcher, "wait", lambda seen, timeout: seen)  # nothing is committed
    gone = iter([False] * 5)
    stream = frames(live._events(database, changes, lambda: next(gone, True)))
    assert list(stream) == ["retry: 500\n\n"]
    assert len(asked) == 1


@pytest.mark.django_db
def test_too_many_streams_are_refused_and_a_closed_one_makes_room(watcher):
    request = HttpRequest()
    request.environ = {}
    assert connection.vendor == "sqlite"
    open_streams = [live.event_stream(request, lambda c: (c, [])) for _ in range(live.STREAMS)]
    try:
        refused = live.event_stream(request, lambda c: (c, []))
        assert (refused.status_code, refused["Retry-After"]) == (503, "2")
        open_streams.pop().close()
        again = live.event_stream(request, lambda c: (c, []))
        assert again.status_code == 200
        open_streams.append(again)
    finally:
        for stream in open_streams:
            stream.close()


def test_no_stream_once_the_server_is_stopping(watcher):
    watcher.close()
    request = HttpRequest()
    request.environ = {}
    assert live.event_stream(request, lambda c: (c, [])).status_code == 503


def listens(request, name):
    if name == "nobody":
        raise Http404
    return live.event_stream(request, lambda seen: (name, [] if seen else [("news", name)]))


def plain(request):
    return HttpResponse("no stream")


urlpatterns = [path("follow/<str:name>/", listens), path("plain/", plain)]


@pytest.mark.django_db(transaction=True)
def test_one_connection_carries_the_streams_of_many_views(settings, watcher, rf):
    settings.ROOT_URLCONF = __name__
    asked = ["/follow/a/", "/follow/b/?x=1", "/follow/nobody/", "/plain/", "//else.where/"]
    asked.append("/none/")
    response = live.events(rf.get("/desktop/events/", {"s": asked}))
    with contextlib.closing(response):
        told = [
            json.loads(frame.split("data: ")[1])
            for frame in itertools.islice(frames(response), 1, len(asked) + 1)
        ]
    by_url = {one["url"]: (one["event"], one["data"]) for one in told}
    assert by_url == {
        "/follow/a/": ("news", "a"),
        "/follow/b/?x=1": ("news", "b"),
        "/follow/nobody/": ("refused", {"status": 404}),
        "/plain/": ("refused", {"status": 404}),
        "//else.where/": ("refused", {"status": 400}),
        "/none/": ("refused", {"status": 404}),
    }


@pytest.mark.django_db(transaction=True)
def test_it_takes_one_place_however_many_it_carries(settings, watcher, rf):
    settings.ROOT_URLCONF = __name__
    many = [f"/follow/{number}/" for number in range(3 * live.STREAMS)]
    with contextlib.closing(live.events(rf.get("/desktop/events/", {"s": many}))) as one:
        assert one.status_code == 200
        others = [live.events(rf.get("/desktop/events/")) for _ in range(live.STREAMS)]
        assert [other.status_code for other in others].count(503) == 1
        for other in others:
            other.close()
