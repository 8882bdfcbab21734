"""A window's client, and projects with scans of given sections."""

from __future__ import annotations

import sys

import pytest
from django.utils import timezone

from inspector import facts
from inspector.models import Project, Scan

from . import data
from .exporting import EVIL


@pytest.fixture
def project_folder(tmp_path):
    """A folder that discovery accepts as a Django project."""
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
def project(db, tmp_path):
    return Project.objects.create(path=str(tmp_path), name="shop")


@pytest.fixture
def scanned(project):
    """``scanned(models={...})``: the project with one complete scan of these sections."""

    def make(source="live", status="complete", discovered=None, **sections):
        now = timezone.now()
        scan = Scan.objects.create(
            project=project,
            status=status,
            started=now,
            finished=now,
            trusted=source == "live",
            discovered=discovered or {"root": project.path, "name": project.name},
        )
        for name, content in sections.items():
            scan.sections.create(name=name, source=source, ok=True, seconds=0.1, data=content)
        events = [s.as_event() for s in scan.sections.all()]
        scan.summary = facts.summarize(facts.snapshot(events))
        scan.save()
        return project

    return make


@pytest.fixture
def exports(settings, tmp_path):
    """A separate exports folder for each test."""
    settings.DATA_DIR = tmp_path / "data"
    (settings.DATA_DIR / "exports").mkdir(parents=True)
    return settings.DATA_DIR / "exports"


@pytest.fixture
def shop(scanned):
    """A scanned project whose names would act as formulas and tags if not escaped."""
    return scanned(
        models=data.models(data.model("shop.Part", data.field("=SUM(A1)"), verbose_name=EVIL)),
        urls=data.urls(data.route("parts/")),
    )


@pytest.fixture
def trusted(project_folder):
    manage = project_folder / "manage.py"
    manage.write_text(manage.read_text() + "import sys\nexecute_from_command_line(sys.argv)\n")
    project = Project.objects.create(path=str(project_folder), name="shop", python=sys.executable)
    project.trust(sys.executable)
    project.save()
    return project


@pytest.fixture
def own(trusted, project_folder):
    """One of the project's own management commands, known to the last scan: ``own(body)``."""

    def make(body):
        folder = project_folder / "shop" / "management" / "commands"
        folder.mkdir(parents=True)
        for package in (folder, folder.parent, folder.parent.parent):
            (package / "__init__.py").touch()
        (folder / "work.py").write_text(
            "import sys, time, os\nfrom django.core.management.base import BaseCommand\n\n\n"
            f"class Command(BaseCommand):\n    def handle(self, **options):\n        {body}\n"
        )
        settings = project_folder / "config" / "settings.py"
        settings.write_text(settings.read_text().replace("APPS = []", 'APPS = ["shop"]'))
        scan = trusted.scans.create(status="complete")
        scan.sections.create(
            name="commands",
            source="static",
            ok=True,
            data={"commands": [{"name": "work", "origin": "project"}]},
        )
        trusted.safe_commands = ["work"]
        trusted.save()
        return trusted

    return make
