"""Sections produced ahead by a forked copy of the probe: the same results, and no new failures."""

import sys

import pytest
from projects import make, scan

from inspector.engine import stages
from inspector.sample import sample_path
from tests.long import LONG

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made ahead on Linux only")

# Stores the id of the loading process; a template tag reports which process compiles.
MODELS = """\
import os
from django.db import models

MAIN = os.getpid()


class Book(models.Model):
    title = models.CharField(max_length=50)
"""
TAGS = """\
import os
from django import template
from catalog.models import MAIN

register = template.Library()
COPY = os.getpid() != MAIN


@register.simple_tag
def nothing():
    return ""


@register.tag
def who(parser, token):
    raise template.TemplateSyntaxError("in a copy" if COPY else "in the first process")
"""
TEMPLATES = """
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
"""
PAGE = "{% load tags %}{% who %}"


def project(folder, *, models=MODELS, tags=TAGS, page=PAGE, **more):
    files = {
        "catalog/models.py": models,
        "catalog/templatetags/__init__.py": "",
        "catalog/templatetags/tags.py": tags,
        "catalog/templates/page.html": page,
        **more,
    }
    return make(folder, files, settings=TEMPLATES)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(stages, "AHEAD", 1)


def live(root, **options):
    found = scan(root, trust=True, **options)
    assert found["sections"]["runtime"]["ok"], found["sections"]["runtime"]
    assert not found["changed"]
    return found["sections"]


def translated(sections):
    (row,) = sections["templates"]["data"]["broken"]
    return row["text"].removeprefix("TemplateSyntaxError: ")


def test_large_projects_get_a_copy_and_small_ones_do_not(tmp_path, monkeypatch):
    root = project(tmp_path)
    assert translated(live(root)) == "in a copy"
    monkeypatch.setattr(stages, "AHEAD", 100)
    assert translated(live(root)) == "in the first process"


def test_the_copy_comes_to_the_same(monkeypatch):
    ahead = live(sample_path())
    monkeypatch.setattr(stages, "AHEAD", 10**6)
    alone = live(sample_path())
    assert list(ahead) == list(alone)
    for name in ("models", "checks", "urls", "drift", "templates", "tasks", "side_effects"):
        assert ahead[name]["data"] == alone[name]["data"], name


def test_what_the_copy_saw_is_told_once(tmp_path):
    tags = (
        TAGS
        + """
import warnings
os.environ.get("TAGS_MODE")
warnings.warn("old tag", DeprecationWarning)
try:
    open("/nowhere.txt", "w")
except OSError:
    pass
"""
    )
    effects = live(project(tmp_path, tags=tags))["side_effects"]["data"]
    (event,) = [one for one in effects["events"] if "nowhere" in one["what"]]
    assert (event["count"], event["denied"]) == (1, True)
    assert [one["count"] for one in effects["env_reads"] if one["name"] == "TAGS_MODE"] == [1]
    assert [one["count"] for one in effects["deprecations"] if one["text"] == "old tag"] == [1]
    assert not [one for one in effects["events"] if one["what"] == "fork"]


def test_beside_a_thread_of_the_project_nothing_is_copied(tmp_path):
    models = MODELS + "\nimport threading\n"
    models += "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    assert translated(live(project(tmp_path, models=models))) == "in the first process"


@pytest.mark.parametrize(
    "fate",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), 9)",
        pytest.param(
            "import signal as s, time; s.pthread_sigmask(s.SIG_BLOCK, [s.SIGALRM]); time.sleep(60)",
            marks=LONG,
        ),
    ],
    ids=["ends", "killed", "hangs"],
)
def test_a_copy_that_fails_is_made_up_for(tmp_path, fate):
    tags = TAGS + f"\nif COPY:\n    {fate}\n"
    limit = 5.0 if "sleep" in fate else 60.0
    sections = live(project(tmp_path, tags=tags), section_limit=limit)
    assert translated(sections) == "in the first process"
    assert sections["drift"]["ok"] and sections["side_effects"]["ok"]


@LONG
def test_a_section_that_takes_too_long_says_so_once(tmp_path):
    tags = TAGS + "\nif COPY:\n    import time; time.sleep(60)\n"
    sections = live(project(tmp_path, tags=tags), section_limit=5.0)
    assert sections["templates"]["live_error"]["type"] == "OutOfTime"
    assert sections["drift"]["ok"]


def test_models_that_the_views_bring_in_are_in_the_drift(tmp_path):
    more = {
        "catalog/migrations/__init__.py": "",
        "shop/urls.py": "import catalog.late\nurlpatterns = []\n",
        "catalog/late.py": "from django.db import models\n\n\nclass Late(models.Model):\n"
        "    class Meta:\n        app_label = 'catalog'\n",
    }
    drift = live(project(tmp_path, **more))["drift"]["data"]
    assert {one["model"] for one in drift["apps"]["catalog"]["ops"]} >= {"Late"}


# Projects' use of signals and forks, in a module that loads before the fork.
BEFORE = {
    "ignored": "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "waited": "import signal\n\n\ndef wait(*args):\n    try:\n"
    "        while os.waitpid(-1, os.WNOHANG)[0]:\n            pass\n"
    "    except OSError:\n        pass\n\n\nsignal.signal(signal.SIGCHLD, wait)",
    "clock": "import time\ntime.perf_counter = time.time = lambda: 0.0",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_a_copy_is_used_whatever_the_project_does_with_its_children(tmp_path, before):
    sections = live(project(tmp_path, models=MODELS + "\n" + before + "\n"))
    assert translated(sections) == "in a copy"
    assert sections["side_effects"]["ok"]


NO_COPY = {
    "forbidden": "def no():\n    raise RuntimeError('no forks')\n\n\nos.fork = no",
    "hook fails": "os.register_at_fork(after_in_child=lambda: os._exit(9))",
    "hook hangs": "import time\nos.register_at_fork(after_in_child=lambda: time.sleep(600))",
}


@pytest.mark.parametrize("before", NO_COPY.values(), ids=NO_COPY)
def test_without_a_copy_everything_is_made_in_the_first_process(tmp_path, before):
    sections = live(project(tmp_path, models=MODELS + "\n" + before + "\n"), time_limit=60.0)
    assert translated(sections) == "in the first process"
    assert sections["drift"]["ok"] and sections["side_effects"]["ok"]
