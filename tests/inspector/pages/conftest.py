"""A window's client, and workspaces with scans made from given sections."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from djdesk.desktop import launch
from djdesk.desktop.launch import LaunchConfig
from inspector import facts
from inspector.models import Scan, Workspace

TOKEN = "7" * 64
PORT = 8123


@pytest.fixture
def client(settings, monkeypatch):
    """The window: the token is in the header of every request."""
    config = LaunchConfig(launch_id="0" * 16, data_dir=settings.DATA_DIR, token=TOKEN, port=PORT)
    monkeypatch.setattr(launch, "_current", config)
    return Client(
        SERVER_NAME="127.0.0.1",
        SERVER_PORT=str(PORT),
        HTTP_HOST=f"127.0.0.1:{PORT}",
        HTTP_X_DJDESK_TOKEN=TOKEN,
    )


@pytest.fixture
def project_folder(tmp_path):
    """A folder that discovery takes for a Django project."""
    root = tmp_path / "shop"
    (root / "config").mkdir(parents=True)
    (root / "manage.py").write_text(
        'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n'
        "from django.core.management import execute_from_command_line\n"
    )
    (root / "config" / "__init__.py").touch()
    (root / "config" / "settings.py").write_text(
        'SECRET_KEY = "x"\nINSTALLED_APPS = []\nROOT_URLCONF = "config.urls"\n'
    )
    (root / "config" / "urls.py").write_text("urlpatterns = []\n")
    return root


@pytest.fixture
def workspace(db, tmp_path):
    return Workspace.objects.create(path=str(tmp_path), name="shop")


@pytest.fixture
def scanned(workspace):
    """``scanned(models={...})``: the workspace with one complete scan of these sections."""

    def make(source="live", status="complete", project=None, **sections):
        now = timezone.now()
        scan = Scan.objects.create(
            workspace=workspace,
            status=status,
            started=now,
            finished=now,
            trusted=source == "live",
            project=project or {"root": workspace.path, "name": workspace.name},
        )
        for name, data in sections.items():
            scan.sections.create(name=name, source=source, ok=True, seconds=0.1, data=data)
        events = [s.as_event() for s in scan.sections.all()]
        scan.summary = facts.summarize(facts.snapshot(events))
        scan.save()
        return workspace

    return make
