"""A window's client, and workspaces with scans made from given sections."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inspector import facts
from inspector.models import Scan, Workspace


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
