"""AUTH1: automatic login for projects with accounts, by the table's ``first-user``."""

from __future__ import annotations

from ..rule import Context, Decision, Settings, after

APP = "django.contrib.auth"
LOGIN = "django.contrib.auth.middleware.AuthenticationMiddleware"
OURS = "djdesk.desktop.accounts.FirstUserMiddleware"


def rule(settings: Settings, context: Context) -> Decision | None:
    middleware = list(settings.get("MIDDLEWARE", []))
    way = context.app.data.first_user
    if LOGIN not in middleware or APP not in settings.get("INSTALLED_APPS", []):
        return None
    if way == "project":
        return Decision("The project creates the first user in its own way.")
    if context.mode == "test":
        return None  # tests log users in themselves
    said = {
        "os-user": "The computer's user is logged in, as a superuser.",
        "form": "At the first start, a form asks for a name and a password.",
    }[way]
    return Decision(said, {"MIDDLEWARE": after(middleware, OURS, LOGIN), "DESKTOP_FIRST_USER": way})
