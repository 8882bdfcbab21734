"""Print a cookie that logs in the app's first user; nothing if the app has no accounts.

With a launch id as argument: the cookie of a visitor who logged out during that launch, whom the
desktop therefore does not log in automatically.
"""

import os
import sys
from pathlib import Path

# djdesk.desktop.accounts.LOGGED_OUT
LOGGED_OUT = "desktop_logged_out"


def main(launch_id: str) -> None:
    if watched := os.environ.get("DJDESK_PROVE"):
        # Loading the app may write into it, which must not happen while it is proved.
        from djdesk.tools.prove import watch

        watch.begin(Path(watched))
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings

    needed = ("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions")
    if not all(apps.is_installed(name) for name in needed):
        return
    from importlib import import_module

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    if launch_id:
        session[LOGGED_OUT] = launch_id
    else:
        log_in(session)
    session.save()
    print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


def log_in(session) -> None:
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )

    from djdesk.desktop.accounts import login_backend

    model = get_user_model()
    user = model._default_manager.order_by("pk").first()
    if user is None:
        # If the desktop logs nobody in, a user will be created later: visit every page as such a
        # user.
        user = model(**{model.USERNAME_FIELD: "first@example.org"}, is_superuser=True)
        for name in ("is_staff", "is_active"):
            if hasattr(user, name):
                setattr(user, name, True)
        user.set_unusable_password()
        user.save()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = login_backend()
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
