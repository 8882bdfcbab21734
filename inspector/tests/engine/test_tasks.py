# ruff: noqa: E501 - source texts of projects stand in long lines
"""Background tasks of Celery and django.tasks, static and live."""

from projects import make, scan, static

BACKENDS = 'TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "mail"]}}\n'
DJANGO = """
from django.tasks import task

@task(queue_name="mail")
def send(address):
    pass

def not_one():
    pass
"""
CELERY = """
from celery import shared_task
from shop.celery import app

@shared_task(name="clean-up", queue="slow")
def clean():
    pass

@app.task
def count():
    pass
"""
APP = """
from celery import Celery
app = Celery("shop")
app.conf.beat_schedule = {"nightly": {"task": "clean-up", "schedule": 3600.0}}
"""


def by_name(data):
    return {one["name"]: one for one in data["tasks"]}


def test_djangos_tasks_are_the_same_in_the_source_and_live(tmp_path):
    make(tmp_path, {"catalog/tasks.py": DJANGO}, settings=BACKENDS)
    read = static(tmp_path, "tasks")
    section = scan(tmp_path, trust=True)["sections"]["tasks"]
    assert section["source"] == "live" and section["data"] == read
    assert by_name(read) == {
        "catalog.tasks.send": {
            "name": "catalog.tasks.send",
            "kind": "django",
            "function": "catalog.tasks.send",
            "queue": "mail",
            "origin": "project",
            "file": "catalog/tasks.py",
            "line": 5,
        }
    }
    (backend,) = read["backends"]
    assert backend["queues"] == ["default", "mail"] and backend["file"] == "shop/settings.py"


def test_celery_from_the_source(tmp_path):
    make(tmp_path, {"catalog/tasks.py": CELERY, "shop/celery.py": APP})
    data = static(tmp_path, "tasks")
    found = by_name(data)
    assert set(found) == {"clean-up", "catalog.tasks.count"}
    assert found["clean-up"]["function"] == "catalog.tasks.clean"
    assert found["clean-up"]["queue"] == "slow" and found["clean-up"]["line"] == 6
    (entry,) = data["schedule"]
    assert entry == {
        "name": "nightly",
        "task": "clean-up",
        "when": "3600.0",
        "file": "shop/celery.py",
        "line": 4,
    }


def test_other_libraries_tasks_are_not_celerys(tmp_path):
    text = "from invoke import task\n@task\ndef build(c):\n    pass\n"
    make(tmp_path, {"tasks.py": text})
    assert static(tmp_path, "tasks")["tasks"] == []


# The part of Celery that the probe uses, imitated: Celery is not installed.
FAKE = """
import types
class Task:
    queue = None
    def __init__(self, name, function):
        self.name, self.__wrapped__ = name, function
class Loader:
    def import_default_modules(self):
        import catalog.tasks
class App:
    loader = Loader()
    tasks = {}
    conf = types.SimpleNamespace(beat_schedule={"nightly": {"task": "catalog.tasks.clean", "schedule": 60}})
current_app = App()
def shared_task(function):
    name = function.__module__ + "." + function.__name__
    current_app.tasks[name] = Task(name, function)
    return current_app.tasks[name]
shared_task_names = current_app.tasks.setdefault("celery.ping", Task("celery.ping", len))
"""


def test_celery_live(tmp_path):
    tasks = "from celery import shared_task\n@shared_task\ndef clean():\n    pass\n"
    schedule = (
        'CELERY_BEAT_SCHEDULE = {"nightly": {"task": "catalog.tasks.clean", "schedule": 60}}\n'
    )
    make(tmp_path, {"celery.py": FAKE, "catalog/tasks.py": tasks}, settings=schedule)
    section = scan(tmp_path, trust=True)["sections"]["tasks"]
    assert section["source"] == "live" and section["data"]["errors"] == []
    (task,) = section["data"]["tasks"]
    assert (task["name"], task["file"], task["line"]) == (
        "catalog.tasks.clean",
        "catalog/tasks.py",
        3,
    )
    (entry,) = section["data"]["schedule"]
    assert entry["when"] == "60" and entry["file"] == "shop/settings.py"


def test_a_tasks_module_that_fails_is_told_and_the_rest_is_there(tmp_path):
    broken = "raise RuntimeError('no broker')\n"
    make(tmp_path, {"catalog/tasks.py": broken}, settings=BACKENDS)
    section = scan(tmp_path, trust=True)["sections"]["tasks"]
    assert section["ok"] and len(section["data"]["backends"]) == 1
    (error,) = section["data"]["errors"]
    assert "no broker" in error["text"] and error["file"] == "catalog/tasks.py"
