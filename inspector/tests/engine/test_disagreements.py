# ruff: noqa: E501 - source texts of projects stand in long lines
"""If source and run differ, both sides are shown; if one side cannot know, neither is."""

from projects import MODELS, make, scan

from inspector.facts import findings_of

PATCH = """
from django.apps import AppConfig
class CatalogConfig(AppConfig):
    name = "catalog"
    def ready(self):
        from django.conf import settings
        from django.db import models
        from catalog.models import Book
        Book._meta.get_field("title").max_length = 80
        Book.add_to_class("added", models.IntegerField(default=0))
        settings.PAGE_SIZE = 50
"""


def found(result, name):
    section = result["sections"][name]
    assert section["ok"] and section["source"] == "live", section
    return {(one["key"], one["what"]): one for one in section["data"].get("disagreements", [])}


def test_a_project_that_does_what_it_says_has_none(tmp_path):
    make(tmp_path)
    result = scan(tmp_path, trust=True)
    for name in ("models", "migrations", "urls", "settings"):
        assert found(result, name) == {}
    assert not [one for one in findings_of(result) if one["id"].startswith("disagreement")]


def test_fields_and_settings_that_code_changes(tmp_path):
    make(tmp_path, {"catalog/apps.py": PATCH}, settings="PAGE_SIZE = 20\n")
    result = scan(tmp_path, trust=True)
    rows = found(result, "models")
    changed = rows["catalog.Book.title", "max_length"]
    assert (changed["static"], changed["live"]) == ("50", "80")
    assert (changed["file"], changed["line"]) == ("catalog/models.py", 5)
    added = rows["catalog.Book.added", "field"]
    assert added["static"] is None and added["live"] == "IntegerField"
    setting = found(result, "settings")["PAGE_SIZE", "value"]
    assert (setting["static"], setting["live"], setting["file"]) == ("20", "50", "shop/settings.py")
    # Shown next to the facts, because it is nothing to fix.
    assert not [one for one in findings_of(result) if "disagree" in one["id"]]


def test_a_model_that_nobody_imports(tmp_path):
    make(tmp_path, {"catalog/extra.py": MODELS.replace("Book", "Lost")})
    row = found(scan(tmp_path, trust=True), "models").get(("catalog.Lost", "model"))
    # Static analysis may omit such a module; if it lists the model, the page must say more.
    assert row is None or (row["live"] is None and row["file"] == "catalog/extra.py")


def test_routes_that_are_taken_away(tmp_path):
    urls = "from django.urls import path\nfrom catalog import views\nurlpatterns = [path('a/', views.a), path('b/', views.a)]\n"
    urls += "for one in list(urlpatterns):\n    if str(one.pattern) == 'b/':\n        urlpatterns.remove(one)\n"
    files = {"shop/urls.py": urls, "catalog/views.py": "def a(request):\n    pass\n"}
    make(tmp_path, files)
    rows = found(scan(tmp_path, trust=True), "urls")
    assert set(rows) == {("/b/", "route")} and rows["/b/", "route"]["line"] == 3


def test_migrations_that_are_hidden(tmp_path):
    files = {
        "catalog/migrations/__init__.py": "",
        "catalog/migrations/0001_initial.py": "from django.db import migrations\nclass Migration(migrations.Migration):\n    pass\n",
    }
    make(tmp_path, files, settings="from shop.hide import *\n")
    (tmp_path / "shop/hide.py").write_text("locals()['MIGRATION_MODULES'] = {'catalog': None}\n")
    rows = found(scan(tmp_path, trust=True), "migrations")
    assert rows["catalog.0001_initial", "migration"]["live"] is None


def test_conditions_computed_values_and_grown_lists_are_no_disagreement(tmp_path):
    text = "import os\nif os.name:\n    A = 1\nelse:\n    A = 2\nB = len('abc')\nC = ['x']\nC += ['y']\nD = ('one',)\nSTATIC_URL = 'static/'\n"
    make(tmp_path, settings=text)
    result = scan(tmp_path, trust=True)
    assert found(result, "settings") == {}


def test_secrets_are_not_compared(tmp_path):
    patch = PATCH.replace("PAGE_SIZE", "API_TOKEN").replace("= 50", "= 'another-secret'")
    make(tmp_path, {"catalog/apps.py": patch}, settings="API_TOKEN = 'a-secret'\n")
    result = scan(tmp_path, trust=True)
    assert ("API_TOKEN", "value") not in found(result, "settings")
    assert "a-secret" not in str(result) and "another-secret" not in str(result)


def test_a_namespace_given_by_position_is_read(tmp_path):
    files = {
        "shop/urls.py": "from django.urls import include, path\nurlpatterns = [path('x/', include('catalog.urls', 'two'))]\n",
        "catalog/urls.py": "from django.urls import path\nfrom catalog import views\napp_name = 'one'\nurlpatterns = [path('a/', views.a, name='a')]\n",
        "catalog/views.py": "def a(request):\n    pass\n",
    }
    make(tmp_path, files)
    result = scan(tmp_path, trust=True)
    assert found(result, "urls") == {}
    assert "two:a" in {one["full_name"] for one in result["sections"]["urls"]["data"]["routes"]}


def test_declared_packages_are_known_among_the_installed(tmp_path):
    make(tmp_path, {"requirements.txt": "Django>=5\nnot-there==1.0\n"})
    result = scan(tmp_path, trust=True)
    rows = {one["name"].lower(): one for one in result["sections"]["packages"]["data"]["packages"]}
    assert rows["django"]["declared"] is True and rows["asgiref"]["declared"] is False
    missing = next(one for one in findings_of(result) if one["id"] == "packages.missing")
    (fact,) = missing["facts"]
    assert (fact["text"], fact["file"], fact["line"]) == ("not-there", "requirements.txt", 2)


def test_without_a_file_of_dependencies_nothing_is_known_to_be_declared(tmp_path):
    make(tmp_path)
    rows = scan(tmp_path, trust=True)["sections"]["packages"]["data"]["packages"]
    assert rows and all(one["declared"] is None for one in rows)
