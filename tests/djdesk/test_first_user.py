"""Who is logged in at the first start, with Django's user model and a project's own."""

import pytest
from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.signals import post_save
from django.http import HttpResponseRedirect

from djdesk.desktop import accounts
from djdesk.tools.serving.inside.session import log_in

pytestmark = pytest.mark.django_db
MIDDLEWARE = "djdesk.desktop.accounts.FirstUserMiddleware"


@pytest.fixture
def way(settings, monkeypatch):
    """``way("os-user")``: the app configured to find its first user that way."""
    monkeypatch.setattr(accounts, "computer_user", lambda: "anna")

    def choose(name):
        settings.DESKTOP_FIRST_USER = name
        at = settings.MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware")
        settings.MIDDLEWARE = [
            *settings.MIDDLEWARE[: at + 1], MIDDLEWARE, *settings.MIDDLEWARE[at + 1 :],
        ]  # fmt: skip

    return choose


def users():
    return list(auth.get_user_model().objects.values_list("username", "is_superuser"))


def test_the_computers_user_is_logged_in_and_reaches_the_admin(way, client):
    way("os-user")
    page = client.get("/admin/")
    assert page.status_code == 200 and "Site administration" in page.content.decode()
    assert users() == [("anna", True)]
    assert not auth.get_user_model().objects.get().has_usable_password()
    assert "anna" in client.get("/").content.decode()
    assert users() == [("anna", True)], "made once"


def test_a_form_of_the_first_page_works(way, client):
    """The login comes before the page: it would invalidate a CSRF token issued earlier."""
    way("os-user")
    client.handler.enforce_csrf_checks = True
    page = client.get("/admin/library/book/add/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = client.post(
        "/admin/library/book/add/", {"title": "Emma", "csrfmiddlewaretoken": token}
    )
    assert answer.status_code == 302


def test_who_logs_out_stays_out_until_the_next_start(way, client, launch_config):
    import dataclasses

    from djdesk.desktop import launch

    way("os-user")
    client.get("/admin/")
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302
    launch.replace(dataclasses.replace(launch_config, launch_id="1" * 16))
    assert client.get("/admin/").status_code == 200


def test_who_has_logged_in_as_somebody_else_stays_so(way, client):
    way("os-user")
    other = auth.get_user_model().objects.create_user("berta", password="x")
    client.force_login(other)
    assert "berta" in client.get("/").content.decode()
    assert users() == [("berta", False)], "there is a user: none is made"


def test_data_from_another_computer_lets_its_superuser_in(way, client):
    auth.get_user_model().objects.create_superuser("somebody")
    way("os-user")
    assert "somebody" in client.get("/").content.decode()


def test_nobody_is_let_in_where_all_accounts_are_ordinary_or_switched_off(way, client):
    model = auth.get_user_model()
    model.objects.create_user("berta")
    model.objects.create_superuser("anna", is_active=False)
    way("os-user")
    assert client.get("/admin/").status_code == 302


def test_the_runtimes_own_pages_wait_for_nobody(way, client):
    way("form")
    assert client.get("/desktop/data/").status_code == 200
    assert client.get("/health/").status_code == 200


def test_a_form_asks_for_the_first_user(way, client):
    way("form")
    assert client.get("/admin/")["Location"] == "/desktop/first-user/"
    page = client.get("/desktop/first-user/").content.decode()
    assert "Who are you?" in page and 'name="username"' in page
    wrong = {
        "username": "anna",
        "email": "a@example.org",
        "password": "long-enough-9",
        "again": "x",
    }
    answer = client.post("/desktop/first-user/", wrong)
    assert "do not match" in answer.content.decode() and users() == []
    answer = client.post("/desktop/first-user/", wrong | {"again": "long-enough-9"})
    assert answer["Location"] == "/" and users() == [("anna", True)]
    assert client.get("/admin/").status_code == 200
    assert client.get("/desktop/first-user/")["Location"] == "/", "only once"


class EverybodyLogsIn:
    """A middleware that many projects use, behind the desktop's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            return self.get_response(request)
        return HttpResponseRedirect("/admin/login/")


def test_the_form_is_reached_where_every_page_wants_a_login(way, client, settings):
    way("form")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.EverybodyLogsIn"]
    client.handler.enforce_csrf_checks = True
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain == [("/desktop/first-user/", 302)] and page.status_code == 200
    token = page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].split('"')[0]
    secret = "long-enough-9"
    values = {"username": "anna", "email": "a@example.org", "password": secret, "again": secret}
    assert client.post("/desktop/first-user/", values).status_code == 403, "no token"
    answer = client.post("/desktop/first-user/", values | {"csrfmiddlewaretoken": token})
    assert answer["Location"] == "/" and users() == [("anna", True)]
    assert client.get("/admin/").status_code == 200
    # The rest is the middleware's own business.
    client.logout()
    assert client.get("/admin/")["Location"] == "/admin/login/"


class PermissionsOnly:
    """Like django-guardian's backend: it cannot load users."""

    def has_perm(self, *args):
        return False


class OwnUsers(ModelBackend):
    """A project's own backend."""


PERMISSIONS, OWN = (f"{one.__module__}.{one.__name__}" for one in (PermissionsOnly, OwnUsers))


def test_who_is_proved_is_logged_in_by_that_backend_too(settings, client):
    settings.AUTHENTICATION_BACKENDS = [PERMISSIONS, OWN]
    session = client.session
    log_in(session)
    session.save()
    assert client.get("/admin/").status_code == 200


def test_a_password_may_begin_and_end_with_spaces(way, client):
    way("form")
    secret = " long-enough-9 "
    values = {"username": "anna", "email": "a@example.org", "password": secret, "again": secret}
    assert client.post("/desktop/first-user/", values)["Location"] == "/"
    assert auth.get_user_model().objects.get().check_password(secret)


def test_there_is_no_such_form_where_nobody_asked_for_it(way, client):
    way("os-user")
    assert client.get("/desktop/first-user/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.EmailField(), "anna@localhost"),
        (models.CharField(max_length=3), "ann"),
        (models.IntegerField(default=7), 7),
        (models.BooleanField(), False),
    ],
)
def test_what_a_user_model_requires_is_filled_in(field, value):
    assert accounts._value(field, "anna") == value


@pytest.mark.parametrize(
    ("backends", "chosen"),
    [
        ([OWN, "django.contrib.auth.backends.ModelBackend"], 1),
        ([OWN, PERMISSIONS], 0),
        ([PERMISSIONS, OWN], 1),
    ],
)
def test_the_login_is_by_django_where_that_is_possible(settings, backends, chosen):
    settings.AUTHENTICATION_BACKENDS = backends
    assert accounts.login_backend() == backends[chosen]


def test_what_only_the_user_knows_is_not_guessed():
    field = models.ForeignKey("library.Book", models.CASCADE)
    field.name = "favourite"
    with pytest.raises(accounts.CannotMake, match="the user model requires favourite"):
        accounts._value(field, "anna")


def wants_a_group(**kwargs):
    Group.objects.get(name="staff")


def test_a_signal_of_the_project_that_fails_stops_no_start():
    """As one that counts on rows which a command for new installations makes."""
    post_save.connect(wants_a_group, sender=auth.get_user_model())
    try:
        with pytest.raises(accounts.CannotMake, match="DoesNotExist: Group matching query"):
            accounts.make_first_user()
    finally:
        post_save.disconnect(wants_a_group, sender=auth.get_user_model())
    assert accounts.nobody_yet()
