"""What a start does not import, and that an app which imports it gets all of it."""

import re
import subprocess
import sys

import django
import pytest

from .children import Child

pytestmark = pytest.mark.skipif(
    django.VERSION < (6, 0), reason="Django 5.2 and the backport of tasks import more"
)

NEVER = {
    "asyncio", "multiprocessing", "psutil", "ssl", "typing_extensions", "django_stubs_ext",
    "importlib.metadata", "zipfile", "ast",
    "django.db.migrations.executor", "djdesk.desktop.diagnostics", "djdesk.desktop.doctor",
}  # fmt: skip
IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +(\S+)", re.MULTILINE)


def imported(command, data_dir, ready):
    options = ("-X", "importtime")
    with Child(command, data_dir, options=options) as child:
        event = child.until(ready)
        if command == "serve":
            assert child.get(event["port"], "/health/")[0] == 200
        assert child.end_of_stdin() == 0
    return set(IMPORTED.findall(child.log))


def test_server_and_worker_start_without_what_they_seldom_use(tmp_path):
    with Child("serve", tmp_path) as first:
        first.until("listening")
        assert first.end_of_stdin() == 0
    for command, ready in (("serve", "listening"), ("worker", "ready")):
        found = imported(command, tmp_path, ready)
        assert {"django.db.models.query", "django_tasks_db.backend"} <= found, command
        assert not found & NEVER, command


BEGIN = (
    "from djdesk.desktop import deferred_imports; deferred_imports.import_django(); import sys;"
    "assert not {'asyncio', 'ssl', 'multiprocessing', 'ipaddress'} & set(sys.modules);"
)
USES = {
    "a part of a package": (
        "import asyncio.events, multiprocessing.pool; from asyncio import Queue;"
        "assert asyncio.events.get_event_loop and asyncio.__file__ and asyncio.__path__"
    ),
    "a loop, around Django's locals": (
        "import asyncio; from asgiref.local import Local; from asgiref.sync import sync_to_async\n"
        "local = Local(thread_critical=True)\n"
        "async def one(number):\n"
        "    local.x = number\n"
        "    await asyncio.sleep(0)\n"
        "    return local.x, await sync_to_async(lambda: number)()\n"
        "async def all(): return await asyncio.gather(one(1), one(2))\n"
        "assert asyncio.run(all()) == [(1, 1), (2, 2)]\n"
        "assert not hasattr(local, 'x')"
    ),
    "async code called from a view": (
        "from asgiref.sync import async_to_sync\n"
        "async def two(): return 2\n"
        "assert async_to_sync(two)() == 2"
    ),
    "addresses and encrypted connections": (
        "from django.core.validators import validate_ipv46_address as check; check('::1');"
        "import urllib.request, http.client; urllib.request.build_opener();"
        "http.client.HTTPSConnection('localhost')"
    ),
    "an async view's answer": (
        "from django.core.handlers.base import asyncio\n"
        "async def view(): pass\n"
        "answer = view(); assert asyncio.iscoroutine(answer) and not asyncio.iscoroutine(3)\n"
        "answer.close()"
    ),
    "time zones": (
        "import os, zoneinfo; assert 'PYTHONTZPATH' not in os.environ;"
        "import sysconfig; expected = sysconfig.get_config_var('TZPATH') or '';"
        "assert os.pathsep.join(zoneinfo.TZPATH) == os.pathsep.join("
        "p for p in expected.split(os.pathsep) if p)"
    ),
}  # fmt: skip


def test_the_version_of_the_task_backend_is_the_installed_one(tmp_path):
    looks = (
        "from djdesk.overlay import avoided_imports; avoided_imports.avoid()\n"
        "import sys, importlib.metadata, importlib as before\n"
        "from django.conf import settings; settings.configure()\n"
        "import django_tasks_db; assert 'importlib.metadata' not in sys.modules\n"
        "assert not hasattr(before, 'metadata')\n"
        "from importlib.metadata import PackageNotFoundError, version\n"
        "assert importlib.metadata.version('django_tasks_db') == django_tasks_db.__version__\n"
        "assert sys.modules['importlib.metadata'].__file__"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", looks],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("use", USES)
def test_whoever_asks_later_gets_the_module(use):
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{BEGIN}\n{USES[use]}"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_django_that_imports_a_part_of_one_is_imported_as_usual(tmp_path):
    (tmp_path / "newer.py").write_text("import multiprocessing.pool")
    done = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; sys.path.insert(0, sys.argv[1]); from djdesk.desktop import "
            "deferred_imports; deferred_imports.import_without(['newer']); import newer; "
            "newer.multiprocessing.pool.Pool",
            str(tmp_path),
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
