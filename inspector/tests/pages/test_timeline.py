"""The timeline: numbers of each stored scan, and links to the changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from inspector.facts import summarize
from inspector.models import PastScan, Scan
from inspector.pages.timeline import MEASURES, lines, steps

from . import data

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def scan(project):
    """``scan(models=3, source="live")``: one more scan with this count."""
    made = []

    def make(source="live", status="complete", git=None, attention=None, **counts):
        when = BEGAN + timedelta(days=len(made))
        one = Scan.objects.create(
            project=project,
            status=status,
            started=when,
            finished=when,
            discovered={"git": git},
            summary={"counts": counts, "attention": attention or {}},
            compared_with=made[-1] if made else None,
        )
        one.sections.create(name="models", source=source, ok=True, data=data.models())
        made.append(one)
        return one

    return make


@pytest.fixture
def page(client, project):
    url = reverse("inspector:timeline", args=[project.pk])
    return lambda: client.get(url).content.decode().replace("<wbr>", "")


def column(found, name):
    at = [key for key, _ in MEASURES].index(name)
    return [(step.counts[at].value, step.counts[at].change) for step in found]


def test_without_a_result_it_says_what_to_do(page, scan):
    assert "No scan with results yet" in page()
    scan(status="failed")
    assert "No scan with results yet" in page() and 'id="timeline"' not in page()


def test_one_scan_has_nothing_to_be_compared_with(page, scan, project):
    one = scan(models=3)
    html = page()
    assert f'id="step-{one.pk}"' in html and "difference/" not in html and "<polyline" not in html
    assert "the first one" in html and "With the next scan" in html
    assert lines(steps(project)) == []


def test_each_step_says_what_it_counted_and_leads_to_its_comparison(page, scan, project):
    first = scan(models=3, fields=20, attention={"error": 1, "info": 2})
    second = scan(
        models=5, fields=18, drift=1, attention={}, git={"branch": "side", "commit": "a" * 40}
    )
    second.differences = [{"section": "models", "added": 2, "removed": 0, "changed": 1}]
    second.save()
    found = steps(project)
    assert [step.scan.number for step in found] == [second.pk, first.pk]
    assert column(found, "models") == [(5, 2), (3, 0)]
    assert column(found, "fields") == [(18, -2), (20, 0)]
    assert column(found, "drift") == [(1, 0), (None, 0)]
    assert column(found, "findings") == [(0, -3), (3, 0)]
    html = page()
    assert f"?old={first.pk}&amp;new={second.pk}" in html and "side, aaaaaaaaa" in html
    assert '<span class="plus">+2</span>' in html
    assert html.count("<polyline") == 3, "models, fields and findings; drift was told once"


def test_a_number_read_in_another_way_has_not_gone_up(scan, project):
    scan("static", routes=3)
    scan("live", routes=40)
    scan("live", routes=41)
    assert column(steps(project), "routes") == [(41, 1), (40, 0), (3, 0)]
    (routes, _findings) = lines(steps(project))
    assert (routes.first, routes.last, len(routes.parts)) == (40, 41, 2)


def test_a_scan_whose_predecessor_is_gone_says_that_it_was_not_counted(page, scan):
    scan(models=1)
    middle = scan(models=2)
    scan(models=3)
    middle.delete()
    assert "not counted" in page()


def test_of_a_deleted_scan_the_numbers_stay(page, scan, project, monkeypatch):
    monkeypatch.setattr("inspector.models.scan.KEPT", 2)
    first = scan("static", models=1, attention={"error": 1}, git={"branch": "old", "commit": ""})
    scan(status="failed")
    second = scan(models=2)
    second.differences = [{"section": "models", "added": 7, "removed": 0, "changed": 0}]
    second.summary["compared_with"] = first.pk
    second.save()
    scan(models=4)
    last = scan(models=3)
    Scan.objects.forget_old(project)
    Scan.objects.forget_old(project)
    assert Scan.objects.count() == 2 and project.past_scans.count() == 2
    found = steps(project)
    assert column(found, "models") == [(3, -1), (4, 2), (2, 0), (1, 0)]
    assert [step.scan.source for step in found] == ["live", "live", "live", "static"]
    html = page()
    assert html.count("difference/?old=") == 1, "only scans that are stored can be compared"
    assert f"?old={last.pk - 1}&amp;new={last.pk}" in html
    assert '<span class="plus">+7</span>' in html and ">old<" in html
    assert "only these numbers are kept" in html


def test_numbers_are_not_kept_for_ever_and_go_with_the_project(scan, project, monkeypatch):
    monkeypatch.setattr("inspector.models.scan.KEPT", 1)
    monkeypatch.setattr("inspector.models.past_scan.KEPT", 2)
    for models in range(5):
        scan(models=models)
        Scan.objects.forget_old(project)
    assert [one.counts["models"] for one in project.past_scans.all()] == [2, 3]
    project.delete()
    assert PastScan.objects.count() == 0


def test_no_picture_before_two_scans_were_read_in_the_same_way(scan, project):
    scan("static", routes=3)
    scan("live", routes=40)
    assert lines(steps(project)) == []


def test_lines_stay_in_the_picture_and_break_where_nothing_was_told(scan, project):
    for models in (1, None, 5, 3):
        scan(models=models, fields=7)
    models, fields, _findings = lines(steps(project))
    assert (models.first, models.last, len(models.parts)) == (1, 3, 2)
    assert models.parts[0] == "4.0,44.0 4.0,44.0", "one number alone is a dot"
    assert models.parts[1].split()[0].endswith(",4.0"), "the highest one at the top"
    assert {point.split(",")[1] for point in fields.parts[0].split()} == {"24.0"}


def test_a_hundred_scans_are_a_hundred_rows_in_five_queries(
    page, scan, project, django_assert_max_num_queries
):
    for n in range(100):
        scan(models=n, git={"branch": "main", "commit": f"{n:040x}"})
    with django_assert_max_num_queries(5):
        found = steps(project)
        assert len(found) == 100 and column(found, "models")[0] == (99, 1)
    html = page()
    assert html.count('id="step-') == 100 and html.count("difference/?old=") == 99


def test_hostile_branches_stay_text(page, scan):
    evil = "<script>alert(1)</script>"
    scan(git={"branch": evil, "commit": ""})
    assert evil not in page()


def test_drift_is_counted_in_own_apps_unless_makemigrations_is_replaced():
    def counted(**more):
        found = {"overridden": [], "apps": {}} | more
        section = {"ok": True, "source": "live", "data": found}
        snapshot = {"project": {}, "sections": {"drift": section}, "changed": []}
        return summarize(snapshot)["counts"]["drift"]

    op = {"text": "Add field x", "file": None, "line": None}
    own = {"origin": "project", "ops": [op, op]}
    assert counted(apps={"a": own, "b": own | {"origin": "third-party"}}) == 2
    assert counted() == 0
    assert counted(apps={"a": own}, overridden=["x"]) is None
    assert summarize({"project": {}, "sections": {}})["counts"]["drift"] is None
