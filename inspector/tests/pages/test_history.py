"""Comparisons of scans, their summary on the overview, and findings."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from inspector import facts, tasks
from inspector.models import Project, Scan
from inspector.pages.history import counted, read
from inspector.tasks import queue_scan

from . import data

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"

FOUND = {
    "models": {
        "added": [{"key": "shop.Page", "text": "shop.Page", "file": "shop/models.py", "line": 9}],
        "removed": [{"key": "shop.Old", "text": "shop.Old", "file": None, "line": None}],
        "changed": [
            {"key": "shop.Book", "text": "shop.Book.title", "file": "shop/models.py", "line": 4}
            | {"changes": {"max_length": [80, 120], "null": [False, True], "help": [None, "x"]}}
        ],
    },
    "urls": {"added": [], "removed": [], "changed": []},
    "skipped": {"checks": "One of the scans did not run the project."},
}
FINDING = {
    "id": "migrations.pending",
    "severity": "warning",
    "title": "Migrations are not applied",
    "text": "2 in shop.",
    "why": "The tables are older than the models.",
    "facts": [{"text": "shop.0002_more", "section": "migrations", "file": "a.py", "line": 1}],
    "more": 3,
    "file": None,
    "line": None,
    "section": "databases",
}


@pytest.fixture
def twice(scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    now = timezone.now()
    scan = Scan.objects.create(
        project=project, status="complete", started=now, finished=now, trusted=True
    )
    found = data.models(data.model("shop.Book"), data.model("shop.Page"))
    scan.sections.create(name="models", source="live", ok=True, data=found)
    return project


def difference(client, project, old, new):
    url = reverse("inspector:difference", args=[project.pk])
    return client.get(url, {"old": old, "new": new})


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "²", "0"])
def test_what_is_no_scan_is_not_found(client, twice, value):
    assert difference(client, twice, value, twice.scans.first().pk).status_code == 404


def test_a_scan_of_another_project_is_not_found(client, twice):
    other = Project.objects.create(path="/elsewhere", name="other")
    foreign = Scan.objects.create(project=other, status="complete")
    assert difference(client, twice, foreign.pk, twice.scans.first().pk).status_code == 404


def test_a_scan_without_results_is_not_compared(client, twice):
    failed = Scan.objects.create(project=twice, status="failed")
    assert difference(client, twice, failed.pk, twice.scans.last().pk).status_code == 404


def test_the_earlier_one_is_the_old_one_whatever_the_order(client, twice, monkeypatch):
    seen = []

    def diff(old, new):
        seen.append([len(s["sections"]["models"]["data"]["models"]) for s in (old, new)])
        return FOUND

    monkeypatch.setattr(facts, "diff", diff)
    new, old = (scan.pk for scan in twice.scans.all())
    for pair in ((old, new), (new, old)):
        html = difference(client, twice, *pair).content.decode().replace("<wbr>", "")
        assert "Models <span" in html and "shop/models.py:9" in html
        assert "<del>80</del> <ins>120</ins>" in html and "<del>no</del> <ins>yes</ins>" in html
        assert "<del>nothing</del>" in html and "did not run the project" in html
    assert seen == [[1, 2], [1, 2]]


def test_the_same_scan_twice(client, twice):
    pk = twice.scans.first().pk
    assert b"same scan twice" in difference(client, twice, pk, pk).content


def test_hostile_texts_stay_text(client, twice, monkeypatch):
    row = {"key": EVIL, "text": EVIL, "file": EVIL, "line": 1, "changes": {EVIL: [EVIL, EVIL]}}
    found = {EVIL: {"added": [row], "removed": [row], "changed": [row]}, "skipped": {EVIL: EVIL}}
    monkeypatch.setattr(facts, "diff", lambda old, new: found)
    new, old = (scan.pk for scan in twice.scans.all())
    assert EVIL not in difference(client, twice, old, new).content.decode()


def test_long_lists_are_cut_and_counted():
    rows = [{"key": str(n), "text": str(n)} for n in range(900)]
    (one,), _ = read({"models": {"added": rows, "removed": [], "changed": []}, "skipped": {}})
    assert len(one.added) == 500 and one.left_out == 400 and one.total == 900


def test_what_is_kept_is_counted():
    assert counted(FOUND) == [{"section": "models", "added": 1, "removed": 1, "changed": 1}]


def test_the_overview_says_what_changed_and_leads_to_it(client, twice):
    new, old = twice.scans.all()
    new.differences, new.compared_with = counted(FOUND), old
    new.save()
    html = client.get(twice.get_absolute_url()).content.decode()
    assert "Since the last scan" in html and f"?old={old.pk}&amp;new={new.pk}" in html
    html = client.get(reverse("inspector:runs", args=[twice.pk])).content.decode()
    assert "Show the differences" in html and "+1" in html


def test_findings_are_ranked_with_why_facts_and_place(client, twice):
    scan = twice.scans.first()
    scan.findings = [FINDING, FINDING | {"id": "x", "title": EVIL, "text": EVIL, "why": EVIL}]
    scan.save()
    html = client.get(twice.get_absolute_url()).content.decode()
    assert "The tables are older" in html and "shop.0002_more" in html and "and 3 more" in html
    assert reverse("inspector:migrations", args=[twice.pk]) in html
    assert EVIL not in html


def test_real_findings_and_differences_of_a_real_project(client, project_folder):
    project = Project.objects.create(path=str(project_folder), name="shop")
    tasks.run_scan.call(queue_scan(project).pk)
    settings = project_folder / "config" / "settings.py"
    settings.write_text(settings.read_text() + "DEBUG = True\n")
    tasks.run_scan.call(queue_scan(project).pk)
    new, old = project.scans.all()
    assert [d["section"] for d in new.differences] == ["settings"]
    html = difference(client, project, old.pk, new.pk).content.decode()
    assert "DEBUG" in html and "Settings" in html
    assert new.findings and new.findings[0]["title"] in client.get(
        project.get_absolute_url()
    ).content.decode().replace("&#x27;", "'")


def test_a_scan_keeps_its_findings_and_its_differences(project_folder, monkeypatch):
    monkeypatch.setattr(facts, "findings_of", lambda snapshot: [FINDING])
    monkeypatch.setattr(facts, "diff", lambda old, new: FOUND)
    project = Project.objects.create(path=str(project_folder), name="shop")
    for _ in range(2):
        tasks.run_scan.call(queue_scan(project).pk)
    new, old = project.scans.all()
    assert old.findings == [FINDING] and old.differences == [] and old.compared_with is None
    assert new.compared_with == old and new.differences == counted(FOUND)


@pytest.mark.parametrize("ran", [False, True])
def test_what_is_new_since_the_last_scan_comes_first(client, project_folder, monkeypatch, ran):
    """Compared with a scan that ran the project's code, a static one has nothing new."""
    place = {"text": "a.html", "section": "templates", "file": "b.py", "line": 2}
    fresh = FINDING | {"id": "templates.missing", "text": "1 in shop.", "facts": [place]}
    found = [[FINDING], [FINDING, fresh]]
    monkeypatch.setattr(facts, "findings_of", lambda snapshot: found.pop(0))
    project = Project.objects.create(path=str(project_folder), name="shop")
    tasks.run_scan.call(queue_scan(project).pk)
    project.scans.update(trusted=ran)
    tasks.run_scan.call(queue_scan(project).pk)
    new = project.scans.first()
    html = client.get(project.get_absolute_url()).content.decode()
    if ran:
        assert new.findings == [FINDING, fresh] and '<span class="tag">new</span>' not in html
    else:
        assert new.findings == [fresh | {"new": True}, FINDING]
        assert html.count('<span class="tag">new</span>') == 1


def test_a_scan_is_complete_without_them(project_folder, monkeypatch):
    def broken(*args):
        raise RuntimeError("cannot weigh this")

    monkeypatch.setattr(facts, "findings_of", broken)
    project = Project.objects.create(path=str(project_folder), name="shop")
    tasks.run_scan.call(queue_scan(project).pk)
    assert project.scans.get().status == "complete"


MAIN = {"branch": "main", "commit": "1a2b3c4d5e" + "0" * 30}
SIDE = {"branch": "feature/a", "commit": "9f8e7d6c5b" + "0" * 30}


def looked_at(scan, git):
    scan.discovered = scan.discovered | {"git": git}
    scan.save(update_fields=["discovered"])
    return scan


def test_branches_and_commits_name_their_newest_scan(client, twice):
    second, first = twice.scans.all()
    looked_at(second, SIDE)
    looked_at(first, MAIN)
    for old, new in (("main", "feature/a"), ("1a2b3c4", "9f8e7d6c5b"), ("feature/a", "main")):
        page = difference(client, twice, old, new)
        assert page.status_code == 200
        scans = {"main": first, "1a2b3c4": first}
        assert page.context["old"] == scans.get(old, second), "in the order of the address"
        assert page.context["new"] == scans.get(new, second)
        assert "feature/a, 9f8e7d6c5" in page.content.decode()


@pytest.mark.parametrize("name", ["other", "1a2b3c", "g" * 40, "%", "main "])
def test_a_branch_or_commit_without_a_scan_is_not_found(client, twice, name):
    looked_at(twice.scans.last(), MAIN)
    assert difference(client, twice, name, "main").status_code == 404


def test_history_says_what_was_checked_out_and_offers_it_for_comparing(client, twice):
    url = reverse("inspector:runs", args=[twice.pk])
    assert "optgroup" not in client.get(url).content.decode()
    looked_at(twice.scans.first(), SIDE)
    looked_at(twice.scans.last(), MAIN | {"branch": ""})
    page = client.get(url).content.decode()
    assert "feature/a, 9f8e7d6c5" in page
    assert '<option value="feature/a">' in page
    assert f'<option value="{MAIN["commit"]}">' in page
    looked_at(twice.scans.first(), {"branch": EVIL, "commit": ""})
    assert EVIL not in client.get(url).content.decode()


def test_the_overview_and_the_report_say_what_was_checked_out(client, twice):
    from inspector.lab.report import report
    from inspector.pages.history import snapshot_of

    scan = looked_at(twice.scans.first(), MAIN)
    assert "main, 1a2b3c4d5" in client.get(twice.get_absolute_url()).content.decode()
    assert "main, 1a2b3c4d5" in report(snapshot_of(scan))
    assert "Git" not in report(snapshot_of(looked_at(scan, None)))
