"""A hostile folder must not hang the reader, fill its memory or end it: only one file is lost."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import socket
import sys
import time
from pathlib import Path

import pytest
from projects import events, make, write

from djdesk.projects import reading
from djdesk.projects.discovery import launchers, settings_modules
from djdesk.projects.readiness import table
from djdesk.projects.readiness.rules import pages
from djdesk.projects.reading import Unreadable
from inspector.engine import stages
from inspector.static_analysis import templates, templatetags
from tests.long import LONG

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and alarms of POSIX")
PACKAGE = Path(templates.__file__).parents[1]
PROJECTS = Path(reading.__file__).parent


@posix
def test_neither_pipes_nor_devices_nor_folders_are_read(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("/dev/zero")
    for name in ("pipe", "folder", "link", "none"):
        assert reading.read_text(tmp_path / name) is None
        with pytest.raises(OSError):
            reading.read_bytes(tmp_path / name)
        with pytest.raises(OSError):
            reading.read_head(tmp_path / name, 10)
    here = Path.cwd()
    os.chdir(tmp_path)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket")
            with pytest.raises(OSError):
                reading.read_bytes(tmp_path / "socket")
    finally:
        os.chdir(here)


def test_size_comes_before_bytes(tmp_path):
    file = tmp_path / "large"
    with file.open("wb") as handle:
        handle.truncate(4 * 2**30)
    with pytest.raises(Unreadable, match="4096 MB"):
        reading.read_bytes(file)
    assert reading.read_head(file, 3) == b"\0\0\0"
    file.write_bytes(b"\xef\xbb\xbfok")
    assert reading.read_text(file) == "ok"
    assert reading.read_bytes(file, 5) == b"\xef\xbb\xbfok"
    with pytest.raises(Unreadable):
        reading.read_bytes(file, 4)


@pytest.mark.parametrize(
    "text",
    [
        "a=" + "[" * 100_000,
        "a=" + "[" * 101 + "]" * 101,
        "a=" + "{b=" * 5000,
        ".".join("a" * 100_000) + "=1",
        "[" + ".".join("a" * 300) + "]",
        ".".join(['"a"', "'b'"] * 100_000) + "=1",
        "x=" + ("{" + ".".join("a" * 90) + "=") * 90 + "1" + "}" * 90,
        "[" + ".".join("a" * 90) + "]\n" + ".".join("b" * 90) + "=1",
        "a" * 900_000,
        'a="' + '\\"' * 100_000,
        'a="""' + '\\"""' * 100_000,
        "a='" * 100_000,
        "a='''" + "''" * 100_000,
        "a",
    ],
)
def test_toml_that_cannot_be_handled(text):
    begun = time.monotonic()
    with pytest.raises(Unreadable):
        reading.load_toml(text)
    assert time.monotonic() - begun < 5


def test_toml_that_only_looks_deep():
    marks = "[" * 500
    text = f"a = '{marks}'\nb = \"{marks}\"\nc = '''\n{marks}'''\n# {marks}\nd = [[[1]]]\n"
    assert reading.load_toml(text)["d"] == [[[1]]]
    assert reading.load_toml("a = " + "[" * 90 + "]" * 90)
    plain = "".join(f"b.c{number} = 1.5\n" for number in range(200))
    assert reading.load_toml("a = [" + "1.5, 'a.b.c'," * 1000 + "]\n" + plain)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 5000, b"\xff", "", '"' * 99_999])
def test_json_that_cannot_be_handled(text):
    with pytest.raises(Unreadable):
        reading.load_json(text)
    assert reading.load_json('["' + "[" * 500 + '"]') == ["[" * 500]


@pytest.mark.parametrize("text", ["-" * 100_000 + "1", "(" * 5000, "a" + ".a" * 100_000, "\0"])
def test_python_that_cannot_be_parsed(text):
    with contextlib.suppress(Unreadable, SyntaxError):
        reading.parse_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "{%" * 200_000 + "{{ " + " " * 300_000 + "x",
        "{#" * 350_000,
        "{% extends 'b.html' %}" * 1000 + "x and " * 50_000,
        "{% url 'x' " + " " * 600_000 + "%}",
        "{% " + "- " * 300_000 + "%}",
        "{% if x %}" * 70_000,
        "{%" * 200_000 + "\n%}",
        "%}#}" * 150_000,
    ],
)
def test_a_template_is_read_in_linear_time(text):
    begun = time.thread_time()
    templates.scan(text)
    assert time.thread_time() - begun < 2


def test_tags_are_found_as_django_finds_them():
    text = "{# {% no %} #}{% a b %}{%- c -%}{%\n d\n%}{% {% e %}{{ f }}{%}{% g"
    assert [inner for _, inner in templatetags.tags(text)] == ["a b", "c", "d", "{% e"]
    found = templates.scan("{% url 'x' 1 2 as y %}\n{% url 'z' a %}\n{% include 'b.html' %}")
    assert found["urls"] == [("x", 2, 1, True), ("z", 1, 2, False)]
    assert found["links"] == [("b.html", "include", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000,
        "INSTALLED_APPS:\n" * 20_000,
        "__version__:\n" * 20_000,
        "<!--" * 50_000,
        "{#" * 100_000,
        "{% comment " * 20_000,
    ],
)
def test_what_looks_for_settings_and_comments_takes_linear_time(text):
    begun = time.thread_time()
    for pattern in (
        launchers.LINE,
        settings_modules.INSTALLED,
        settings_modules.CONFIGURE,
        settings_modules.NANODJANGO,
        table.VERSION,
        pages.COMMENTS,
    ):
        pattern.sub("", text)
    assert time.thread_time() - begun < 2


HOSTILE = {
    "pyproject.toml": "a=" + "[" * 100_000,
    "Pipfile": "a." * 200_000 + "b=1",
    "Pipfile.lock": "[" * 100_000,
    "setup.cfg": "no section\n" * 1000,
    "setup.py": "-" * 50_000 + "1",
    "mise.toml": "[" * 100_000,
    "environment.yml": "a: " + "[" * 300_000,
    "docker-compose.yml": "".join(" " * n + "a:\n" for n in range(1000)),
    "app.yaml": "- " * 200_000,
    ".vscode/settings.json": '{"python.defaultInterpreterPath": "' + "x" * 300_000,
    "requirements.txt": "-r requirements.txt\ndjango\n" + "\\\n" * 100_000,
    ".env": "A=" + "x" * 900_000,
    "catalog/templates/a.html": "{%" * 200_000 + "{{ " + " " * 300_000 + "x",
    "catalog/templates/b.html": "{% extends 'b.html' %}" * 1000 + "x and " * 50_000,
    "catalog/deep.py": "x = " + "-" * 100_000 + "1",
    "catalog/brackets.py": "x = " + "(" * 10_000,
    "catalog/attributes.py": "x = a" + ".a" * 50_000,
}


@posix
@pytest.mark.parametrize("trust", [False, True])
def test_a_folder_full_of_it_opens_and_the_rest_is_reported(tmp_path, trust):
    make(tmp_path, HOSTILE)
    for name in ("catalog/signals.py", "catalog/templates/large.html", "catalog/locale.po"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(4 * 2**30)
    locale = tmp_path / "catalog/locale/de/LC_MESSAGES"
    locale.mkdir(parents=True)
    for name in ("poetry.lock", "uv.lock", ".python-version", "catalog/admin.py", "tox.ini"):
        os.mkfifo(tmp_path / name)
    for name in ("catalog/templates/pipe.html", "catalog/locale/de/LC_MESSAGES/django.po"):
        os.mkfifo(tmp_path / name)
    packages = tmp_path / ".venv/lib/python3.13/site-packages/odd-1.dist-info"
    packages.mkdir(parents=True)
    os.mkfifo(packages / "METADATA")

    begun = time.monotonic()
    found = events(tmp_path, trust=trust)
    sections = {
        (event["name"], event["source"]): event for event in found if event["event"] == "section"
    }
    failed = [key for key, event in sections.items() if not event["ok"]]
    assert not failed
    assert ("code", "static") in sections and ("templates", "static") in sections
    labels = [one["label"] for one in sections["models", "static"]["data"]["models"]]
    assert "catalog.Book" in labels
    names = [one["name"] for one in sections["templates", "static"]["data"]["templates"]]
    assert {"a.html", "b.html"} <= set(names)
    errors = str(sections["dependencies", "static"]["data"])
    assert "pyproject.toml" in errors and "too deeply nested" in errors
    told = str([event for event in found if event["event"] != "project"])
    assert "too large to read (4096 MB)" in told
    assert time.monotonic() - begun < 120
    if not trust:
        # Also the static child's: it did not read 4 GB to learn that they are too many.
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_500_000


TEMPLATES = """
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
"""
# Only the file itself is lost in the live half: (section, message about it).
TOLD = {
    "catalog/templates/slow.html": ("templates", "took longer than 5 seconds"),
    "catalog/templates/large.html": ("templates", "too large to read (4096 MB)"),
    "catalog/migrations/0002_pipe.py": ("migrations", "neither a file nor a folder"),
    "catalog/migrations/0003_large.py": ("migrations", "too large to read (4096 MB)"),
    "catalog/tasks.py": ("tasks", "too large to read (4096 MB)"),
}


@LONG
@posix
def test_the_live_half_loses_no_more_than_the_file(tmp_path):
    files = {
        "catalog/migrations/__init__.py": "",
        "catalog/management/__init__.py": "",
        "catalog/management/commands/__init__.py": "",
        "catalog/management/commands/deep.py": "x = " + "-" * 100_000 + "1",
        "catalog/templates/good.html": "{% include 'pipe.html' %}{% include 'none.html' %}",
        # Django searches for the end of each tag up to the end of the line.
        "catalog/templates/slow.html": "{% " * 350_000,
        "catalog/locale/de/LC_MESSAGES/odd.mo": "no catalogue",
    }
    make(tmp_path, files, settings=TEMPLATES)
    for name in ("0002_pipe.py", "../templates/pipe.html"):
        os.mkfifo(tmp_path / "catalog/migrations" / name)
    for name in ("management/commands/pipe.py", "locale/de/LC_MESSAGES/django.mo"):
        os.mkfifo(tmp_path / "catalog" / name)
    for name in ("templates/large.html", "migrations/0003_large.py", "tasks.py"):
        with (tmp_path / "catalog" / name).open("wb") as file:
            file.truncate(4 * 2**30)
    begun = time.monotonic()
    found = events(tmp_path, trust=True)
    live = {one["name"]: one for one in found if one.get("source") == "live"}
    assert not [name for name, event in live.items() if not event["ok"]]
    for file, (section, words) in TOLD.items():
        errors = str(live[section]["data"]["errors"])
        assert words in errors, (file, errors)
    data = live["templates"]["data"]
    assert {"good.html", "slow.html", "pipe.html"} <= {one["name"] for one in data["templates"]}
    assert [one["name"] for one in data["missing"]] == ["none.html"]
    assert data["broken"] == []
    commands = {one["name"]: one for one in live["commands"]["data"]["commands"]}
    assert commands["pipe"]["line"] is None and "check" in commands
    rows = {one["domain"]: one for one in live["i18n"]["data"]["catalogues"]}
    assert (rows["django"]["compiled"], rows["odd"]["compiled"]) == ("missing", "unreadable")
    assert time.monotonic() - begun < 60


@posix
def test_a_file_that_takes_too_long_is_left_out_alone(tmp_path, monkeypatch):
    slow = write(tmp_path, {"a.html": "x", "b.html": "x"})
    monkeypatch.setattr(templates, "SECONDS", 0.2)

    def scanned(text):
        re.match(r"(a+)+$", "a" * 60 + "b")

    monkeypatch.setattr(templates, "scan", scanned)
    reader = templates.Templates.__new__(templates.Templates)
    reader.tree = Fake()
    reader.files = Fake()
    found = reader._read(slow / "a.html")
    assert found["links"] == [] and "longer than" in found["broken"][0]


SLOW = """
import runpy, sys
sys.path[:0] = sys.argv[1:]
from inspector.static_analysis import templates
templates.SECONDS, quick = 0.3, templates.scan
def scan(text):
    while "slow" in text:
        pass
    return quick(text)
templates.scan = scan
runpy.run_module("inspector.static_analysis", run_name="__main__")
"""


def test_the_limit_holds_in_the_process_that_reads_the_source(tmp_path, monkeypatch):
    """It works in a thread, for a deep stack, and threads receive no signals."""
    stages.prewarmed.drop()
    monkeypatch.setattr(stages, "BOOT", SLOW)
    make(tmp_path, {"catalog/templates/a.html": "slow", "catalog/templates/b.html": "{% if x %}"})
    sections = {one["name"]: one for one in events(tmp_path) if one["event"] == "section"}
    data = sections["templates"]["data"]
    broken = {one["name"]: one["text"] for one in data["broken"]}
    assert "longer than" in broken["a.html"] and "not closed" in broken["b.html"]
    assert sections["i18n"]["ok"]


class Fake:
    def __init__(self):
        self.cache = self

    def relative(self, file):
        return file.name

    def get(self, key, mark):
        return None

    def put(self, key, mark, facts):
        pass


# Project files are read through `reading` only. These read our own files.
OWN = {
    # Parses what the bounded reader has read, and copies databases within the size limit.
    "inspector/probe/limits.py",
    "inspector/probe/sections/commands.py",
    "inspector/probe/loading.py",
    "inspector/probe/run.py",
    "inspector/probe/ahead.py",
    "inspector/probe/remembered.py",
    "inspector/probe/sections/databases.py",
    "projects/bounded.py",
    "projects/reading.py",
    "inspector/run/subreaper.py",
    "inspector/run/landlock.py",
    "inspector/projects/readiness.py",
    "projects/readiness/__main__.py",
    "inspector/facts/lifecycles.py",
    "inspector/facts/shape.py",
    "inspector/lab/report.py",
    "inspector/lab/files.py",
    "inspector/lab/tables.py",
    "inspector/lab/notebooks/document.py",
    "inspector/lab/notebooks/execute.py",
    "inspector/pages/styleguide.py",
    "inspector/views/catalogue.py",
    "inspector/exports/folder.py",
    "inspector/exports/preview.py",
    "inspector/views/commands.py",
    "inspector/views/migrations.py",
    "inspector/commands/execute.py",
    "inspector/commands/environment.py",
    "inspector/scans/secret_handoff.py",
    "inspector/static_analysis/settings_facts.py",
    "projects/code/dynaconf.py",
    "inspector/static_analysis/facts_cache.py",
    "inspector/static_analysis/__main__.py",
    "inspector/facts/disagreements.py",
    "inspector/run/containment.py",
    "inspector/engine/stages.py",
    "inspector/run/private_copy.py",
    "inspector/cli.py",
}
ELSEWHERE = ("inspector/sample/", "inspector/lab/notebooks/cells/")
READS = re.compile(
    r"(?<![\w.])open\(|\.open\(|\.read_(text|bytes)\(|os\.open\(|tomllib\.|json\.loads?\(|ast\.parse\("
    r"|configparser|shutil\.copy"
)


def test_nothing_else_reads_files_of_a_project():
    found = []
    for file in sorted([*PACKAGE.rglob("*.py"), *PROJECTS.rglob("*.py")]):
        package = PACKAGE if file.is_relative_to(PACKAGE) else PROJECTS
        name = file.relative_to(package.parent).as_posix()
        if name in OWN or name.startswith(ELSEWHERE):
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if READS.search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    assert found == []
    assert all(any((one.parent / name).is_file() for one in (PACKAGE, PROJECTS)) for name in OWN)
