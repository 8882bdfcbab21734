"""docs/how-to/web.md, followed word for word: an app of `djdesk new` on PostgreSQL, with two server
processes and two workers, used by a browser's requests; through nginx, if installed."""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from djdesk.tools.new import make_app
from djdesk.tools.postgres import create, free_port, postgres, run  # noqa: F401 - a fixture
from tests.long import LONG

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "web.md"
HOST = "shelf.example.org"
PASSWORD = "a long password 7"
LIMIT = 120  # seconds for what should be quick
# Debian installs it where only root's PATH finds it.
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")

pytest.importorskip("numpy", reason="needs-package: numpy (Python)")


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def wait_for(condition):
    end = time.monotonic() + LIMIT
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


class Visitor:
    """A browser: keeps cookies, follows no redirects. Without ``certificate`` it also acts as the
    web server that terminates TLS."""

    def __init__(self, *ports, certificate=None):
        self.ports = ports
        self.context = certificate and ssl.create_default_context(cafile=certificate)
        if self.context:
            self.context.check_hostname = False  # the name is not in DNS
        self.cookies = {}
        self.count = 0

    def ask(self, method, path, form=None):
        # Alternate between the server processes.
        self.count += 1
        port = self.ports[self.count % len(self.ports)]
        if self.context:
            connection = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=60, context=self.context
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Host": HOST,
            **({} if self.context else {"X-Forwarded-Proto": "https"}),
            "Origin": f"https://{HOST}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            assert "Secure" in cookie or "Max-Age=0" in cookie
            self.cookies[name] = value
        return answer

    def get(self, path):
        answer = self.ask("GET", path)
        return answer.status, answer.read().decode()

    def post(self, path, **form):
        answer = self.ask("POST", path, form)
        text = answer.read().decode()
        assert answer.status == 302, text
        return answer.headers["Location"]


class Server:
    """The guide's setup, in a folder of this test."""

    def __init__(self, top, port):
        self.app = make_app("shelf", top, "simulation")
        self.top = top
        self.port = port
        self.ports = {"8001": free_port(), "8002": free_port()}
        (block,) = blocks("python")
        with (self.app / "shelf" / "settings.py").open("a") as settings:
            settings.write("\n" + block)
        environment, folders, processes = blocks("sh")
        self.environment = environment
        self.processes = processes.splitlines()
        self.running = []
        create(port, "shelf")
        self.sh(folders.replace("createsuperuser", "createsuperuser --noinput"))

    def here(self, words):
        words = words.replace("/srv/shelf", str(self.top / "srv"))
        words = words.replace("shelf@127.0.0.1:5432", f"tester@127.0.0.1:{self.port}")
        for given, free in self.ports.items():
            words = words.replace(f":{given}", f":{free}")
        return words

    def popen(self, words, **how):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK"))}
        kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        script = f"set -e\n{self.here(self.environment)}\n{self.here(words)}"
        return subprocess.Popen(
            ["bash", "-c", script], cwd=self.app, text=True, **how,
            env=kept | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        )  # fmt: skip

    def sh(self, words):
        done = self.popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = done.communicate()
        assert done.returncode == 0, said

    def start(self, line):
        """One of the processes; exec replaces the shell."""
        words, number = re.subn(r"\b(waitress-serve|python manage.py)", r"exec \1", line)
        assert number == 1
        log = (self.top / f"log-{len(self.running)}").open("w")
        with log:
            self.running.append(self.popen(words, stdout=log, stderr=log))
        return self.running[-1]

    def nginx(self):
        """A visitor whose requests go through nginx with the guide's configuration."""
        certificate, key = self.top / "cert.pem", self.top / "key.pem"
        words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
        subprocess.run(
            ["openssl", "req", *words, "-keyout", key, "-out", certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        (block,) = blocks("nginx")
        port = free_port()
        for given, here in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("/etc/ssl/shelf/fullchain.pem", f'"{certificate}"'),
            ("/etc/ssl/shelf/privkey.pem", f'"{key}"'),
        ):
            assert block.count(given) == 1
            block = block.replace(given, here)
        folders = "".join(
            f'{name}_temp_path "{self.top}/{name}";\n'
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        config = self.top / "nginx.conf"
        config.write_text(
            f'daemon off; pid "{self.top}/nginx.pid"; error_log "{self.top}/nginx.log"; {user}\n'
            f"events {{}}\nhttp {{\naccess_log off;\n{folders}{self.here(block)}}}\n"
        )
        self.running.append(subprocess.Popen([NGINX, "-c", config], stderr=subprocess.DEVNULL))
        visitor = Visitor(port, certificate=certificate)

        def is_there():
            try:
                return visitor.get("/health/")[0] == 200
            except OSError:
                assert self.running[-1].poll() is None, (self.top / "nginx.log").read_text()
                return False

        wait_for(is_there)
        return visitor


@pytest.fixture
def server(tmp_path, postgres):  # noqa: F811
    made = Server(tmp_path, postgres)
    yield made
    for process in reversed(made.running):
        process.terminate()
        process.wait()


@LONG
def test_the_guide(server):
    one, two, *workers = [server.start(line) for line in server.processes]
    visitor = Visitor(*server.ports.values())

    def is_there():
        try:
            return all(visitor.get("/health/")[0] == 200 for _ in range(2))
        except OSError:
            assert one.poll() is None, (server.top / "log-0").read_text()
            return False

    wait_for(is_there)
    if NGINX:
        visitor = server.nginx()
    # Without a launch token, every page requires a login.
    for path in ("/", "/desktop/jobs/", "/desktop/events/", "/media/x.txt"):
        answer = visitor.ask("GET", path)
        assert (answer.status, "login" in answer.headers["Location"]) == (302, True)
    assert visitor.get("/admin/login/")[0] == 200
    visitor.post("/admin/login/?next=/", username="admin", password=PASSWORD)
    assert visitor.get("/static/desktop/jobs.js")[0] == 200
    visitor.get("/add/")
    place = visitor.post("/add/", name="First", carbon_price=50, growth=1, plants=10, draws=60)
    visitor.post(f"{place}run/")
    wait_for(lambda: "2060" in visitor.get(place)[1])
    jobs = visitor.get("/desktop/jobs/")[1]
    key = re.search(r"/desktop/jobs/([0-9a-f-]{36})/", jobs)[1]
    # The app saves its result before the job ends.
    page = wait_for(lambda: "done" in (found := visitor.get(f"/desktop/jobs/{key}/")[1]) and found)
    name = re.search(rf"/desktop/jobs/{key}/files/([^\"]+)\"", page)[1]
    # Written by a worker and read by a server process.
    assert visitor.get(f"/desktop/jobs/{key}/files/{name}")[0] == 200
    stream = visitor.ask("GET", "/desktop/events/?s=/desktop/jobs/changes/")
    assert stream.status == 200
    line = next(line for line in iter(stream.readline, b"") if line.startswith(b"data:"))
    assert json.loads(line[5:])["data"][0]["key"] == key
    stream.close()
    for worker in workers:
        worker.terminate()
    assert [worker.wait(LIMIT) for worker in workers] == [0, 0]
    assert run(server.port, "shelf", "SELECT count(*) FROM djdesk_web_worker") == [(0,)]
    assert two.poll() is None
    if NGINX:
        # One process ends, and visitors do not notice.
        one.kill()
        one.wait()
        assert [visitor.get(place)[0] for _ in range(4)] == [200] * 4
