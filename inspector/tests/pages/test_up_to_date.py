"""Work that starts, continues or ends while a page is rendered: the page never claims a newer
version than it shows, because its script would then not fetch the change.
"""

from __future__ import annotations

import html
import json
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inspector import facts
from inspector.models import Command, Export, Scan
from inspector.tasks import queue_command, queue_scan

from . import data

pytestmark = pytest.mark.django_db
MOST = 60  # queries per page
NOW = timezone.now()


class Interfering:
    """Performs an action before the query with this number, as if by another process."""

    def __init__(self, at, happens):
        self.at, self.happens, self.seen = at, happens, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen == self.at:
            self.happens()
        return execute(sql, params, many, context)


def parts(response):
    """The page's versions and its content."""
    text = response.content.decode()
    versions = json.loads(html.unescape(re.search(r'data-versions="([^"]*)"', text)[1]))
    shown = re.sub(r' data-versions="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return versions, re.sub(r">[\d.,]+ (?:s|ms)<", "><", shown)


def held_back(client, url, reset, happens):
    """Numbers of queries before which the change can happen without the page ever showing it."""
    reset()
    client.get(url)  # clear messages and the like
    early = parts(client.get(url))
    happens()
    late = parts(client.get(url))
    assert early[0] != late[0] and early[1] != late[1], "nothing to see here"
    wrong = []
    for at in range(1, MOST):
        reset()
        wrapper = Interfering(at, happens)
        with connection.execute_wrapper(wrapper):
            versions, shown = parts(client.get(url))
        if wrapper.seen < at:
            return wrong
        if versions == late[0] and shown != late[1]:
            wrong.append(at)
    raise AssertionError(f"more than {MOST} queries")


@pytest.fixture
def command(project):
    return queue_command(project, "check", "Check", ["check"])


@pytest.fixture
def export(scanned):
    project = scanned()
    return Export.objects.create(
        project=project, scan=project.scans.get(), kind="report", name="shop-report.html"
    )


@pytest.mark.parametrize("name", ["command", "commands", "home"])
def test_a_command_that_begins(client, command, name):
    url = {
        "command": command.get_absolute_url(),
        "commands": reverse("inspector:commands", args=[command.project_id]),
        "home": reverse("inspector:home"),
    }[name]

    def reset():
        Command.objects.update(status="queued", started=None)

    def begins():
        Command.objects.update(status="running", started=NOW)

    assert held_back(client, url, reset, begins) == []


def test_a_command_that_ends(client, command):
    def reset():
        Command.objects.update(status="running", started=NOW, finished=None, exit_code=None)

    def ends():
        Command.objects.update(status="done", finished=NOW, exit_code=0)

    assert held_back(client, command.get_absolute_url(), reset, ends) == []


@pytest.mark.parametrize("name", ["export", "exports"])
def test_an_export_that_ends(client, export, name):
    url = {
        "export": export.get_absolute_url(),
        "exports": reverse("inspector:exports", args=[export.project_id]),
    }[name]

    def reset():
        Export.objects.update(status="running", finished=None)

    def ends():
        Export.objects.update(status="failed", finished=NOW, reason="The disk is full.")

    assert held_back(client, url, reset, ends) == []


@pytest.mark.parametrize("name", ["overview", "urls", "models"])
def test_a_section_that_arrives(client, project, name):
    scan = queue_scan(project)
    scan.begin()
    urls = data.urls(data.route("books/", "books"))

    def reset():
        scan.sections.all().delete()
        Scan.objects.update(summary={})

    def arrives():
        section = scan.sections.create(pk=1, name="urls", source="static", ok=True, data=urls)
        summary = facts.summarize(facts.snapshot([section.as_event()]))
        Scan.objects.update(summary=summary)

    url = reverse(f"inspector:{name}", args=[project.pk])
    assert held_back(client, url, reset, arrives) == []


def test_what_a_page_is_about_may_be_gone(client, command, export):
    for one in (command, export):
        url = one.get_absolute_url()
        type(one).objects.all().delete()
        response = client.get(url)
        assert response.status_code == 404 and " no longer " in response.content.decode()
        # An open page shows it in place of its content, and stops requesting.
        parts = client.get(url, {"fragment": "head"})
        assert parts.status_code == 200 and " no longer " in parts.content.decode()
        assert "data-depends" not in parts.content.decode()
    preview = client.get(url, {"fragment": "head,preview"}).content.decode()
    assert '<div data-fragment="preview"></div>' in preview
