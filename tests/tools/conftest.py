"""An app and a staged backend, for the staging tests."""

import sys
from pathlib import Path

import pytest

from djdesk.app import App, load
from djdesk.tools.new import make_app
from djdesk.tools.stage.places import Backend


@pytest.fixture
def app(tmp_path: Path) -> App:
    return load(make_app("shelf", tmp_path))


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    """A small tree in the layout of a staged backend, with files to prune."""
    made = Backend(tmp_path / "back end é")
    library = made.home / "lib" / "python3.13"
    for name, text in {
        "os.py": "x = {'b', 'a', 'c'}\n",
        "tkinter/__init__.py": "",
        "test/test_os.py": "",
        "json/tests/test_x.py": "",
        "site-packages/pip/__init__.py": "",
        "site-packages/django/__init__.py": "def f(a=1):\n    return {1, 2, a}\n",
        "site-packages/django/contrib/gis/__init__.py": "",
        "site-packages/django/conf/locale/en/LC_MESSAGES/django.mo": "en",
        "site-packages/django/conf/locale/de/LC_MESSAGES/django.mo": "de",
        "site-packages/django/conf/locale/fr/LC_MESSAGES/django.mo": "fr",
        "site-packages/django-6.1.dist-info/RECORD": "",
        "site-packages/django-6.1.dist-info/METADATA": "Name: Django\nVersion: 6.1\n",
    }.items():
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_text(text)
    (made.home / "include").mkdir()
    (made.home / "include" / "Python.h").write_text("")
    (made.home / "bin").mkdir()
    (made.home / "bin" / "python3").symlink_to(sys.executable)
    (made.home / "bin" / "pip3").write_text("")
    return made
