"""AUTH1 and MIG1: the first user, and a project's own ``migrate``."""

from __future__ import annotations

from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision

OPTIONS = {
    "the computer's user is logged in as a superuser": "os-user",
    "a form asks for a name and a password at the first start": "form",
    "the project creates one in its own way": "project",
}


def rule(look: Look, draft: Draft, ask: Questions) -> list[Decision]:
    decisions = []
    if any(one.startswith("django.contrib.auth") for one in look.installed_apps):
        chosen = ask.choose("Who is the first user?", list(OPTIONS))
        draft.set("data.first-user", OPTIONS[chosen])
        decisions.append(
            Decision(
                "AUTH1",
                "",
                f"First user: {chosen}.",
                "The project has accounts, but a new installation has none.",
                look.place_of("AUTH_USER_MODEL"),
                "first-user in [tool.djdesk.data].",
            )
        )
    for source in look.sources:
        parts = source.file.parts
        if parts[-3:] == ("management", "commands", "migrate.py"):
            decisions.append(
                Decision(
                    "MIG1",
                    "",
                    "The project's own migrate command prepares the database at startup.",
                    "It overrides Django's.",
                    look.shown(source.file),
                )
            )
    return decisions
