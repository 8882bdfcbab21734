"""A finding is dismissed with a reason, returns with new evidence, and all counts agree."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from inspector import cli, facts, tasks
from inspector.facts import baseline
from inspector.lab.report import context
from inspector.models import Project, Scan
from inspector.pages.history import snapshot_of
from inspector.tasks import queue_scan

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def opened(project_folder):
    """A project with two declared, unpinned packages: one finding with two facts."""
    (project_folder / "requirements.txt").write_text("alpha\nbeta\n")
    project = Project.objects.create(path=str(project_folder), name="shop")
    scan(project)
    return project


def scan(project):
    tasks.run_scan.call(queue_scan(project).pk)


def url(name, project):
    return reverse(f"inspector:{name}", args=[project.pk])


def dismiss(client, project, reason="We pin in the image.", id="packages.unpinned", **more):
    values = {"id": id, "severity": "info", "reason": reason} | more
    return client.post(url("dismiss", project), values, follow=True).content.decode()


def known(client, project):
    """Titles listed as something to know or do, without dismissed ones."""
    html = client.get(project.get_absolute_url()).content.decode()
    return html.partition('id="dismissed"')[0]


def ids(project):
    project.refresh_from_db()
    return [one["id"] for one in facts.findings_of(snapshot_of(project.scans.first()))]


def test_a_dismissed_finding_is_listed_with_its_reason_and_can_come_back(client, opened):
    assert "packages are not pinned" in known(client, opened)
    before = opened.scans.first().problems.get("info", 0)
    html = dismiss(client, opened)
    assert "We pin in the image." in html and "Dismissed findings" in html
    assert "packages are not pinned" not in known(client, opened)
    assert opened.scans.first().problems.get("info", 0) == before - 1
    opened.refresh_from_db()
    (row,) = opened.dismissed
    client.post(url("bring-back", opened), {"when": row["when"]})
    assert "packages are not pinned" in known(client, opened)
    assert opened.scans.first().problems.get("info", 0) == before


def test_it_stays_dismissed_while_the_evidence_is_the_same(client, opened):
    dismiss(client, opened)
    requirements = Path(opened.path, "requirements.txt")
    requirements.write_text("# moved down\n\nalpha\nbeta\n")
    scan(opened)
    assert "packages are not pinned" not in known(client, opened)
    requirements.write_text("alpha\n")
    scan(opened)
    assert "not pinned" not in known(client, opened)


def test_it_comes_back_with_what_is_new_of_it(client, opened):
    dismiss(client, opened)
    Path(opened.path, "requirements.txt").write_text("alpha\nbeta\ngamma\n")
    scan(opened)
    html = known(client, opened)
    assert "3 packages are not pinned" in html and "Only what is new is listed" in html
    found = html[html.index('id="why-packagesunpinned') :].partition("</details>")[0]
    assert "gamma" in found and "alpha" not in found


def test_reports_tables_and_the_command_line_leave_it_out(client, opened, tmp_path, capsys):
    dismiss(client, opened)
    assert "packages.unpinned" not in ids(opened)
    snapshot = snapshot_of(Scan.objects.get())
    assert all(one["id"] != "packages.unpinned" for one in context(snapshot)["findings"])
    file = tmp_path / "known.json"
    file.write_bytes(client.get(url("dismissed-json", opened)).content)
    assert baseline.read(file) == {
        ("packages.unpinned", "alpha", "requirements.txt"),
        ("packages.unpinned", "beta", "requirements.txt"),
    }
    assert json.loads(file.read_text())["findings"][0]["reason"] == "We pin in the image."
    command(opened.path, "--baseline", str(file))
    said = capsys.readouterr().out
    assert "not pinned" not in said and "Left out because the baseline knows them: 1" in said
    command(opened.path)
    assert "not pinned" in capsys.readouterr().out


def command(*argv):
    import argparse

    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["inspect", *argv])
    return cli.run(arguments)


def test_without_a_reason_nothing_is_dismissed(client, opened):
    assert "Say in a few words why" in dismiss(client, opened, reason="  ")
    assert "This finding no longer exists" in dismiss(client, opened, id="made.up")
    assert "This finding no longer exists" in dismiss(client, opened, severity="error")
    opened.refresh_from_db()
    assert opened.dismissed == []
    assert client.post(url("bring-back", opened), {"when": "x"}).status_code == 400
    assert client.get(url("dismiss", opened)).status_code == 405


def test_a_reason_is_shown_as_it_was_written(client, opened):
    html = dismiss(client, opened, reason=EVIL)
    assert EVIL not in html and "&lt;script&gt;" in html


def test_facts_beyond_those_that_are_shown_count_as_well(client, project_folder):
    names = [f"package{n:03}" for n in range(70)]
    (project_folder / "requirements.txt").write_text("\n".join(names))
    project = Project.objects.create(path=str(project_folder), name="shop")
    scan(project)
    dismiss(client, project)
    project.refresh_from_db()
    assert len(project.dismissed[0]["keys"]) == 70
    (project_folder / "requirements.txt").write_text("\n".join([*names, "zeta"]))
    scan(project)
    (left,) = (
        one
        for one in facts.findings_of(snapshot_of(project.scans.first()), facts=sys.maxsize)
        if one["id"] == "packages.unpinned"
    )
    assert [one["text"] for one in left["facts"]] == ["zeta"]
    assert "71 packages are not pinned" in known(client, project)
