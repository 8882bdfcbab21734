"""``djdesk start`` for developers, with the browser shell, on a newly created app."""

import http.cookiejar
import json
import os
import select
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.desktop import launch
from djdesk.tools.develop import follow
from djdesk.tools.develop.follow import Follower
from djdesk.tools.develop.middleware import FollowChanges
from djdesk.tools.new import make_app

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal is POSIX's")
STOP = """def stop(request):
    number = 41
    breakpoint()
    return HttpResponse(str(number + 1))


urlpatterns = [
    path("stop/", stop),"""


class Running:
    """A started app: its URL, its output, and a client with access."""

    def __init__(self, process: subprocess.Popen[bytes], read: Callable[[float], bytes]) -> None:
        assert process.stdout is not None
        self.process = process
        self._read = read
        self.said = ""
        url = json.loads(process.stdout.readline())["url"]
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._client = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        self.origin = url.split("/desktop/")[0]
        self._client.open(url, timeout=60).read()

    def get(self, path: str) -> str:
        return self._client.open(self.origin + path, timeout=60).read().decode()

    def says(self, text: str, limit: float = 60) -> bool:
        end = time.monotonic() + limit
        while text not in self.said and time.monotonic() < end:
            self.said += self._read(0.2).decode(errors="replace")
        return text in self.said


@contextmanager
def started(folder: Path, *arguments: str, terminal: bool) -> Iterator[tuple[Running, int]]:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "djdesk.cli", "start", "--shell", "browser", "--no-open",
         "--data-dir", str(folder.parent / "data"), *arguments],
        cwd=folder, stdin=theirs if terminal else subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)

    def read(wait: float) -> bytes:
        return os.read(ours, 65536) if select.select([ours], [], [], wait)[0] else b""

    try:
        yield Running(process, read), ours
    finally:
        process.terminate()
        end = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < end:
            # Its further output must be read.
            with_room = select.select([ours], [], [], 0.1)[0]
            if with_room:
                try:
                    os.read(ours, 65536)
                except OSError:
                    break
        process.wait(20)
        os.close(ours)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = make_app("shelf", tmp_path)
    urls = folder / "shelf" / "urls.py"
    text = urls.read_text().replace("urlpatterns = [", STOP)
    urls.write_text("from django.http import HttpResponse\n" + text)
    return folder


@POSIX
def test_a_breakpoint_stops_in_the_terminal(app: Path) -> None:
    with started(app, terminal=True) as (running, keyboard):
        answers: list[str] = []
        request = threading.Thread(target=lambda: answers.append(running.get("/stop/")))
        request.start()
        assert running.says("(Pdb)"), running.said
        assert "c continues" in running.said
        os.write(keyboard, b"number = 99\n")
        os.write(keyboard, b"c\n")
        request.join(30)
        assert answers == ["100"]


@POSIX
@pytest.mark.parametrize("arguments", [(), ("--as-packaged",)])
def test_without_a_terminal_a_breakpoint_is_passed_over(app: Path, arguments) -> None:
    with started(app, *arguments, terminal=False) as (running, _):
        assert running.get("/stop/") == "42"
        log = app.parent / "data" / "logs" / "server.log"
        end = time.monotonic() + 20
        while "was skipped" not in log.read_text() and time.monotonic() < end:
            time.sleep(0.1)
        assert "djdesk manage runserver" in log.read_text()


@POSIX
def test_as_packaged_there_are_no_debug_pages(app: Path) -> None:
    with started(app, "--as-packaged", terminal=False) as (running, _):
        page = running.get("/")
        assert "follow.js" not in page
        assert "shelf/style." in page
        assert "shelf/style.css" not in page, "hashed, as users have it"


class Saved(Follower):
    """A follower of files whose times the test sets. ``noticed``: what each look found."""

    SLEEP_TIME = 0

    def __init__(self, files: dict[str, float]) -> None:
        super().__init__()
        self.files = files
        self.noticed: list[list[str]] = []

    def snapshot_files(self) -> Iterator[tuple[Path, float]]:
        return iter([(Path(name), mtime) for name, mtime in self.files.items()])

    def notify_files_changed(self, paths: list[Path]) -> None:
        self.noticed.append([path.name for path in paths])


@pytest.fixture
def launched(tmp_path: Path, monkeypatch) -> launch.LaunchConfig:
    config = launch.LaunchConfig(launch_id="0" * 16, data_dir=tmp_path)
    monkeypatch.setattr(launch, "_current", config)
    return config


def test_a_file_saved_just_before_the_start_is_no_change(launched) -> None:
    # `djdesk new` and `djdesk start` in one line: a restart for nothing would follow.
    begun = launched.read_at
    follower = Saved({"before.py": begun - 0.01, "after.py": begun + 0.01})
    look = follower.tick()
    next(look)
    assert follower.noticed == [["after.py"]]
    next(look)
    assert follower.noticed == [["after.py"]]


def test_a_process_knows_to_the_moment_when_it_began() -> None:
    line = json.dumps({"contract": 1, "launch_id": "0" * 16, "data_dir": str(Path.cwd())})
    before = time.time()
    config = launch.parse(line.encode(), server=False)
    assert before <= config.read_at <= time.time()
    assert config == launch.parse(line.encode(), server=False), "the time is no part of its value"


def test_files_saved_together_are_one_change_also_older_ones(launched) -> None:
    follower = Saved({"models.py": 100.0, "views.py": 100.0, "urls.py": 100.0})
    look = follower.tick()
    next(look)
    follower.files |= {"models.py": 200.0, "views.py": 50.0}
    next(look)
    assert follower.noticed == [["models.py", "views.py"]]


def test_several_files_are_named_by_the_first(launched, monkeypatch, caplog) -> None:
    asked: list[str] = []
    monkeypatch.setattr(follow, "loads", lambda: True)
    monkeypatch.setattr(follow, "_root", lambda: Path("/app"))
    monkeypatch.setattr(launch, "ask_for_restart", lambda reason: asked.append(reason) or True)
    files = [Path("/app/shop/models.py"), Path("/app/shop/views.py"), Path("/app/shop/a.css")]
    Follower().notify_files_changed(files)
    Follower().notify_files_changed(files[:1])
    assert asked == ["shop/models.py and 1 more file changed", "shop/models.py changed"]


def test_a_change_that_takes_too_long_to_load_is_not_taken(launched, monkeypatch, caplog) -> None:
    def endless(*arguments, timeout, **how):
        raise subprocess.TimeoutExpired("manage", timeout)

    monkeypatch.setattr(follow.subprocess, "run", endless)
    monkeypatch.setattr(follow, "current", lambda: SimpleNamespace(root=Path.cwd()))
    assert follow.loads() is False
    assert "did not load within 120 s" in caplog.text


def test_only_whole_pages_get_the_script(rf) -> None:
    from django.http import HttpResponse, StreamingHttpResponse

    def answered(response):
        return FollowChanges(lambda request: response)(rf.get("/"))

    page = answered(HttpResponse("<html><body>a</body></html>"))
    assert f'follow.js" data-djdesk-state="{follow.state()}"'.encode() in page.content
    assert answered(HttpResponse("<p>a part</p>")).content == b"<p>a part</p>"
    cached = HttpResponse("<body></body>", headers={"ETag": '"1"', "Last-Modified": "today"})
    assert not {"ETag", "Last-Modified"} & set(answered(cached).headers), "it may not be reused"
    data = answered(HttpResponse("</body>", content_type="text/plain"))
    assert data.content == b"</body>"
    assert answered(StreamingHttpResponse(["<body></body>"])).streaming
    whole = HttpResponse("<body>not valid</body>")
    sent = FollowChanges(lambda request: whole)(rf.post("/"))
    assert sent.content == b"<body>not valid</body>", "a form is not sent again by itself"
    # The second is imported by the first.
    for script, holds in (("follow.js", b"/events.js'"), ("events.js", b"new EventSource")):
        served = FollowChanges(lambda request: HttpResponse())(rf.get(f"/desktop/develop/{script}"))
        assert holds in b"".join(served)
