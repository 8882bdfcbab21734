"""A project whose users are identified by e-mail: its first user, through a real server."""

import http.cookiejar
import os
import re
import subprocess
import sys
import textwrap
import urllib.error
import urllib.parse
import urllib.request

import pytest

from .children import TOKEN, Child

FILES = {
    "pyproject.toml": """
        [project]
        name = "letters"
        version = "1.0"
        [tool.djdesk]
        settings = "letters"
        data.first-user = "WAY"
    """,
    "letters.py": """
        from pathlib import Path
        SECRET_KEY = "x"
        ROOT_URLCONF = "addresses"
        AUTH_USER_MODEL = "people.Person"
        USE_TZ = True
        INSTALLED_APPS = [
            "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
            "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
            "people",
        ]
        MIDDLEWARE = [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ]
        TEMPLATES = [{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }]
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
        STATIC_URL = "static/"
    """,
    "addresses.py": """
        from django.contrib import admin
        from django.urls import path
        urlpatterns = [path("admin/", admin.site.urls)]
    """,
    "people/__init__.py": "",
    "people/migrations/__init__.py": "",
    "people/admin.py": """
        from django.contrib import admin
        from people.models import Person
        admin.site.register(Person)
    """,
    "people/models.py": """
        from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
        from django.contrib.auth.models import PermissionsMixin
        from django.db import models


        class People(BaseUserManager):
            def create_superuser(self, email, password=None, **more):
                person = self.model(email=email, is_staff=True, is_superuser=True, **more)
                person.set_password(password)
                person.save()
                return person


        class Person(AbstractBaseUser, PermissionsMixin):
            email = models.EmailField(unique=True)
            full_name = models.CharField(max_length=40)
            born = models.DateField()
            is_staff = models.BooleanField(default=False)
            is_active = models.BooleanField(default=True)
            objects = People()
            USERNAME_FIELD = "email"
            REQUIRED_FIELDS = ["full_name", "born"]
    """,
}


@pytest.fixture
def letters(tmp_path):
    def make(way):
        root = tmp_path / "project"
        for name, text in FILES.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text).replace("WAY", way))
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK_"))}
        subprocess.run(
            [sys.executable, "-m", "django", "makemigrations", "people"],
            cwd=root, check=True, capture_output=True,
            env=kept | {"DJANGO_SETTINGS_MODULE": "letters", "PYTHONPATH": str(root)},
        )  # fmt: skip
        return Child(
            "serve", tmp_path / "data", app=str(root), settings="tests.djdesk.child_settings"
        )

    return make


class Browser:
    """The shell's window: cookies, and the launch token in every request."""

    def __init__(self, port):
        self.origin = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def open(self, path, fields=None):
        """URL and text of the final page."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        headers = {"X-DJDesk-Token": TOKEN, "Origin": self.origin}
        request = urllib.request.Request(self.origin + path, data, headers)
        try:
            with self.opener.open(request, timeout=20) as page:
                return page.url.removeprefix(self.origin), page.read().decode()
        except urllib.error.HTTPError as error:  # the project has no page at /
            return error.url.removeprefix(self.origin), error.read().decode()


def test_the_computers_user_reaches_the_admin(letters):
    with letters("os-user") as server:
        browser = Browser(server.until("listening")["port"])
        address, page = browser.open("/admin/people/person/")
        assert address == "/admin/people/person/"
        assert "@localhost" in page and "1 person" in page, server.log


def test_the_form_asks_for_what_the_model_requires(letters):
    with letters("form") as server:
        browser = Browser(server.until("listening")["port"])
        address, page = browser.open("/admin/")
        assert address == "/desktop/first-user/"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        fields = {
            "csrfmiddlewaretoken": token, "email": "anna@example.org", "full_name": "Anna",
            "born": "2001-02-03", "password": "long-enough-9", "again": "long-enough-9",
        }  # fmt: skip
        assert all(f'name="{name}"' in page for name in fields)
        address, page = browser.open(
            "/desktop/first-user/", fields | {"born": "never", "full_name": ""}
        )
        assert address == "/desktop/first-user/", "refused"
        address, page = browser.open("/desktop/first-user/", fields)
        assert address == "/", page
        address, page = browser.open("/admin/people/person/")
        assert address == "/admin/people/person/" and "anna@example.org" in page
