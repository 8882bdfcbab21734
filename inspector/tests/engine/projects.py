"""Creates small Django projects for the engine's tests, and inspects them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import translation

from djdesk.desktop.message_translation import translated
from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import findings_of, snapshot

MANAGE = """\
import os, sys
def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
if __name__ == "__main__":
    main()
"""
SETTINGS = """\
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "x7!kQ-not-a-real-key-but-long-enough-for-checks-0123456789"
DEBUG = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "catalog"]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
TEMPLATES = """\
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
"""
URLS = "urlpatterns = []\n"
MODELS = """\
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=50)
"""


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below ``root``; returns it."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def make(root: Path, files: dict[str, str] | None = None, *, settings: str = "") -> Path:
    """A project that loads: ``files`` replace or add files, ``settings`` is appended."""
    base = {
        "manage.py": MANAGE,
        "shop/__init__.py": "",
        "shop/settings.py": SETTINGS + settings,
        "shop/urls.py": URLS,
        "catalog/__init__.py": "",
        "catalog/models.py": MODELS,
    }
    return write(root, {**base, **(files or {})})


def events(
    root: Path,
    *,
    trust: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
    **options: Any,
) -> list[dict[str, Any]]:
    """All events of an inspection with the Python that runs the tests."""
    project = find_project(root, python=sys.executable)
    return list(inspect(project, Options(trust=trust, **options), cancelled))


def scan(root: Path, *, trust: bool = False, **options: Any) -> dict[str, Any]:
    return snapshot(events(root, trust=trust, **options))


def static(root: Path, name: str) -> dict[str, Any]:
    """The data of one static section."""
    section = scan(root)["sections"][name]
    assert section["ok"], section
    data: dict[str, Any] = section["data"]
    return data


def model(root: Path, label: str) -> dict[str, Any]:
    return next(one for one in static(root, "models")["models"] if one["label"] == label)


def fields(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in row["fields"]}


def found_ids(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The findings of a snapshot by id."""
    return {one["id"]: one for one in findings_of(result)}


def german(text: str) -> bool:
    """Whether this engine message has a German translation."""
    with translation.override("de"):
        return translated(text) != text
