"""Runs a command like the page and the worker."""

from __future__ import annotations

from django.urls import reverse

from inspector import tasks


def post(client, project, preset, **values):
    values = {"preset": preset, "confirmed": "1"} | values
    return client.post(reverse("inspector:run-command", args=[project.pk]), values)


def run(client, project, preset, **values):
    """Queue it like the page, and run it here like the worker."""
    response = post(client, project, preset, **values)
    assert response.status_code == 302, response.content.decode()
    command = project.commands.first()
    tasks.run_command.call(command.pk)
    command.refresh_from_db()
    return command
