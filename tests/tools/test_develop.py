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

import pytest

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
        assert "c goes on" in running.said
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
        while "was passed over" not in log.read_text() and time.monotonic() < end:
            time.sleep(0.1)
        assert "djdesk manage runserver" in log.read_text()


@POSIX
def test_as_packaged_there_are_no_debug_pages(app: Path) -> None:
    with started(app, "--as-packaged", terminal=False) as (running, _):
        page = running.get("/")
        assert "follow.js" not in page
        assert "shelf/style." in page
        assert "shelf/style.css" not in page, "hashed, as users have it"


def test_only_whole_pages_get_the_script(rf) -> None:
    from django.http import HttpResponse, StreamingHttpResponse

    def answered(response):
        return FollowChanges(lambda request: response)(rf.get("/"))

    page = answered(HttpResponse("<html><body>a</body></html>"))
    assert b"follow.js" in page.content
    assert answered(HttpResponse("<p>a part</p>")).content == b"<p>a part</p>"
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
