# ruff: noqa: E501 - source texts of projects stand in long lines
import json
import sqlite3
import sys

import pytest
from projects import MODELS, fields, make, scan

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot, summarize
from inspector.sample import sample_path

INITIAL = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel("Book", [
        ("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=50))])]
"""


@pytest.fixture(scope="module")
def sample():
    """One trusted inspection of the bundled project, its events and its snapshot."""
    project = find_project(sample_path(), python=sys.executable)
    events = list(inspect(project, Options(trust=True)))
    return events, snapshot(events)


def both(events, name):
    found = {
        one["source"]: one["data"] for one in events if one.get("name") == name and one.get("ok")
    }
    return found["static"], found["live"]


def test_the_sample_is_complete_and_untouched(sample):
    events, result = sample
    assert result["status"] == "complete", events[-1]
    assert result["changed"] == []
    assert events[0]["event"] == "project" and events[-1]["event"] == "end"
    assert result["project"]["interpreters"][0]["source"] == "this app's own Python"
    progress = [one["progress"] for one in events if one["event"] == "stage"]
    assert progress == sorted(progress) and progress[-1] == 1.0
    json.dumps(events)


def test_static_and_live_agree_on_the_samples_models(sample):
    static, live = both(sample[0], "models")

    def shape(data):
        rows = {}
        for row in data["models"]:
            if row["origin"] != "project" or row.get("auto_created"):
                continue
            keys = ("table", "verbose_name", "file", "line", "bases", "methods", "properties")
            facts = {key: row.get(key) for key in (*keys, "proxy", "ordering", "doc")}
            for name, field in fields(row).items():
                facts[name] = {
                    key: field.get(key)
                    for key in (
                        "type",
                        "class",
                        "column",
                        "file",
                        "line",
                        "inherited_from",
                        "pk",
                        "null",
                        "blank",
                        "unique",
                        "index",
                        "max_length",
                        "auto",
                        "editable",
                        "choice_values",
                        "verbose",
                        "help",
                        "rel",
                    )
                }
            rows[row["label"]] = facts
        return rows

    assert shape(static) == shape(live)
    assert len(shape(live)) == 14


def test_static_and_live_agree_on_the_samples_migrations(sample):
    static, live = both(sample[0], "migrations")
    own = [label for label, app in live["apps"].items() if app["origin"] == "project"]
    assert sorted(own) == ["bikes", "people", "stock", "workshop"]
    for label in own:
        for one, two in zip(
            static["apps"][label]["migrations"], live["apps"][label]["migrations"], strict=True
        ):
            for key in ("name", "file", "ops", "op_kinds", "irreversible", "data_ops", "initial"):
                assert one.get(key) == two.get(key), (label, key)


def test_the_samples_routes_know_their_place(sample):
    static, live = both(sample[0], "urls")
    routes = {one["full_name"]: one for one in live["routes"] if one["origin"] == "project"}
    for one in static["routes"]:
        if one["kind"] == "route" and one["origin"] == "project":
            other = routes[one["full_name"]]
            for key in (
                "pattern",
                "view",
                "view_kind",
                "file",
                "line",
                "route_file",
                "route_line",
                "params",
            ):
                assert one[key] == other[key], (one["full_name"], key)
    assert routes["bikes:list"]["login_required"] is True
    assert routes["stock:take"]["methods"] == ["POST"] and routes["stock:take"]["login_required"]
    assert routes["board"]["login_required"] is False
    assert live["unresolved"] == [] and static["unresolved"]


def test_the_samples_checks_and_summary(sample):
    result = sample[1]
    ids = {
        one["id"]: one
        for one in result["sections"]["checks"]["data"]["messages"]
        if not one["deploy"]
    }
    assert set(ids) == {"fields.W340", "fields.W342", "urls.W002"}
    assert ids["fields.W342"]["file"] == "people/models.py" and ids["fields.W342"]["line"]
    assert {one["origin"] for one in ids.values()} == {"project"}
    counts = summarize(result)["counts"]
    assert counts["models"] == 14 and counts["checks"]["warning"] == 3 and counts["pending"] == 24


def test_live_settings_have_places_and_no_secrets(sample):
    data = sample[1]["sections"]["settings"]["data"]
    rows = {one["name"]: one for one in data["variables"]}
    assert rows["WORKSHOP_SLOW_JOB_MINUTES"]["value"] == "180"
    assert rows["WORKSHOP_SLOW_JOB_MINUTES"]["file"] == "config/settings.py"
    assert rows["SECRET_KEY"]["redacted"] and "trying-things" not in json.dumps(sample[0])
    assert {one["name"] for one in data["env"]} >= {"SPOKES_DEBUG", "SPOKES_DATABASE"}


def database(root, rows):
    connection = sqlite3.connect(root / "db.sqlite3")
    connection.execute(
        "CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)"
    )
    connection.executemany("INSERT INTO django_migrations (app, name) VALUES (?, ?)", rows)
    connection.execute("CREATE TABLE left_over (id INTEGER)")
    connection.commit()
    return connection


def project_with_migration(root):
    return make(
        root, {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": INITIAL}
    )


def test_applied_pending_ghosts_and_tables(tmp_path):
    project_with_migration(tmp_path)
    database(tmp_path, [("catalog", "0001_initial"), ("catalog", "0009_gone")]).close()
    result = scan(tmp_path, trust=True)
    row = result["sections"]["databases"]["data"]["databases"]["default"]
    assert row["state"] == "ok" and row["applied_count"] == 2
    assert "auth.0001_initial" in row["pending"] and "catalog.0001_initial" not in row["pending"]
    assert row["ghosts"] == ["catalog.0009_gone"]
    assert "catalog_book" in row["missing_tables"] and "left_over" in row["unclaimed_tables"]
    assert result["changed"] == []


def test_a_database_in_use_is_read_from_a_copy(tmp_path):
    project_with_migration(tmp_path)
    connection = database(tmp_path, [])
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(
        "INSERT INTO django_migrations (app, name) VALUES ('catalog', '0001_initial')"
    )
    connection.commit()
    try:
        result = scan(tmp_path, trust=True)
        row = result["sections"]["databases"]["data"]["databases"]["default"]
        assert "private copy" in row["note"] and row["applied_count"] == 1
        assert result["changed"] == []
    finally:
        connection.close()


def test_no_database_yet_means_everything_is_pending(tmp_path):
    project_with_migration(tmp_path)
    row = scan(tmp_path, trust=True)["sections"]["databases"]["data"]["databases"]["default"]
    assert row["state"] == "missing" and "catalog.0001_initial" in row["pending"]
    assert not (tmp_path / "db.sqlite3").exists()


def test_a_broken_section_leaves_the_others(tmp_path):
    make(tmp_path, {"shop/urls.py": "raise RuntimeError('no urls today')\n"})
    result = scan(tmp_path, trust=True)
    assert result["status"] == "partial"
    urls = result["sections"]["urls"]
    assert "no urls today" in (urls.get("live_error") or urls["error"])["message"]
    assert result["sections"]["models"]["source"] == "live"
    assert result["sections"]["settings"]["source"] == "live"


def test_a_broken_include_leaves_the_other_routes(tmp_path):
    make(
        tmp_path,
        {
            "shop/urls.py": "from django.urls import include, path\nfrom django.views import View\n"
            "urlpatterns = [path('a/', View.as_view(), name='a'), path('b/', include([path('c/', View.as_view())]))]\n",
        },
    )
    data = scan(tmp_path, trust=True)["sections"]["urls"]["data"]
    assert [one["pattern"] for one in data["routes"] if one["kind"] == "route"] == ["a/", "b/c/"]


def failed(root, settings="", files=None):
    make(root, files, settings=settings)
    result = scan(root, trust=True, repair=False)
    assert result["status"] == "partial"
    assert result["sections"]["models"]["source"] == "static" and result["sections"]["models"]["ok"]
    error = result["sections"]["runtime"]["error"]
    assert any(error["hint"] in one["text"] for one in summarize(result)["warnings"])
    return error


def test_a_missing_package_is_named(tmp_path):
    error = failed(tmp_path, "import rest_framework\n")
    assert error["hint"].startswith("Package djangorestframework is missing from ")
    assert error["file"] == "shop/settings.py" and error["line"] == 9


def test_a_missing_variable_is_named(tmp_path):
    error = failed(tmp_path, "import os\nos.environ['SHOP_KEY']\n", {".env.example": "SHOP_KEY=\n"})
    assert "Environment variable SHOP_KEY is not set" in error["hint"]
    assert ".env.example" in error["hint"]


def test_code_for_a_newer_python_is_told(tmp_path):
    error = failed(tmp_path, files={"catalog/models.py": MODELS + "try: pass\nexcept A, B: pass\n"})
    if sys.version_info < (3, 14):
        assert "catalog/models.py:7 needs Python 3.14 or newer" in error["hint"]


def test_a_missing_settings_module_is_told(tmp_path):
    make(tmp_path)
    project = find_project(tmp_path, python=sys.executable, settings="shop.nowhere")
    result = snapshot(inspect(project, Options(trust=True)))
    assert "shop.nowhere cannot be imported" in result["sections"]["runtime"]["error"]["hint"]


def test_no_interpreter_is_told(tmp_path):
    make(tmp_path)
    result = snapshot(inspect(find_project(tmp_path), Options(trust=True)))
    assert result["status"] == "partial"
    assert "No virtual environment was found" in result["sections"]["runtime"]["error"]["hint"]


def test_an_interpreter_that_does_not_start_is_told(tmp_path):
    make(tmp_path)
    fake = tmp_path / ".venv" / "bin" / "python"
    (tmp_path / ".venv/lib/python3.12/site-packages/django-5.2.dist-info").mkdir(parents=True)
    fake.parent.mkdir()
    fake.write_text("#!/nowhere/python\n")
    fake.chmod(0o755)
    result = snapshot(inspect(find_project(tmp_path), Options(trust=True)))
    assert "could not be started" in result["sections"]["runtime"]["error"]["hint"]


def test_manage_py_may_load_a_file_of_variables(tmp_path):
    text = (
        "import os\nos.environ['SHOP_KEY'] = 'x'\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "from django.core.management import execute_from_command_line\nexecute_from_command_line(['x'])\n"
    )
    make(tmp_path, {"manage.py": text}, settings="import os\nos.environ['SHOP_KEY']\n")
    result = scan(tmp_path, trust=True)
    assert result["status"] == "complete"
    assert result["sections"]["runtime"]["data"]["settings_source"] == "manage.py"


def test_an_empty_secret_key_is_replaced_and_said(tmp_path):
    make(tmp_path, settings="SECRET_KEY = ''\n")
    result = scan(tmp_path, trust=True)
    assert "placeholder" in result["sections"]["runtime"]["data"]["assumed"][0]
    assert result["sections"]["settings"]["data"]["secret_key"]["set"] is False


def test_views_are_found_behind_decorators_that_forget_to_say_so(tmp_path):
    make(
        tmp_path,
        {
            "catalog/views.py": "from django.views import View\n"
            "def guarded(function):\n    def wrapper(request):\n        return function(request)\n"
            "    return wrapper\n"
            "@guarded\ndef index(request): pass\n"
            "class Detail(View):\n    def get(self, request): pass\n"
            "    @classmethod\n    def as_view(cls, **kw):\n"
            "        return guarded(super().as_view(**kw))\n",
            "shop/urls.py": "from django.urls import include, path\nfrom catalog import views\n"
            "urlpatterns = [path('', include([path('a/', views.index)] + [\n"
            "    path('b/', views.Detail.as_view())]))]\n",
        },
    )
    found = scan(tmp_path, trust=True)["sections"]["urls"]["data"]["routes"]
    rows = {one["pattern"]: one for one in found if one["kind"] == "route"}
    assert rows["a/"]["view"] == "catalog.views.index" and rows["a/"]["view_kind"] == "function"
    assert rows["b/"]["view"] == "catalog.views.Detail" and rows["b/"]["view_kind"] == "class"
    assert (rows["b/"]["route_file"], rows["b/"]["route_line"]) == ("shop/urls.py", 4)


def test_generic_relations_of_a_parent_are_not_repeated_in_its_children(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": "from django.contrib.contenttypes.fields import GenericForeignKey\n"
            "from django.contrib.contenttypes.fields import GenericRelation\n"
            "from django.db import models\n"
            "class Tag(models.Model):\n"
            "    content_type = models.ForeignKey('contenttypes.ContentType', models.CASCADE)\n"
            "    object_id = models.PositiveIntegerField()\n    target = GenericForeignKey()\n"
            "class Item(models.Model):\n    tags = GenericRelation(Tag)\n"
            "class Book(Item):\n    title = models.TextField()\n",
        },
    )
    for trust in (False, True):
        models = scan(tmp_path, trust=trust)["sections"]["models"]["data"]["models"]
        book = next(one for one in models if one["label"] == "catalog.Book")
        assert list(fields(book)) == ["item_ptr", "title"]


HOSTS = """\
import re
from collections import namedtuple

from django.conf import settings
from django.utils.module_loading import import_string

Host = namedtuple("Host", "name regex urlconf")


def get_host_patterns():
    return [Host(*one) for one in import_string(settings.ROOT_HOSTCONF + ".host_patterns")]
"""


def test_other_hosts_have_their_own_routes(tmp_path):
    url = "from django.urls import path\nfrom django.views import View\nurlpatterns = [{}]\n"
    one = 'path("", View.as_view(), name="home")'
    make(
        tmp_path,
        {
            # The part of django-hosts that the probe uses, which is not installed here.
            "django_hosts/__init__.py": "",
            "django_hosts/resolvers.py": HOSTS,
            "shop/hosts.py": 'host_patterns = [("www", "www", "shop.urls"), ("api", "api|v1", "shop.api")]\n',
            "shop/urls.py": url.format(one),
            "shop/api.py": "\n\n" + url.format(one + ', path("book/", View.as_view())'),
        },
        settings='INSTALLED_APPS += ["django_hosts"]\nROOT_HOSTCONF = "shop.hosts"\n',
    )
    data = scan(tmp_path, trust=True)["sections"]["urls"]["data"]
    assert data["hosts"][1] == {"name": "api", "pattern": "api|v1", "urlconf": "shop.api"}
    found = [(one["pattern"], one.get("host"), one["urlconf"]) for one in data["routes"]]
    assert found == [
        ("", None, "shop.urls"),
        ("", "api", "shop.api"),
        ("book/", "api", "shop.api"),
    ]
    assert data["duplicate_names"] == {} and data["errors"] == []
    # The root URLconf's file has a route with the same pattern and name.
    assert [one["route_file"] for one in data["routes"]][:2] == ["shop/urls.py", None]


def test_a_broken_table_of_hosts_leaves_the_root(tmp_path):
    make(
        tmp_path,
        {"django_hosts/__init__.py": "", "django_hosts/resolvers.py": HOSTS},
        settings='INSTALLED_APPS += ["django_hosts"]\nROOT_HOSTCONF = "shop.nowhere"\n',
    )
    data = scan(tmp_path, trust=True)["sections"]["urls"]["data"]
    assert data["hosts"] == [] and data["errors"][0]["text"].startswith("ROOT_HOSTCONF: ")


def test_options_of_a_database_are_shown_without_secrets(tmp_path):
    options = '{"timeout": 20, "sslkey_password": "horse", "init": "postgres://ada:horse@db/x"}'
    make(tmp_path, settings=f'DATABASES["default"]["OPTIONS"] = {options}\n')
    data = scan(tmp_path, trust=True)["sections"]["databases"]["data"]
    found = data["databases"]["default"]["options"]
    assert found["timeout"] == "20" and list(found) == ["timeout", "sslkey_password", "init"]
    assert "horse" not in str(found)
