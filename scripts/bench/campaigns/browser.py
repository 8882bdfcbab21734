"""The browser shell as a user runs it: started, visited with a cookie, killed."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from djdesk.app import load, render

from .child import INSPECTOR, users_environment

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 60.0  # seconds for anything that should be quick


class BrowserShell:
    """``node electron/browser.js --no-open`` on a data folder, with its own session."""

    def __init__(self, data_dir: Path, app: Path | None = None) -> None:
        """``app``: the folder of a project with a table; by default the inspector's."""
        app = app or INSPECTOR
        described = app / ".djdesk" / "app.json"
        described.parent.mkdir(exist_ok=True)
        described.write_text(json.dumps(render(load(app)) | {"root": str(app)}))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop
        self.process = subprocess.Popen(
            [
                "node",
                ROOT / "electron/browser.js",
                f"--app={described}",
                "--no-open",
                "--data-dir",
                data_dir,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=ROOT,
            env=users_environment() | {"NO_PROXY": "127.0.0.1", "DJDESK_PYTHON": sys.executable},
        )
        line = self.process.stdout.readline() if self.process.stdout else b""
        if not line:
            raise RuntimeError(f"the shell did not start: exit code {self.process.wait(LIMIT)}")
        self.url = json.loads(line)["url"]
        self.origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(self.url))
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        self._home = self.get(self.url)

    def errors(self) -> str:
        """Its messages to the user so far."""
        if sys.platform == "win32":
            raise SystemExit("This is measured on Linux.")
        return os.pread(self._errors.fileno(), 2**20, 0).decode(errors="replace")

    def get(self, path: str, limit: float = 10) -> str:
        url = path if path.startswith("http") else self.origin + path
        with self._opener.open(url, timeout=limit) as response:
            return response.read().decode()

    def post(self, address: str, **values: str) -> str:
        """Returns the URL that the form redirected to."""
        with self._send(address, values) as response:
            return urllib.parse.urlsplit(response.url).path

    def send_form(self, address: str, **values: str) -> tuple[int, str]:
        """Status and text of the response; raises HTTPError unless it is a success."""
        with self._send(address, values, limit=30) as response:
            return response.status, response.read().decode()

    def _send(self, address: str, values: dict[str, str], limit: float = 10):
        token = csrf_token(self._home)
        body = urllib.parse.urlencode(values | {"csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.origin + address,
            data=body,
            headers={"Origin": self.origin, "Accept": "text/html"},
        )
        return self._opener.open(request, timeout=limit)

    def answers(self) -> bool:
        try:
            self.get("/health/")
        except (OSError, urllib.error.URLError, http.client.HTTPException):
            return False
        return True

    def descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            return []

    def child(self, word: str) -> psutil.Process | None:
        """The descendant whose command line ends with or contains ``word``."""
        for process in self.descendants():
            try:
                if any(word in part for part in process.cmdline()):
                    return process
            except psutil.Error:
                continue
        return None

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()
        self._errors.close()


def csrf_token(page: str) -> str:
    """The token in a page's first form; LookupError if there is none."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if not found:
        raise LookupError("the page has no form")
    return found[1]


def wait_for(condition: Callable[[], object], limit: float = LIMIT) -> float:
    """Seconds until the condition was true; TimeoutError after ``limit``."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > limit:
            raise TimeoutError(f"waited {limit:.0f} s for {condition}")
        time.sleep(0.02)
    return time.monotonic() - begun


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those still running; a process that reuses a pid does not count."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found
