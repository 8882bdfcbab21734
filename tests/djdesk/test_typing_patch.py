"""The patch for type checkers is skipped, and applied for a project that asks for it."""

import subprocess
import sys

import django
import pytest

START = "import django; django.setup(); import sys; from django.contrib.admin import ModelAdmin; "


def run(code):
    return subprocess.run(
        [sys.executable, "-c", START + code], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(django.VERSION < (6, 0), reason="the backport of tasks wants the patch")
def test_no_process_pays_for_it():
    done = run(
        "import django_tasks_db.admin; assert 'django_stubs_ext.patch' not in sys.modules; "
        "assert not hasattr(sys.modules['typing_extensions'], '__file__'); "
        "from django_tasks_db.models import DBTaskResult"
    )
    assert done.returncode == 0, done.stderr


def test_a_project_that_asks_for_it_has_it():
    done = run(
        "import django_stubs_ext; django_stubs_ext.monkeypatch(); ModelAdmin[int]; "
        "assert 'django_stubs_ext.patch' in sys.modules; "
        "from typing_extensions import ParamSpec, deprecated; "
        "assert sys.modules['typing_extensions'].__file__"
    )
    assert done.returncode == 0, done.stderr
