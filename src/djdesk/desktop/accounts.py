"""The first user of an app with accounts: created from the computer's login name, or by a form at
the first start. Uses the project's own user model unchanged."""

from __future__ import annotations

import getpass
import logging
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.signals import user_logged_out
from django.db import models, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone

from . import launch

logger = logging.getLogger(__name__)

# Session key: the launch in which this user logged out. Automatic login stays off until the next
# launch.
LOGGED_OUT = "desktop_logged_out"
FORM = "/desktop/first-user/"


class CannotMake(Exception):
    """The user model requires a value that only the user can supply; the message names
    the field.
    """


class FirstUserMiddleware:
    """Behind AuthenticationMiddleware: logs the computer's user in, or shows the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == FORM:
            # Called directly, not through the middlewares behind this one: a middleware that
            # requires login everywhere would redirect to the login page, and this one would
            # redirect back.
            view, args, kwargs = resolve(FORM, "djdesk.desktop.urls")
            shown: HttpResponseBase = view(request, *args, **kwargs)
            return shown
        if not request.path_info.startswith(("/desktop/", "/health/")):
            if settings.DESKTOP_FIRST_USER == "os-user":
                # Before the page is rendered: logging in rotates the CSRF token.
                if auth.SESSION_KEY not in request.session:
                    _let_in(request)
            elif request.method in ("GET", "HEAD") and nobody_yet():
                return redirect(FORM)
        response = self.get_response(request)
        if getattr(request, "_desktop_logged_out", False):
            request.session[LOGGED_OUT] = _launch()
        return response


@receiver(user_logged_out, dispatch_uid="djdesk.desktop.accounts")
def _logged_out(request: HttpRequest | None = None, **kwargs: object) -> None:
    if request is not None:
        request._desktop_logged_out = True


def nobody_yet() -> bool:
    """Whether the user table is empty."""
    return not auth.get_user_model()._default_manager.exists()


def computer_user() -> str:
    """The login name of the computer's current user."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = ""
    # The characters that Django allows in a username.
    return re.sub(r"[^\w.@+-]", "-", name) or "user"


def make_first_user() -> Any | None:
    """Create the computer's user as a superuser. Returns None if there are users already.

    Raises CannotMake if the user model requires a value that cannot be derived, or the project's
    code fails.
    """
    if not nobody_yet():
        return None
    model = auth.get_user_model()
    name = computer_user()
    values: dict[str, Any] = {}
    for field_name in (model.USERNAME_FIELD, *model.REQUIRED_FIELDS):
        values[field_name] = _value(model._meta.get_field(field_name), name)
    try:
        with transaction.atomic():
            # No password: login is automatic here, and no password can be guessed.
            return model._default_manager.create_superuser(password=None, **values)
    except Exception as error:
        # The project's managers and signals run here, and may want rows that new data lack.
        raise CannotMake(f"{model.__name__}: {type(error).__name__}: {error}") from error


def _value(field: models.Field, name: str) -> Any:
    """A value for a required field."""
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.EmailField):
        return f"{name}@localhost"
    if isinstance(field, models.DateTimeField):
        return timezone.now() if settings.USE_TZ else datetime.now()
    if isinstance(field, models.DateField):
        return date.today()
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.CharField | models.TextField):
        return name[: field.max_length] if field.max_length else name
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return 0
    raise CannotMake(f"the user model requires {field.name}, which only the user knows")


def _let_in(request: HttpRequest) -> None:
    """Log the computer's user in, unless they logged out during this launch."""
    if request.session.get(LOGGED_OUT) == _launch():
        return
    if user := _computer_users_account():
        auth.login(request, user, backend=login_backend())


def _computer_users_account() -> Any | None:
    """Found by name; otherwise (after a move to another computer) the first superuser."""
    model = auth.get_user_model()
    name = computer_user()
    manager = model._default_manager
    for wanted in (name, f"{name}@localhost"):
        found = manager.filter(**{model.USERNAME_FIELD: wanted}).first()
        if found is not None:
            return found if found.is_active else None
    try:
        made = make_first_user()
    except CannotMake as reason:
        logger.warning("no first user could be made: %s", reason)
        return None
    if made is not None:
        return made
    if not any(field.name == "is_superuser" for field in model._meta.get_fields()):
        return None
    return manager.filter(is_superuser=True, is_active=True).order_by("pk").first()


def login_backend() -> str:
    """The first backend that can load users; login() needs one by name. Others, such as
    django-guardian's, only check permissions."""
    backends = settings.AUTHENTICATION_BACKENDS
    plain = "django.contrib.auth.backends.ModelBackend"
    if plain in backends:
        return plain
    found = (one for one in backends if hasattr(auth.load_backend(one), "get_user"))
    return next(found, backends[0])


def _launch() -> str:
    config = launch.current()
    return config.launch_id if config else "-"
