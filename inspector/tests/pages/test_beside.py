"""Two projects compared: the text says which of them has a row."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from inspector.models import Project
from inspector.pages.compare_projects import choices, parts

from . import data

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def settings(**values):
    rows = [
        {"name": name, "value": value, "file": "config/settings.py", "line": 3}
        for name, value in values.items()
    ]
    return {"variables": rows}


@pytest.fixture
def other(db, tmp_path):
    folder = tmp_path / "there" / "shop"
    folder.mkdir(parents=True)
    return Project.objects.create(path=str(folder), name="kiosk")


def scan(project, source="live", **sections):
    now = timezone.now()
    one = project.scans.create(status="complete", started=now, finished=now)
    for name, found in sections.items():
        one.sections.create(name=name, source=source, ok=True, data=found)
    return one


@pytest.fixture
def both(project, other):
    scan(
        project,
        models=data.models(
            data.model("shop.Book", data.field("title", max_length=50), data.field("old")),
            data.model("shop.Old"),
        ),
        urls=data.urls(data.route("a/", "a"), data.route("b/", "b")),
        settings=settings(DEBUG="True", SAME="1"),
    )
    scan(
        other,
        models=data.models(
            data.model("shop.Book", data.field("title", max_length=90)), data.model("shop.New")
        ),
        urls=data.urls(data.route("a/", "a"), data.route("c/", "c")),
        settings=settings(DEBUG="False", SAME="1"),
    )
    return project, other


def get(client, project, **query):
    return client.get(reverse("inspector:beside", args=[project.pk]), query)


def rows(part):
    return {row.text: row.where for row in part.rows}


def test_each_row_says_which_project_it_is_in(client, both):
    left, right = both
    html = get(client, left, **{"with": right.pk}).content.decode().replace("<wbr>", "")
    assert "shop compared with kiosk" in html and "added" not in html and "removed" not in html
    body = html.partition('id="beside-models"')[2].partition("</table>")[0]
    for text, where in (("shop.Old", "left"), ("shop.New", "right")):
        row = next(one for one in body.split("<tr ")[1:] if text in one)
        assert f'data-where="{where}"' in row
        sides = re.findall(r'<td class="side">(.*?)</td>', row, re.S)
        assert ["not there" in side for side in sides] == [where == "right", where == "left"]
    assert "Only in shop (1)" in html and "Only in kiosk (1)" in html
    assert '<span class="mono">True</span>' in html and '<span class="mono">False</span>' in html


def test_parts_count_what_is_the_same_and_fields_are_of_models_in_both(both):
    left, right = (one.scans.get() for one in both)
    found = {part.name: part for part in parts(left, right)}
    assert rows(found["models"]) == {"shop.Old": "left", "shop.New": "right"}
    assert (found["models"].same, found["models"].total) == (1, 2)
    assert rows(found["fields"]) == {
        "shop.Book.title (CharField)": "both",
        "shop.Book.old (CharField)": "left",
    }
    assert found["fields"].same == 1, "the key"
    assert found["fields"].rows[0].changes == [("max_length", 50, 90)]
    assert rows(found["settings"]) == {"DEBUG": "both"} and found["settings"].same == 1
    assert choices(found["settings"], "A", "B") == [("both", 1, "Different")]
    apps = found["apps"]
    assert (apps.source, apps.missing, apps.halved) == ("", ["left", "right"], False)


def test_files_of_the_other_project_are_whole_paths_that_no_editor_opens(client, both):
    left, right = both
    html = get(client, left, **{"with": right.pk}).content.decode()
    body = html.partition('id="beside-models"')[2].partition("</table>")[0]
    ours, theirs = (one for one in re.findall(r"<button[^>]*>", body))
    assert 'data-file="shop/models.py"' in ours
    assert f'data-copy="{right.path}/shop/models.py:7"' in theirs and "data-file" not in theirs


def test_where_one_has_not_run_the_files_of_both_are_compared(client, both):
    left, right = both
    for project in both:
        project.scans.get().sections.filter(name="urls").update(source="static")
    left.scans.get().sections.create(name="urls", source="live", ok=True, data=data.urls())
    found = {part.name: part for part in parts(left.scans.get(), right.scans.get())}
    assert found["urls"].source == "static" and found["urls"].halved
    assert rows(found["urls"]) == {"/b/ (b)": "left", "/c/ (c)": "right"}
    assert b"compares the files of both" in get(client, left, **{"with": right.pk}).content
    right.scans.get().sections.filter(name="urls").delete()
    html = get(client, left, **{"with": right.pk}).content.decode()
    assert "The scan of kiosk does not have them" in html


def test_a_scan_of_each_can_be_chosen_and_a_number_of_another_project_is_not_one(client, both):
    left, right = both
    newer = scan(right, models=data.models())
    page = get(client, left, **{"with": right.pk})
    assert page.context["new"] == newer
    older = right.scans.order_by("pk").first()
    assert get(client, left, **{"with": right.pk, "scan": older.pk}).context["new"] == older
    foreign = left.scans.get().pk
    assert get(client, left, **{"with": right.pk, "scan": foreign}).context["new"] == newer


def test_projects_of_the_same_name_are_told_apart_by_their_folders(client, both):
    left, right = both
    Project.objects.filter(pk=right.pk).update(name=left.name)
    page = get(client, left, **{"with": right.pk})
    assert page.context["name"] != page.context["other_name"] == "shop (there)"


def test_what_is_no_project_with_results_is_not_found(client, both):
    left, right = both
    empty = Project.objects.create(path="/empty", name="empty")
    for wanted in ("x", "0", left.pk, empty.pk, "²"):
        assert get(client, left, **{"with": wanted}).status_code == 404
    right.removed = timezone.now()
    right.save()
    assert get(client, left, **{"with": right.pk}).status_code == 404


def test_without_a_second_project_or_a_scan_it_says_what_to_do(client, project, other):
    assert b"Not scanned yet" in get(client, project).content
    scan(project)
    assert b"There is no second project" in get(client, project).content
    scan(other)
    html = get(client, project).content.decode()
    assert "Both folders stay as they are" in html and 'id="beside-with"' in html


def test_hostile_names_stay_text(client, both):
    left, right = both
    Project.objects.filter(pk=right.pk).update(name=EVIL)
    scan(right, models=data.models(data.model(f"shop.{EVIL}", file=EVIL)))
    assert EVIL not in get(client, left, **{"with": right.pk}).content.decode()
