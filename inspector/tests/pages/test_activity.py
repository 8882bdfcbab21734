"""Home: recent activity, and the order of many projects."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inspector.models import Command, Export, Project, Scan
from inspector.pages import activity
from inspector.pages.disambiguate import distinguishing_folders
from inspector.pages.rows import home_rows, in_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(tmp_path):
    return Project.objects.create(path=str(tmp_path / "other"), name="<other>")


def ended(model, minutes, **values):
    now = timezone.now() - timedelta(minutes=minutes)
    return model.objects.create(queued=now, finished=now, **values)


def test_newest_first_over_all_projects(client, project, other):
    ended(Scan, 30, project=project, status="complete")
    ended(Command, 20, project=project, title="Check", status="failed")
    ended(Scan, 10, project=other, status="cancelled")
    found = activity.recent()
    assert [(e.what, e.project_name, e.tone) for e in found] == [
        ("Scan", "<other>", "warning"),
        ("Check", "shop", "error"),
        ("Scan", "shop", "ok"),
    ]
    html = client.get("/").content.decode()
    assert "Recent activity" in html and "&lt;other&gt;" in html
    assert html.index(found[0].key) < html.index(found[2].key)


def test_every_line_leads_somewhere(client, project):
    ended(Scan, 3, project=project, status="partial")
    command = ended(Command, 2, project=project, title="Check", status="done")
    command.output.parent.mkdir(exist_ok=True)
    ended(Export, 1, project=project, kind="report", name="shop.html", status="failed")
    assert len(activity.recent()) == 3
    for event in activity.recent():
        page, _, anchor = event.url.partition("#")
        html = client.get(page).content.decode()
        assert not anchor or f'id="{anchor}"' in html


def test_the_latest_need_a_query_for_each_kind(project, other, django_assert_num_queries):
    for minutes in range(activity.SHOWN + 3):
        ended(Scan, minutes, project=project, status="failed")
        ended(Command, minutes, project=other, title="Check", status="time")
    with django_assert_num_queries(3):
        assert len(activity.recent()) == activity.SHOWN


def test_every_outcome_has_a_tone():
    kinds = (Scan, Command, Export)
    finals = {one for kind in kinds for one in set(kind.Status.values) - set(kind.ACTIVE)}
    assert finals == set(activity.TONES)


def test_nothing_happened_yet(client):
    html = client.get("/").content.decode()
    assert "Recent activity" not in html and 'data-fragment="activity"' in html


def test_the_fragment_alone(client, project):
    ended(Scan, 1, project=project, status="complete")
    html = client.get("/?fragment=activity").content.decode()
    assert html.strip().startswith('<section id="activity"') and "<html" not in html


def test_what_goes_on_changes_the_version_when_it_ends(project):
    scan = Scan.objects.create(project=project)
    before = activity.version(activity.recent())
    assert activity.recent()[0].tone == "active"
    scan.end(Scan.Status.COMPLETE)
    assert activity.version(activity.recent()) != before


def test_many_projects_can_be_filtered_and_sorted(client, tmp_path):
    Project.objects.create(path=str(tmp_path), name="shop")
    assert "projects-filter" not in client.get("/").content.decode()
    for name in ["zebra", "yak", "Ant", "bee", "cat", "dog", "emu", "fox"]:
        Project.objects.create(path=str(tmp_path / name), name=name)
    html = client.get("/").content.decode()
    assert "projects-filter" in html
    html = client.get("/?sort=name").content.decode()
    assert html.index(">Ant<") < html.index(">bee<") < html.index(">zebra<")
    rows = home_rows()
    assert in_order(rows, "nonsense") == rows
    assert client.get("/?sort=%3Cscript%3E").status_code == 200


def test_those_with_problems_come_first(project, other):
    warning = {"severity": "warning", "text": "x"}
    error = {"severity": "error", "text": "x"}
    ended(Scan, 2, project=project, status="complete", summary={"warnings": [warning] * 5})
    ended(Scan, 1, project=other, status="complete", summary={"warnings": [error]})
    assert [r.project.name for r in in_order(home_rows(), "problems")] == ["<other>", "shop"]


def test_projects_of_the_same_name_are_told_apart(client, project, other):
    scan = ended(Scan, 1, project=project, status="complete")
    assert distinguishing_folders(Project.objects.all()) == {}
    assert 'class="mono">in ' not in client.get("/").content.decode()
    for folder in ("/clients/acme/shop", "/clients/acme/old/shop", "/older/acme/shop"):
        Project.objects.create(path=folder, name="shop")
    namesakes = distinguishing_folders(Project.objects.all())
    assert set(namesakes) == set(Project.objects.filter(name="shop").values_list("pk", flat=True))
    assert {"clients/acme", "acme/old", "older/acme"} < set(namesakes.values())
    html = client.get("/", {"fragment": "activity"}).content.decode()
    assert scan.project.name in html and f"in {namesakes[project.pk]}</span>" in html


def test_folders_at_the_top_have_little_to_tell_apart(db):
    Project.objects.create(path="/shop", name="shop")
    Project.objects.create(path="/srv/shop", name="shop")
    assert set(distinguishing_folders(Project.objects.all()).values()) == {"/", "srv"}
