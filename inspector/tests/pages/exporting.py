"""Shared by the export tests: queue an export like the page, and run it like the worker."""

from __future__ import annotations

from django.urls import reverse

from inspector import tasks

EVIL = "<script>alert(1)</script>"


def post(client, workspace, *kinds, **values):
    url = reverse("inspector:export-create", args=[workspace.pk])
    return client.post(url, {"kinds": kinds} | values)


def make(client, workspace, kind, **values):
    """Queue it like the page, and run it here like the worker."""
    response = post(client, workspace, kind, **values)
    assert response.status_code == 302, response.content.decode()
    export = workspace.exports.first()
    tasks.run_export.call(export.pk)
    export.refresh_from_db()
    return export


def get(client, name, export, **query):
    return client.get(reverse(f"inspector:{name}", args=[export.workspace_id, export.pk]), query)


def page(client, workspace, **query):
    return client.get(reverse("inspector:exports", args=[workspace.pk]), query)
