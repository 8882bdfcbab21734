"""Runs a command like the page and the worker."""

from __future__ import annotations

from django.urls import reverse

from inspector import tasks


def post(client, workspace, preset, **values):
    values = {"preset": preset, "confirmed": "1"} | values
    return client.post(reverse("inspector:run-command", args=[workspace.pk]), values)


def run(client, workspace, preset, **values):
    """Queue it like the page, and run it here like the worker."""
    response = post(client, workspace, preset, **values)
    assert response.status_code == 302, response.content.decode()
    command = workspace.commands.first()
    tasks.run_command.call(command.pk)
    command.refresh_from_db()
    return command
