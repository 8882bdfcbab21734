"""What the first page of every start does not import: exports, lab, findings, scanner."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from django.urls import get_resolver

from inspector import urls

PROJECT = Path(__file__).resolve().parents[1]
FIRST_PAGE = """
import sys
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
from django.test import Client
from djdesk.desktop import launch
from djdesk.desktop.guard import TOKEN_HEADER
call_command("migrate", verbosity=0)
host = "127.0.0.1:8123"
launch.replace(launch.LaunchConfig("0" * 16, Path(sys.argv[1]), token="7" * 64, port=8123))
client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8123", HTTP_HOST=host,
    **{TOKEN_HEADER: "7" * 64})
assert b"</html>" in client.get("/").content
print(*sorted(sys.modules))
"""
LATER = (
    "inspector.exports", "inspector.lab", "inspector.facts", "inspector.run", "inspector.probe",
    "inspector.engine.stages", "inspector.views.overview", "djdesk.projects.discovery", "nbformat",
)  # fmt: skip


def test_the_first_page_needs_little(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE, str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=60, cwd=PROJECT,
        env=os.environ | {
            "DJANGO_SETTINGS_MODULE": "djdesk.overlay.settings",
            "DJDESK_APP": str(PROJECT), "DJDESK_DATA_DIR": str(tmp_path), "DJDESK_MODE": "packaged",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = done.stdout.split()
    assert "inspector.views.home" in found
    assert not [one for one in found if one.startswith(LATER)]


def test_every_address_has_its_view():
    """Views are imported with the first request, so users would be the first to
    notice a wrong name.
    """
    views = []
    for pattern in [*urls.urlpatterns, *urls.project_pages]:
        if callback := getattr(pattern, "callback", None):
            assert callable(getattr(import_module(callback.__module__), callback.__name__))
            views.append(callback.__module__)
    assert len(views) > 50 and "inspector.views.exports" in views
    assert get_resolver().reverse_dict
