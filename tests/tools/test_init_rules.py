"""Rules of ``djdesk init`` for pages, processes, builds, programs and accounts."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.report import level
from djdesk.projects.readiness.rules import (
    accounts,
    builds,
    pages,
    processes,
    programs,
    services,
)
from tests.tools.init_projects import ask, make

QUIET = Questions(quiet=True)


# ---- CSP1, CDN1


def test_cdn1_a_file_of_another_host_is_named_with_its_line(tmp_path):
    page = '<html>\n<script src="https://cdn.example.org/vue.js"></script>\n<b style="x">'
    root = make(tmp_path, {"shop/templates/base.html": page})
    values, decisions = ask(pages.rule, root)
    assert values["pages.csp"] == "relaxed"
    (found,) = [one for one in decisions if one.rule == "CDN1"]
    assert found.level == "B" and found.where == "shop/templates/base.html:2"
    assert "cdn.example.org" in found.what


def test_cdn1_links_comments_and_mails_are_none(tmp_path):
    page = (
        '<a href="https://example.org/">x</a><!-- <script src="https://a.example/x.js"> -->'
        '{# <script src="https://b.example/x.js"></script> #}<img src="{% static \'a\' %}">'
    )
    mail = '<link rel="stylesheet" href="https://fonts.example.org/css">'
    files = {"shop/templates/base.html": page, "shop/templates/emails/hello.html": mail}
    assert "CDN1" not in {one.rule for one in ask(pages.rule, make(tmp_path, files))[1]}


# ---- TASK2, SCHED1


def test_task2_celery_and_its_schedule_become_processes(tmp_path):
    celery = "from celery import Celery\napp = Celery('shop')\n"
    root = make(tmp_path, {"shop/celery.py": celery}, settings="CELERY_BEAT_SCHEDULE = {}\n")
    values, decisions = ask(processes.rule, root, QUIET)
    assert values["processes.celery"].startswith("celery -A shop.celery worker --pool solo")
    assert values["processes.celery-beat"].startswith("celery -A shop.celery beat")
    assert level(decisions) == "A" and decisions[0].where == "shop/celery.py:2"


def test_task2_a_class_called_celery_is_none(tmp_path):
    root = make(tmp_path, {"shop/soup.py": "class Celery: ...\n\nsoup = Celery()\n"})
    assert ask(processes.rule, root, QUIET) == ({}, [])


def test_task2_huey_and_django_q(tmp_path):
    apps = 'INSTALLED_APPS += ["huey.contrib.djhuey", "django_q"]\n'
    values, _ = ask(processes.rule, make(tmp_path, settings=apps), QUIET)
    assert values == {"processes.huey": "run_huey", "processes.django-q": "qcluster"}


LOOP = """
    import time
    class Command:
        def handle(self, *args, **options):
            while True:
                time.sleep(1)
"""


def test_sched1_a_loop_that_a_server_starts_becomes_a_process(tmp_path):
    files = {
        "shop/management/commands/sendalerts.py": LOOP,
        "Procfile": "web: gunicorn shop.wsgi\nworker: python manage.py sendalerts\n",
    }
    values, decisions = ask(processes.rule, make(tmp_path, files), QUIET)
    assert values == {"processes.sendalerts": "sendalerts"}
    assert decisions[0].where == "Procfile:2"


def test_sched1_what_ends_by_itself_or_nobody_starts_is_no_process(tmp_path):
    once = "class Command:\n    def handle(self, *a, **o): print(1)\n"
    files = {
        "shop/management/commands/importall.py": once,
        "shop/management/commands/loops.py": LOOP,
        "Procfile": "release: python manage.py migrate && python manage.py importall\n",
    }
    assert ask(processes.rule, make(tmp_path, files), QUIET) == ({}, [])


def test_sched1_schedulers_of_apscheduler(tmp_path):
    code = "scheduler = {}Scheduler(timezone='UTC')\n"
    files = {
        "shop/management/commands/run_jobs.py": f"class Command: ...\n{code.format('Blocking')}",
        "shop/apps.py": code.format("Background"),
        "shop/other.py": "class TaskScheduler: ...\nTaskScheduler()\n",
    }
    values, found = ask(processes.rule, make(tmp_path, files), QUIET)
    assert values == {"processes.run-jobs": "run_jobs"}
    assert {(one.level, one.where) for one in found} == {
        ("", "shop/management/commands/run_jobs.py:2"), ("B", "shop/apps.py:1"),
    }  # fmt: skip
    started = {**files, "Procfile": "jobs: python manage.py run_jobs\n"}
    values, found = ask(processes.rule, make(tmp_path / "b", started), QUIET)
    assert values == {"processes.run-jobs": "run_jobs"}
    assert [one.where for one in found if not one.level] == ["Procfile:1"]


def test_sched1_a_crontab_is_named(tmp_path):
    found = ask(processes.rule, make(tmp_path, {"etc/crontab": "* * * * * x\n"}), QUIET)[1]
    assert found[0].level == "B" and found[0].where == "etc/crontab"


# ---- SRV1, ASGI1


def test_srv1_servers_that_a_desktop_lacks(tmp_path):
    apps = 'INSTALLED_APPS += ["django_rq"]\n'
    found = ask(services.rule, make(tmp_path, settings=apps))[1]
    assert level(found) == "C" and "Redis" in found[0].what
    root = make(tmp_path / "b", {"shop/locks.py": "import redis\n"})
    found = ask(services.rule, root)[1]
    assert level(found) == "B" and found[0].where == "shop/locks.py:1"
    cache = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache'}}\n"
    assert ask(services.rule, make(tmp_path / "c", settings=cache))[1] == []


def test_asgi1_websockets_are_named_and_an_asgi_file_is_not(tmp_path):
    routed = "from channels.routing import URLRouter\nroutes = {'websocket': URLRouter([])}\n"
    apps = 'INSTALLED_APPS += ["channels"]\nASGI_APPLICATION = "shop.asgi.application"\n'
    root = make(tmp_path, {"shop/asgi.py": routed}, settings=apps)
    found = ask(services.rule, root)[1]
    assert [one.rule for one in found] == ["ASGI1"] and level(found) == "B"
    plain = {"shop/asgi.py": "from django.core.asgi import get_asgi_application\n"}
    assert ask(services.rule, make(tmp_path / "b", plain))[1] == []


# ---- STAT2, BIN1, AUTH1, MIG1


def test_stat2_builds_and_translations(tmp_path):
    files = {
        "package.json": '{\n  "scripts": {"build": "vite build"}\n}\n',
        "shop/locale/de/LC_MESSAGES/django.po": 'msgid ""\nmsgstr ""\n',
    }
    values, found = ask(builds.rule, make(tmp_path, files | {"shop/static/shop.css": ""}))
    assert [one.where for one in found] == [
        "package.json:2", "shop/locale/de/LC_MESSAGES/django.po",
    ]  # fmt: skip
    assert level(found) == "A" and "npm install && npm run build" in found[0].todo
    compiled = "python -m django compilemessages"
    assert values == {"builds..": ["npm install", "npm run build", compiled]}
    linted = {"package.json": '{"scripts": {"lint": "eslint ."}}'}
    assert ask(builds.rule, make(tmp_path / "b", linted))[1] == []
    two = {"package.json": '{"scripts": {"build": "x --mode development", "build:prod": "x"}}'}
    values, _ = ask(builds.rule, make(tmp_path / "c", two))
    assert values["builds.."][-1] == "npm run build:prod"


def test_stat2_builds_of_folders_by_their_own_tools(tmp_path):
    script = '{"scripts": {"build": "vite build"}}'
    files = {"web/package.json": script, "web/yarn.lock": "", "ui/package.json": script,
             "ui/package-lock.json": "{}"}  # fmt: skip
    values, _ = ask(builds.rule, make(tmp_path / "a", files))
    assert values == {
        "builds.ui": ["npm ci", "npm run build"],
        "builds.web": ["yarn install --frozen-lockfile", "yarn run build"],
    }


def test_stat2_a_program_beside_the_project(tmp_path):
    """A program that the project names is built for it; any other is unrelated."""
    for name, text, there in (
        ("own", 'STATICFILES_DIRS = [BASE_DIR.parent / "frontend" / "dist"]\n', True),
        ("other", 'FRONTEND = "https://frontend.example.org"\n', False),
    ):
        root = tmp_path / name
        make(root / "backend", settings=text)
        (root / ".git").mkdir()
        (root / "frontend").mkdir()
        (root / "frontend" / "package.json").write_text('{"scripts": {"build": "vite build"}}')
        values, found = ask(builds.rule, root)
        assert level(found) == ("A" if there else "B")
        assert values == ({"builds.../frontend": ["npm install", "npm run build"]} if there else {})


def test_stat2_folders_follow_when_the_repository_becomes_the_project():
    draft = Draft()
    draft.set("builds..", ["npm ci"])
    draft.set("builds...", ["npm run build"])
    draft.set("pages.static-dirs", ["static"])
    draft.rebase("sandbox")
    assert draft.values == {
        "builds.sandbox": ["npm ci"], "builds..": ["npm run build"],
        "pages.static-dirs": ["sandbox/static"],
    }  # fmt: skip


def test_stat2_sass_in_templates(tmp_path):
    """Precompilers that no template uses compile nothing."""
    sass = """
        INSTALLED_APPS.append("compressor")
        COMPRESS_PRECOMPILERS = (("text/x-scss", "sass {infile}"),)
    """
    page = "shop/templates/shop/a.html"
    used = make(tmp_path / "a", {page: '<link type="text/x-scss">'}, settings=sass)
    assert level(ask(builds.rule, used)[1]) == "B"
    # Or the project uses offline compression, which packaging runs.
    in_advance = f"{dedent(sass)}COMPRESS_OFFLINE = not DEBUG\n"
    offline = make(tmp_path / "c", {page: '<link type="text/x-scss">'}, settings=in_advance)
    assert ask(builds.rule, offline) == ({}, [])
    plain = make(tmp_path / "b", {page: '<link rel="stylesheet">'}, settings=sass)
    assert ask(builds.rule, plain) == ({}, [])


def test_stat2_the_style_sheet_of_tailwind_is_there_or_built(tmp_path):
    tailwind = 'INSTALLED_APPS.append("tailwind")\n'
    none = ask(builds.rule, make(tmp_path / "a", settings=tailwind))[1]
    assert level(none) == "B" and "tailwind build" in none[0].todo
    committed = {"theme/static/css/dist/styles.css": ""}
    assert ask(builds.rule, make(tmp_path / "b", committed, settings=tailwind)) == ({}, [])
    script = {"theme/static_src/package.json": '{"scripts": {"build": "postcss"}}'}
    values, found = ask(builds.rule, make(tmp_path / "c", script, settings=tailwind))
    assert level(found) == "A" and "builds.theme/static_src" in values


I18N = 'INSTALLED_APPS.append("statici18n")\n'
CATALOGUES = "djdesk manage compilejsi18n -v 0 -o built-static/jsi18n"
BUILD_COMMAND = """
    from django.core.management import BaseCommand, call_command
    class Command(BaseCommand):
        def handle(self, *args, **options):
            call_command("migrate")
            call_command("compilejsi18n", verbosity=1)
"""


def test_stat2_commands_that_make_static_files(tmp_path):
    """Named by a launcher, called by a command that it names, or needed by a template."""
    own = "shop/management/commands/build.py"
    named = {"Dockerfile": "FROM python\nRUN python manage.py compilejsi18n\n"}
    called = {own: BUILD_COMMAND, ".github/workflows/ci.yml": "run: |\n  python manage.py build\n"}
    page = {"shop/templates/shop/a.html": "<script src='{% statici18n LANGUAGE_CODE %}'></script>"}
    for name, files, where in (
        ("named", named, "Dockerfile:2"),
        ("called", called, ".github/workflows/ci.yml:2"),
        ("used", page, "shop/templates/shop/a.html"),
    ):
        values, found = ask(builds.rule, make(tmp_path / name, files, settings=I18N))
        assert values == {"pages.static-dirs": ["built-static"], "builds..": [CATALOGUES]}
        assert [(one.where, one.level) for one in found] == [(where, "")]
    other = f'{I18N}STATICI18N_OUTPUT_DIR = "texts/"\n'
    values, _ = ask(builds.rule, make(tmp_path / "other", page, settings=other))
    assert values["builds.."][-1].endswith("-o built-static/texts")
    # Installed but unused, or named without being installed.
    assert ask(builds.rule, make(tmp_path / "a", settings=I18N)) == ({}, [])
    assert ask(builds.rule, make(tmp_path / "b", named)) == ({}, [])


@pytest.mark.parametrize(
    ("run", "code", "built"),
    [
        ("RUN pip install . && \\\n    python manage.py sprites", "print('drawn')", True),
        # Data and the network are not there while a package is built.
        ("RUN python manage.py sprites", "from shop.models import Sprite", False),
        ("RUN python manage.py sprites", "import requests", False),
        ("RUN python manage.py sprites", "call_command('loaddata', 'x')", False),
        # What another module of the project does is unknown: this one fetches mail.
        ("RUN python manage.py sprites", "from shop.mail import fetch", False),
        ("RUN python manage.py sprites", "from ...mail import fetch", False),
        ("RUN python manage.py sprites", "import os\nfrom django.conf import settings", True),
        # It is written into a crontab.
        ('RUN echo "* * * * * root python manage.py sprites >> /log" > /etc/crontab', "", False),
        ("RUN echo drawing && python manage.py sprites", "print('drawn')", True),
        # It runs at each start, with the database.
        ("CMD python manage.py sprites", "print('drawn')", False),
        ("RUN python manage.py migrate && python manage.py loaddata x", "", False),
    ],
)
def test_stat2_a_command_of_the_projects_own(tmp_path, run, code, built):
    files = {"Dockerfile": f"FROM python\n{run}\n", "shop/management/commands/sprites.py": code}
    values, found = ask(builds.rule, make(tmp_path, files))
    assert values == ({"builds..": ["djdesk manage sprites"]} if built else {})
    assert len(found) == built


def test_stat1_a_static_root_that_is_committed_with_its_manifest(tmp_path):
    root = 'STATIC_ROOT = BASE_DIR / "static"\n'
    values, found = ask(
        builds.rule, make(tmp_path, {"static/staticfiles.json": "{}"}, settings=root)
    )
    assert values == {"pages.static-dirs": ["static"]} and found[0].where == "shop/settings.py:8"
    assert ask(builds.rule, make(tmp_path / "b", {"static/a.css": ""}, settings=root)) == ({}, [])


def test_bin1_programs_that_are_called(tmp_path):
    code = 'import subprocess\nsubprocess.run(["ffmpeg", "-i", "x"])\nsubprocess.run(["git"])\n'
    root = make(tmp_path, {"shop/video.py": code, "requirements.txt": "weasyprint==60\n"})
    found = ask(programs.rule, root)[1]
    assert [one.where for one in found] == ["", "shop/video.py:2"]
    assert "Pango" in found[0].what and "ffmpeg" in found[1].what
    # A program that is called only if it exists is no loss.
    code_that_does_without = """
        import platform, shutil, subprocess
        FOUND = shutil.which("pdftotext")
        if platform.system() == "Darwin":
            subprocess.run(["system_profiler"])
        try:
            subprocess.run(["lsb_release"])
        except (OSError, ValueError):
            pass
        try:
            subprocess.run(["convert"])
        except FileNotFoundError as error:
            raise SystemError("no ImageMagick") from error
        try:
            subprocess.run(["ffprobe"])
        except subprocess.CalledProcessError:
            subprocess.run(["ffplay"])
    """
    files = {"shop/a.py": dedent(code_that_does_without)}
    found = ask(programs.rule, make(tmp_path / "c", files))[1]
    lost = [one.what.split()[2] for one in found if one.level == "B"]
    assert lost == ["convert", "ffprobe", "ffplay"]
    assert len(found) == 6 and all(one.where and one.why for one in found)
    words = {"shop/video.py": 'TEXT = "subprocess.run ffmpeg"\n', "shop/tests.py": code}
    assert ask(programs.rule, make(tmp_path / "b", words))[1] == []


def test_auth1_and_mig1(tmp_path):
    own = {"shop/management/commands/migrate.py": "class Command: ...\n"}
    values, found = ask(accounts.rule, make(tmp_path, own), QUIET)
    assert values == {"data.first-user": "os-user"}
    assert [one.rule for one in found] == ["AUTH1", "MIG1"] and level(found) == "A"
    bare = make(tmp_path / "b", settings="INSTALLED_APPS = []\n")
    assert ask(accounts.rule, bare, Questions(quiet=True)) == ({}, [])
    assert any("first user" in line for line in QUIET.taken)
