"""Small Django projects for the tests of ``djdesk init``."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from djdesk import cli
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.tools.init.dependencies import install, resolve
from djdesk.tools.init.find import find

MANAGE = """
    import os, sys
    if __name__ == "__main__":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
        from django.core.management import execute_from_command_line
        execute_from_command_line(sys.argv)
"""
SETTINGS = """
    from pathlib import Path
    BASE_DIR = Path(__file__).resolve().parent.parent
    SECRET_KEY = "x"
    INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
    ROOT_URLCONF = "shop.urls"
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db"}}
"""
URLS = """
    from django.http import HttpResponse
    from django.urls import path
    urlpatterns = [path("", lambda request: HttpResponse("<title>Shop</title>"))]
"""


def make(root: Path, files: dict[str, str] | None = None, *, settings: str = "") -> Path:
    """A project ``shop`` in ``root``; ``settings`` is appended to its settings."""
    plain = textwrap.dedent(SETTINGS) + textwrap.dedent(settings)
    whole = {"manage.py": MANAGE, "shop/__init__.py": "", "shop/urls.py": URLS,
             "shop/settings.py": plain, **(files or {})}  # fmt: skip
    for name, text in whole.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def look_at(root: Path, module: str | None = None) -> Look:
    project = find(root, settings=module, manage=None)
    assert project.settings is not None
    return Look(root, project, module or project.settings.module)


def ask(rule, root: Path, *more):
    """(draft's values, decisions) of a rule."""
    draft = Draft()
    return draft.values, rule(look_at(root), draft, *more)


def state(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """A value that changes with anything below ``root``."""
    return {
        file.relative_to(root).as_posix(): (
            file.stat().st_mtime_ns,
            file.stat().st_mode,
            file.read_bytes() if file.is_file() else b"",
        )
        for file in sorted(root.rglob("*"))
    }


@pytest.fixture
def here(monkeypatch):
    """Resolving and installing need a network: use these tests' own environment instead."""

    def made(folder, python, text, newer, older):
        (folder / ".venv").mkdir(exist_ok=True)
        return text, []

    monkeypatch.setattr(resolve, "resolve", lambda *asked: resolve.Resolved("", {}))
    monkeypatch.setattr(install, "make", made)
    monkeypatch.setattr(install, "python_of", lambda folder: Path(sys.executable))
    monkeypatch.setattr(install, "missing_wheels", lambda folder, text, python: {})


def init(*arguments: object) -> int:
    return cli.main(["init", *map(str, arguments)])
