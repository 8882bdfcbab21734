"""OLD1: names removed from Django, for a project that uses them."""

from __future__ import annotations

import subprocess
import sys

from tests.djdesk.test_overlay import LOGIN, changed, of_app


def test_old1_libraries_of_tags_that_are_gone_are_there_if_the_table_asks():
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates"}
    own = {"OPTIONS": {"debug": True, "libraries": {"staticfiles": "shelf.tags"}}}
    jinja = {"BACKEND": "django.template.backends.jinja2.Jinja2"}
    templates = {"TEMPLATES": [engine, engine | own, jinja]}
    assert changed("OLD1", templates) == {}
    first, second, third = changed("OLD1", templates, of_app(older_django=True))["TEMPLATES"]
    assert first["OPTIONS"]["libraries"]["staticfiles"] == "django.templatetags.static"
    assert second["OPTIONS"]["libraries"]["staticfiles"] == "shelf.tags"
    assert second["OPTIONS"]["debug"] and third == jinja


def test_old1_allauths_middleware_is_added_where_it_is_wanting():
    here = of_app(older_django=True)
    allauth = {"INSTALLED_APPS": ["allauth.account"], "MIDDLEWARE": [LOGIN]}
    wanted = "allauth.account.middleware.AccountMiddleware"
    assert changed("OLD1", allauth, here)["MIDDLEWARE"] == [LOGIN, wanted]
    assert "MIDDLEWARE" not in changed("OLD1", allauth | {"MIDDLEWARE": [wanted]}, here)
    assert "MIDDLEWARE" not in changed("OLD1", {"INSTALLED_APPS": ["allauth"]}, here)


def test_old1_names_that_are_gone_are_there(tmp_path):
    """In a separate process, because the names stay."""
    asked = """
import django
from django.conf import settings
from djdesk.overlay import older_django
older_django.provide()
assert not settings.configured, "the project's are still to be loaded"
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes"])
for module, names in older_django.NAMES.items():
    exec(f"from {module} import {', '.join(names)}")
for module in older_django.MODULES:
    exec(f"import {module}")
from django.core.urlresolvers import reverse
from django.dispatch import Signal
from django.http import HttpRequest
request = HttpRequest()
assert not request.is_ajax()
request.META["HTTP_X_REQUESTED_WITH"] = "XMLHttpRequest"
del request.headers
assert request.is_ajax()
from django.conf.urls import url
assert url(regex="^a/$", view=reverse, name="a").name == "a"
from django.http.multipartparser import parse_header
assert parse_header(b"text/HTML; q=1") == ("text/html", {"q": b"1"})
Signal(providing_args=["user"]), Signal(use_caching=True)
django.setup()
from django.db import models
from django.db.migrations.state import ModelState
assert models.ForeignKey("a.B", related_name="b").remote_field.on_delete is models.CASCADE
kept = models.OneToOneField("a.B", models.SET_NULL, null=True)
assert kept.remote_field.on_delete is models.SET_NULL
for number, pairs in enumerate(([("a", "b")], ("a", "b"))):
    meta = type("Meta", (), {"app_label": "contenttypes", "index_together": pairs})
    fields = {"a": models.IntegerField(), "b": models.IntegerField()}
    model = type(f"Pair{number}", (models.Model,), {"__module__": "x", "Meta": meta, **fields})
    found = ModelState.from_model(model).options["index_together"]
    assert [tuple(pair) for pair in found] == [("a", "b")], found
"""
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=tmp_path)
