"""Ship as desktop app: what a project's files show, and creating the app's folder."""

from __future__ import annotations

import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from inspector import tasks
from inspector.models import Project, Scan, Section
from inspector.pages.history import snapshot_of
from inspector.projects import readiness
from inspector.tasks import queue_scan

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
CDN = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js"


@pytest.fixture
def shop(project_folder):
    """A project whose only page loads a script from elsewhere."""
    templates = project_folder / "config" / "templates"
    templates.mkdir()
    (templates / "base.html").write_text(f'<html>\n<script src="{CDN}"></script>\n</html>\n')
    settings = project_folder / "config" / "settings.py"
    settings.write_text(
        settings.read_text()
        + "from pathlib import Path\n"
        + "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates',"
        + " 'DIRS': [Path(__file__).parent / 'templates']}]\n"
    )
    return Project.objects.create(path=str(project_folder), name="shop")


def page(client, project, **query):
    return client.get(reverse("inspector:ship", args=[project.pk]), query)


def write(client, project, folder):
    url = reverse("inspector:ship-write", args=[project.pk])
    return client.post(url, {"folder": str(folder)})


def scan_of(project) -> Scan:
    """A scan as run by the worker, including the readiness check afterwards."""
    scan = queue_scan(project)
    tasks.run_scan.call(scan.pk)
    tasks.ask_readiness.call(scan.pk)
    scan.refresh_from_db()
    return scan


def test_after_a_scan_the_rules_are_asked(shop):
    scan = queue_scan(shop)
    tasks.run_scan.call(scan.pk)
    wanted = DBTaskResult.objects.filter(task_path__endswith="ask_readiness")
    assert [one.args_kwargs["args"] for one in wanted] == [[scan.pk]]


def test_a_project_is_judged_with_file_and_line(client, shop):
    scan = scan_of(shop)
    answer = page(client, shop).content.decode()
    assert ">B</strong>" in answer
    assert "with the limitations listed here" in answer
    assert "cdn.jsdelivr.net" in answer
    assert "config/templates/" in answer
    assert 'data-file="config/templates/base.html" data-line="2"' in answer
    assert "config.settings" in answer
    # It is not part of the scan's results.
    assert "readiness" not in snapshot_of(scan)["sections"]
    runs = client.get(reverse("inspector:runs", args=[shop.pk])).content.decode()
    assert ">readiness" not in runs


def test_before_the_answer_the_page_waits_for_it(client, scanned):
    project = scanned()
    assert "will appear here" in page(client, project).content.decode()
    scan = project.scans.get()
    scan.finished = timezone.now() - timedelta(hours=1)
    scan.save()
    answer = page(client, project).content.decode()
    assert "The last scan did not look for this" in answer
    assert "Scan again" in answer


def test_a_folder_that_is_no_project_any_more_says_why(client, scanned, tmp_path):
    project = scanned()
    tasks.ask_readiness.call(project.scans.get().pk)
    section = Section.objects.get(name=readiness.SECTION)
    assert not section.ok
    assert section.error["message"] in page(client, project).content.decode()


def test_the_folder_of_the_app_is_written_and_the_page_goes_on(client, shop, tmp_path):
    scan_of(shop)
    before = sorted(Path(shop.path).rglob("*"))
    folder = tmp_path / "shop desktop é"
    answer = write(client, shop, folder)
    assert answer.status_code == 302
    table = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["djdesk"]
    assert (folder / table["project"]).resolve() == Path(shop.path).resolve()
    assert table["settings"] == "config.settings"
    assert json.loads((folder / "readiness.json").read_text())["level"] == "B"
    assert sorted(Path(shop.path).rglob("*")) == before
    after = client.get(answer.url).content.decode()
    assert f"djdesk init &quot;{shop.path}&quot; --out &quot;{folder}&quot;" in after
    assert f"cd &quot;{folder}&quot;" in after
    assert "djdesk package</button>" in after, "up to what users install"
    guide = "/documents/docs/starter.html"
    assert f'<a href="{guide}">How to install them</a>' in after
    assert (ROOT / "docs/starter.md").is_file()
    assert "Make the decisions" not in after
    # Again: the folder is reused.
    assert write(client, shop, folder).status_code == 302


def test_what_has_to_be_decided_comes_before_the_commands(client, shop, tmp_path):
    scan_of(shop)
    section = Section.objects.get(name=readiness.SECTION)
    section.data = section.data | {"level": "C"}
    section.save()
    answer = write(client, shop, tmp_path / "app")
    assert "Make the decisions" in client.get(answer.url).content.decode()


def test_a_folder_that_holds_something_else_is_refused(client, shop, tmp_path):
    scan_of(shop)
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("x")
    for folder, why in (
        (taken, "is not empty"),
        (Path(shop.path) / "desktop", "lies inside the project"),
        ("desktop", "must begin at the root"),
    ):
        answer = write(client, shop, folder)
        assert answer.status_code == 400
        assert why in answer.content.decode()
    assert [file.name for file in taken.iterdir()] == ["thesis.txt"]
    assert not (Path(shop.path) / "desktop").exists()


def test_an_address_that_names_no_such_folder_is_not_believed(client, shop, tmp_path):
    scan_of(shop)
    answer = page(client, shop, folder=str(tmp_path)).content.decode()
    assert "--out" not in answer


def test_in_german(client, shop):
    scan_of(shop)
    with translation.override("de"):
        answer = client.get(
            reverse("inspector:ship", args=[shop.pk]), headers={"accept-language": "de"}
        ).content.decode()
    assert "Als Desktop-App ausliefern" in answer
    assert "Ordner der App" in answer
