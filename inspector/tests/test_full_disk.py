"""The inspector on a disk that fills up while it runs: every form reports it, and none
fails with an error page.
"""

import re
import subprocess
import sys
import time
import urllib.parse
from http.client import HTTPConnection
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from bench.campaigns.child import LIMIT, TOKEN, Child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk")

MANAGE = """\
import os, sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
"""


@pytest.fixture
def disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("this machine does not let tests mount")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(folder):
    ballast = folder / "ballast"
    with pytest.raises(OSError, match="No space"), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return ballast


class Visitor:
    def __init__(self, port):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        self.cookies = {}
        self.headers = {
            "X-DJDesk-Token": TOKEN,
            "Origin": f"http://127.0.0.1:{port}",
            "Accept": "text/html",
        }
        page = self.send("GET", "/")[1]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    def send(self, method, path, body=None):
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        self.connection.request(method, path, body, self.headers | form)
        response = self.connection.getresponse()
        for header, value in response.getheaders():
            if header == "Set-Cookie":
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.split(";")[0]
        self.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        return response.status, response.read().decode(), response.getheader("Location")

    def post(self, address, **values):
        body = urllib.parse.urlencode(values | {"csrfmiddlewaretoken": self.token})
        return self.send("POST", address, body)


def test_every_form_says_that_the_disk_is_full(disk, tmp_path):
    data, shop, other = disk / "data", tmp_path / "project", tmp_path / "other"
    for folder in (shop, other):
        folder.mkdir()
        (folder / "manage.py").write_text(MANAGE)
        (folder / "settings.py").write_text("INSTALLED_APPS = []\n")
    with Child("serve", data) as server:
        visitor = Visitor(server.port)
        status, _, project_url = visitor.post("/open/", path=str(shop))
        assert status == 302
        ballast = fill(disk)
        forms = [
            (f"{project_url}scan/", {}),
            ("/open/", {"path": str(other)}),
            ("/preferences/", {"theme": "dark"}),
            ("/desktop/data/backup/", {}),
        ]
        answers = [visitor.post(path, **values) for path, values in forms]
        for (path, _), (status, page, _) in zip(forms, answers, strict=True):
            assert status != 500 and "unexpected error" not in page, path
        told = [page for status, page, _ in answers if status == 503]
        assert told and all("The disk is full" in page for page in told)
        assert visitor.send("GET", project_url)[0] == 200, "what is there can be read"
        ballast.unlink()
        deadline = time.monotonic() + LIMIT
        while visitor.post("/open/", path=str(other))[0] != 302:
            assert time.monotonic() < deadline
