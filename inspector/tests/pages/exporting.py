"""Shared by the export tests: queue an export like the page, and run it like the worker."""

from __future__ import annotations

from django.urls import reverse

from inspector import tasks

EVIL = "<script>alert(1)</script>"


def post(client, project, *kinds, **values):
    url = reverse("inspector:export-create", args=[project.pk])
    return client.post(url, {"kinds": kinds} | values)


def make(client, project, kind, **values):
    """Queue it like the page, and run it here like the worker."""
    response = post(client, project, kind, **values)
    assert response.status_code == 302, response.content.decode()
    export = project.exports.first()
    tasks.run_export.call(export.pk)
    export.refresh_from_db()
    return export


def get(client, name, export, **query):
    return client.get(reverse(f"inspector:{name}", args=[export.project_id, export.pk]), query)


def page(client, project, **query):
    return client.get(reverse("inspector:exports", args=[project.pk]), query)
