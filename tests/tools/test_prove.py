"""``djdesk prove``: each fault is found with its place, and an app without faults is silent."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from djdesk.app import App, load
from djdesk.projects.readiness.report import Decision, level
from djdesk.tools import nodejs
from djdesk.tools.new import make_app
from djdesk.tools.problem import ToolProblem
from djdesk.tools.prove import traces
from djdesk.tools.prove.judge import judge
from djdesk.tools.prove.places import Places
from djdesk.tools.prove.report import as_html
from djdesk.tools.prove.run import Options, prove
from djdesk.tools.prove.seen import Seen
from tests.long import LONG

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the layout is POSIX's")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return make_app("shelf", tmp_path)


def edit(file: Path, old: str, new: str) -> int:
    """Replace once; the line of the replacement."""
    text = file.read_text()
    assert old in text, f"{file} has no {old}"
    file.write_text(text.replace(old, new, 1))
    return text.count("\n", 0, text.index(old)) + 1


def found(app: App, shell: str, limit: int = 12) -> tuple[Seen, list[Decision]]:
    seen = prove(app, Options(shell=shell, limit=limit), lambda line: None)
    folders = seen.facts.get("folders", {"own": [], "packages": []})
    return seen, judge(seen, Places(app.root, folders["own"], folders["packages"]))


def faults(decisions: list[Decision]) -> dict[str, str]:
    """What was found, and where."""
    return {one.what: one.where for one in decisions if one.level not in ("", "A")}


def has_chromium() -> bool:
    script = nodejs.Path(__file__).parents[2] / "src/djdesk/tools/node/setup/find-browser.js"
    code = f"import({json.dumps(script.as_uri())}).then((m) => console.log(m.findBrowser() ?? ''))"
    return bool(subprocess.check_output([nodejs.find_node(), "-e", code], text=True).strip())


def test_an_app_as_it_was_made_has_no_faults(shelf: Path) -> None:
    before = traces.files(shelf)
    seen, decisions = found(load(shelf), "none", limit=15)
    assert faults(decisions) == {}
    assert level(decisions) == "A"
    assert all(step["good"] for step in seen.steps), seen.steps
    assert {visit.who for visit in seen.visits} == {"nobody", "the first user"}
    # Nobody is sent to log in; the first user sees the page.
    (first, nobody) = [visit for visit in seen.visits if visit.path == "/"]
    assert first.title == "Shelf"
    assert "login" in nobody.url
    assert traces.files(shelf) == before, "nothing of the project is touched"


@LONG
def test_without_a_browser_faults_of_the_server_are_found(shelf: Path) -> None:
    views = shelf / "shelf" / "views.py"
    edit(
        views,
        "class DocumentList",
        "def broken(request):\n    return HttpResponse(1 / 0)\n\n\n"
        "def silent(request):\n    return HttpResponse(status=503)\n\n\n"
        "def writes(request):\n"
        "    from pathlib import Path\n"
        "    try:\n"
        "        Path(__file__).with_name('log.txt').write_text('x')\n"
        "    except OSError as error:\n"
        "        return HttpResponse(error.strerror)\n"
        "    return HttpResponse('it was written')\n\n\n"
        "def calls(request):\n"
        "    import socket\n"
        "    try:\n"
        "        socket.create_connection(('example.org', 443), 5)\n"
        "    except OSError:\n"
        "        return HttpResponse('offline')\n\n\n"
        "class DocumentList",
    )
    edit(
        shelf / "shelf" / "urls.py",
        'path("", views.D',
        "*[path(f'{view.__name__}/', view) for view in (views.broken, views.silent, views.writes, "
        'views.calls)],\n    path("", views.D',
    )
    # 2 pages with a file that is missing: one is refused by the storage, one is only not there.
    edit(shelf / "shelf" / "models.py", "max_length=200", "max_length=250")
    form = shelf / "shelf" / "templates" / "shelf" / "document_form.html"
    named = edit(
        form, "<h1>", '{% load static %}<img alt="" src="{% static \'shelf/no.png\' %}"><h1>'
    )
    frame = shelf / "shelf" / "templates" / "shelf" / "document_list.html"
    gone = edit(
        frame, "<header>",
        '<header><img alt="" src="/static/shelf/gone.png">\n<img alt="" src="/media/cover.png">',
    )  # fmt: skip
    model = edit(shelf / "shelf" / "models.py", "class Document", "class Document")

    with (shelf / "pyproject.toml").open("a") as file:
        file.write('\n[tool.djdesk.processes]\nmail = "send_mails"\n')
    seen, decisions = found(load(shelf), "none", limit=12)
    said = {one.rule: one for one in decisions if one.level}
    lines = {line.strip(): number for number, line in enumerate(views.read_text().splitlines(), 1)}
    places = faults(decisions)
    page = next(one for one in decisions if "ZeroDivisionError" in one.why)
    assert page.where == f"shelf/views.py:{lines['return HttpResponse(1 / 0)']}"
    assert page.what == "Error 500 on /broken/."
    silent = next(one for one in decisions if "/silent/" in one.what)
    assert silent.where == f"shelf/views.py:{lines['def silent(request):']}"
    assert (
        places["The static file shelf/no.png is missing."]
        == f"shelf/templates/shelf/document_form.html:{named}"
    )
    assert (
        places["The static file /static/shelf/gone.png is missing."]
        == f"shelf/templates/shelf/document_list.html:{gone}"
    )
    cover = places["The uploaded file /media/cover.png is missing."]
    assert cover == f"shelf/templates/shelf/document_list.html:{gone + 1}"
    assert said["MIG2"].where == f"shelf/models.py:{model}"
    assert "Alter field title on document" in said["MIG2"].what
    assert (
        said["PATH1"].where
        == f"shelf/views.py:{lines["Path(__file__).with_name('log.txt').write_text('x')"]}"
    )
    assert not (shelf / "shelf" / "log.txt").exists(), "as in an installation that is read-only"
    assert (
        said["NET1"].where
        == f"shelf/views.py:{lines["socket.create_connection(('example.org', 443), 5)"]}"
    )
    assert "example.org:443" in said["NET1"].what
    assert level(decisions) == "C"
    assert "no management command send_mails" in said["PROC1"].why
    assert len(faults(decisions)) == 9, faults(decisions)
    assert [
        record["what"]
        for record in seen.records
        if record["kind"] == "error" and record["path"] == "/broken/"
    ] == ["ZeroDivisionError: division by zero"]


@LONG
def test_what_only_a_browser_sees(shelf: Path) -> None:
    if not has_chromium():
        pytest.skip("needs-package: chromium")
    frame = shelf / "shelf" / "templates" / "shelf" / "document_list.html"
    cdn = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js"
    line = edit(
        frame, "</head>",
        f'<script src="{cdn}"></script>\n<script>document.title += " (inline)"</script>\n</head>',
    )  # fmt: skip
    # A change of a model that changes nothing in the database is no fault.
    edit(
        shelf / "shelf" / "models.py", "ordering = ", 'verbose_name = "paper"\n        ordering = '
    )
    seen, decisions = found(load(shelf), "chromium", limit=4)
    assert [one.level for one in decisions if one.rule == "MIG2"] == [""]
    assert seen.shell == "chromium"
    foreign = next(one for one in decisions if one.rule == "CDN1")
    assert foreign.where == f"shelf/templates/shelf/document_list.html:{line}"
    assert "htmx.org 2.0.4 (dist/htmx.min.js)" in foreign.todo
    inline = next(one for one in decisions if one.rule == "CSP1")
    assert inline.where == f"shelf/templates/shelf/document_list.html:{line + 1}"
    assert 'csp = "relaxed"' in inline.todo
    assert seen.quiet == {"relaxed": []}
    assert set(faults(decisions)) == {foreign.what, inline.what}
    # Something was added in the admin, and was there after a restart.
    assert {step["name"]: step["good"] for step in seen.steps}["something added in the admin"]
    assert "after a restart" in seen.steps[-1]["note"] or "rows kept" in seen.steps[-1]["note"]
    page = as_html(load(shelf), seen, decisions)
    assert foreign.where in page
    assert page.count("data:image/jpeg;base64,") > 4
    assert not any(name in page for name in ("<script", 'src="http', "url(http"))


def test_the_command_line(shelf: Path) -> None:
    edit(
        shelf / "shelf" / "views.py",
        "model = Document\n",
        "model = Document\n    paginate_by = 1 / 0\n",
    )
    report = shelf.parent / "report.html"
    done = subprocess.run(
        [sys.executable, "-m", "djdesk.cli", "prove", "--format", "json", "--shell", "none",
         "--report", str(report)],
        cwd=shelf, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert (said["level"], said["decisions"][0]["rule"]) == ("C", "SET1")
    assert said["decisions"][0]["where"] == "shelf/views.py:17"
    assert "shelf/views.py:17" in report.read_text()


@LONG
@POSIX
@pytest.mark.parametrize("shell", ["none", "chromium"])
def test_an_interruption_ends_everything(shelf: Path, shell: str) -> None:
    if shell == "chromium" and not has_chromium():
        pytest.skip("needs-package: chromium")
    # Not below tmp_path: Chromium makes a socket there, whose name must be short.
    scratch = Path(tempfile.mkdtemp(prefix="p-"))
    running = subprocess.Popen(
        [sys.executable, "-m", "djdesk.cli", "prove", "--shell", shell],
        cwd=shelf, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"TMPDIR": str(scratch)},
    )  # fmt: skip
    assert running.stderr is not None
    try:
        before = iter(running.stderr.readline, "")
        said = list(itertools.takewhile(lambda line: line.strip() != "200 /", before))
        started = psutil.Process(running.pid).children(recursive=True)
        assert started, said
        running.send_signal(signal.SIGINT)
        _, rest = running.communicate(timeout=60)
        left = list(scratch.iterdir())
    finally:
        running.kill()
        shutil.rmtree(scratch)
    assert running.returncode == 130, rest
    # Nobody here collects what Chromium's own processes leave.
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
    assert left == []


@LONG
def test_a_style_sheet_that_names_a_missing_file_stops_before_the_start(shelf: Path) -> None:
    sheet = shelf / "shelf" / "static" / "shelf" / "style.css"
    line = sheet.read_text().count("\n") + 1
    sheet.write_text(sheet.read_text() + "main { background: url(paper.png) }\n")
    seen, decisions = found(load(shelf), "none")
    assert [step["name"] for step in seen.steps][-1] == "static files"
    (only,) = [one for one in decisions if one.level]
    assert (only.rule, only.where) == ("STAT1", f"shelf/static/shelf/style.css:{line}")
    assert "shelf/paper.png is missing" in only.what


@LONG
def test_a_start_that_fails_has_its_place(shelf: Path) -> None:
    migration = next((shelf / "shelf" / "migrations").glob("0001*.py"))
    text = migration.read_text()
    line = text.count("\n", 0, text.index("operations = [")) + 2
    migration.write_text(
        text.replace(
            "operations = [", "operations = [\n        migrations.RunPython(lambda apps, _: 1 / 0),"
        )
    )
    _, decisions = found(load(shelf), "none")
    (only,) = [one for one in decisions if one.level]
    assert (only.rule, only.where) == ("RUN1", f"shelf/migrations/{migration.name}:{line}")
    assert "division by zero" in only.why and "manage migrate" in only.todo


def test_data_that_is_there_is_proved_on_a_copy(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolProblem, match="There is no data folder"):
        prove(load(shelf), Options(shell="none", data=tmp_path / "none"), lambda line: None)


WANTS_A_LOGIN = """
from django.shortcuts import redirect


class WantsALogin:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated or request.path in PASS:
            return self.get_response(request)
        return redirect("/admin/login/")
"""


@LONG
def test_a_login_on_every_page_even_on_that_of_the_login(shelf: Path) -> None:
    middleware = shelf / "shelf" / "middleware.py"
    middleware.write_text(f"PASS = ()\n{WANTS_A_LOGIN}")
    line = middleware.read_text().splitlines().index('        return redirect("/admin/login/")')
    edit(
        shelf / "shelf" / "settings.py",
        '"django.contrib.messages.middleware.MessageMiddleware",',
        '"django.contrib.messages.middleware.MessageMiddleware",\n'
        '    "shelf.middleware.WantsALogin",',
    )
    edit(shelf / "pyproject.toml", 'first-user = "os-user"', 'first-user = "project"')
    # Nobody is logged in there, so nobody ever sees a page.
    seen, decisions = found(load(shelf), "none")
    assert [step["good"] for step in seen.steps][-1] is False
    (shut,) = [one for one in decisions if one.level]
    assert (shut.rule, shut.where) == ("RUN1", f"shelf/middleware.py:{line + 1}")
    assert "(/ → /admin/login/ → /admin/login/)" in shut.what
    assert 'first-user = "os-user"' in shut.todo
    # The same with a login that one can come to.
    middleware.write_text(f'PASS = ("/admin/login/",)\n{WANTS_A_LOGIN}')
    seen, decisions = found(load(shelf), "none", limit=2)
    assert faults(decisions) == {}
    assert seen.visits
