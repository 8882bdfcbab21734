# ruff: noqa: E501 - source texts of projects stand in long lines
import json

from projects import make, scan, static


def names(root):
    return [one["name"] for one in static(root, "apps")["apps"]]


def test_installed_apps_over_several_modules(tmp_path):
    make(
        tmp_path,
        {
            "shop/settings.py": "from .base import *\nINSTALLED_APPS += ['catalog']\n"
            "if os.environ.get('DEBUG'):\n    INSTALLED_APPS.append('debugger')\nINSTALLED_APPS += find_more()\n",
            "shop/base.py": "DEBUG = True\nCORE = ['django.contrib.auth']\nOWN = ('shop',)\n"
            "INSTALLED_APPS = CORE + list(OWN)\n",
        },
    )
    apps = static(tmp_path, "apps")
    assert [one["name"] for one in apps["apps"]] == [
        "django.contrib.auth",
        "shop",
        "catalog",
        "debugger",
    ]
    assert apps["apps"][3]["conditional"] is True
    assert apps["complete"] is False
    assert apps["unresolved"] == [{"text": "find_more()", "file": "shop/settings.py", "line": 5}]


def test_app_configs_and_split_settings(tmp_path):
    make(
        tmp_path,
        {
            "shop/settings.py": "from split_settings.tools import include\ninclude('parts/*.py')\n",
            "shop/parts/apps.py": "INSTALLED_APPS = ['catalog.apps.Shelf']\n",
            "catalog/apps.py": "from django.apps import AppConfig\nclass Shelf(AppConfig):\n"
            "    name = 'catalog'\n    label = 'shelf'\n    def ready(self): pass\n",
        },
    )
    (app,) = static(tmp_path, "apps")["apps"]
    assert (app["label"], app["config"], app["line"]) == ("shelf", "catalog.apps.Shelf", 2)
    assert app["ready_overridden"] and app["models"] == 1


def test_without_readable_settings_the_folders_tell(tmp_path):
    make(tmp_path, {"shop/settings.py": "INSTALLED_APPS = compute()\n"})
    apps = static(tmp_path, "apps")
    assert apps["source"] == "folders"
    assert [one["name"] for one in apps["apps"]] == ["catalog"]


def test_a_settings_module_that_is_not_there(tmp_path):
    make(tmp_path)
    (tmp_path / "shop" / "settings.py").unlink()
    assert "was not found" in static(tmp_path, "settings")["errors"][0]["text"]


def test_settings_are_redacted_and_their_environment_is_listed(tmp_path):
    make(
        tmp_path,
        settings="""
import os
import environ
env = environ.Env()
API_TOKEN = "tok-1234567890-abcdef"
STRIPE = {"api_key": "sk_live_abcdefghijklmnop", "currency": "eur"}
CACHE_URL = "redis://user:hunter2@cache/0"
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
DATABASE_PASSWORD = os.environ.get("DATABASE_PASSWORD", "hunter3")
NEEDED = os.environ["NEEDED"]
""",
    )
    snapshot = scan(tmp_path)
    text = json.dumps(snapshot)
    for secret in ("tok-1234", "sk_live_", "hunter2", "hunter3", "not-a-real-key"):
        assert secret not in text
    data = snapshot["sections"]["settings"]["data"]
    env = {one["name"]: one for one in data["env"]}
    assert env["EMAIL_PORT"]["default"] == "25"
    assert env["NEEDED"]["required"] is True
    assert env["NEEDED"]["line"] == 18
    assert env["DATABASE_PASSWORD"]["required"] is False
    rows = {one["name"]: one for one in data["variables"]}
    assert rows["API_TOKEN"]["redacted"] and rows["API_TOKEN"]["file"] == "shop/settings.py"
    assert "'currency': 'eur'" in rows["STRIPE"]["value"]
    assert data["secret_key"]["length"] > 20


MIGRATION = """
from django.db import migrations
def work(apps, editor): pass
class Migration(migrations.Migration):
    dependencies = [{deps}]
    operations = [{ops}]
"""


def test_migration_graph_conflicts_and_what_cannot_be_undone(tmp_path):
    first = "('catalog', '0001_initial')"
    make(
        tmp_path,
        {
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": MIGRATION.format(
                deps="migrations.swappable_dependency(settings.AUTH_USER_MODEL)",
                ops="migrations.CreateModel('Book', []), migrations.RunSQL('UPDATE x')",
            ),
            "catalog/migrations/0002_left.py": MIGRATION.format(
                deps=first, ops="migrations.RunPython(work)"
            ),
            "catalog/migrations/0002_right.py": MIGRATION.format(
                deps=first, ops="migrations.RunPython(work, migrations.RunPython.noop)"
            ),
            "catalog/migrations/0003_broken.py": "class Migration(:\n",
        },
    )
    data = static(tmp_path, "migrations")
    assert data["conflicts"] == {}  # the unreadable file may be the merge
    one, left, right = data["apps"]["catalog"]["migrations"]
    assert one["initial"] and one["deps"] == ["__setting__.AUTH_USER_MODEL"]
    assert one["op_kinds"] == {"CreateModel": 1, "RunSQL": 1}
    assert left["irreversible"] == [{"op": "RunPython", "what": "work", "line": 6}]
    assert right["irreversible"] == [] and len(right["data_ops"]) == 1
    assert data["errors"][0]["file"] == "catalog/migrations/0003_broken.py"


def test_a_squash_stands_for_what_it_replaces(tmp_path):
    squash = (
        MIGRATION.format(deps="", ops="")
        + "    replaces = [('catalog', '0001_a'), ('catalog', '0002_b')]\n"
    )
    make(
        tmp_path,
        {
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_a.py": MIGRATION.format(deps="", ops=""),
            "catalog/migrations/0002_b.py": MIGRATION.format(deps="('catalog', '0001_a')", ops=""),
            "catalog/migrations/0001_squashed.py": squash,
            "catalog/migrations/0003_c.py": MIGRATION.format(deps="('catalog', '0002_b')", ops=""),
        },
    )
    assert static(tmp_path, "migrations")["apps"]["catalog"]["leaves"] == ["0003_c"]


def test_urls_through_includes_lists_and_decorators(tmp_path):
    make(
        tmp_path,
        {
            "shop/urls.py": """
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from catalog import views
extra = [path("x/", views.index)]
urlpatterns = [
    path("admin/", admin.site.urls),
    path("books/", include("catalog.urls", namespace="b")),
    path("gone/", include("nowhere.urls")),
    path("nested/", include([path("<int:pk>/", views.Detail.as_view(), name="one")])),
]
urlpatterns += [re_path(r"^old/(?P<year>\\d+)/$", login_required(views.index), name="old")] + extra
""",
            "catalog/urls.py": "from django.urls import path\nfrom . import views\nfrom .api import router\n"
            "app_name = 'catalog'\nurlpatterns = [path('', views.Detail.as_view(), name='list'), *router.urls]\n",
            "catalog/api.py": "router = make_router()\n",
            "catalog/views.py": "from django.views import View\nfrom django.views.decorators.http import require_POST\n"
            "@require_POST\ndef index(request): pass\nclass Detail(View):\n    def get(self, r): pass\n    def post(self, r): pass\n",
        },
    )
    data = static(tmp_path, "urls")
    routes = {one["pattern"]: one for one in data["routes"] if one["kind"] == "route"}
    assert routes["books/"]["full_name"] == "b:list"
    assert routes["books/"]["view"] == "catalog.views.Detail"
    assert (routes["books/"]["view_kind"], routes["books/"]["methods"]) == (
        "class",
        ["GET", "POST"],
    )
    assert (routes["books/"]["file"], routes["books/"]["line"]) == ("catalog/views.py", 5)
    assert routes["books/"]["route_file"] == "catalog/urls.py"
    assert routes["nested/<int:pk>/"]["params"] == {"pk": "int"}
    old = routes[r"^old/(?P<year>\d+)/$"]
    assert old["login_required"] is True and old["methods"] == ["POST"]
    assert "x/" in routes
    unresolved = {one["text"]: one for one in data["unresolved"]}
    assert unresolved["admin.site.urls"]["line"] == 8
    assert "was not found" in unresolved["'nowhere.urls'"]["reason"]
    assert unresolved["router.urls"]["pattern"] == "books/"
    includes = [one for one in data["routes"] if one["kind"] == "include"]
    assert {one["urlconf"] for one in includes} == {"catalog.urls", "shop.urls"}


def test_dependencies_of_every_kind(tmp_path):
    make(
        tmp_path,
        {
            "requirements.txt": "Django==6.1  # the framework\n-r more.txt\nrequests[socks]>=2 ; python_version > '3'\n"
            "git+https://user:pw@host/x.git#egg=private\n",
            "more.txt": "celery~=5.4\n",
            "requirements/dev.txt": "pytest\n",
            "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["psycopg>=3"]\n'
            '[dependency-groups]\nlint = ["ruff==0.1"]\n',
            "Pipfile": '[packages]\nflower = "*"\n[dev-packages]\nblack = "==24.1"\n',
            "setup.cfg": "[options]\ninstall_requires =\n    pillow\n",
            "uv.lock": '[[package]]\nname = "celery"\nversion = "5.4.2"\n',
        },
    )
    data = static(tmp_path, "dependencies")
    rows = {one["name"]: one for one in data["declared"]}
    assert rows["Django"]["pinned"] and rows["Django"]["specifier"] == "==6.1"
    assert rows["Django"]["installed"] and (rows["Django"]["file"], rows["Django"]["line"]) == (
        "requirements.txt",
        1,
    )
    assert rows["requests"]["extras"] == ["socks"] and not rows["requests"]["pinned"]
    assert (rows["celery"]["file"], rows["celery"]["locked"]) == ("more.txt", "5.4.2")
    assert rows["pytest"]["group"] == "dev" and rows["ruff"]["group"] == "lint"
    assert {"psycopg", "flower", "black", "pillow", "private"} <= rows.keys()
    assert "celery" in data["missing"] and "Django" not in data["missing"]
    assert "pw" not in json.dumps(data["declared"])


def test_a_broken_dependency_file_is_an_error_not_the_end(tmp_path):
    make(tmp_path, {"pyproject.toml": "[project\n", "requirements.txt": "Django\n"})
    data = static(tmp_path, "dependencies")
    assert data["errors"][0]["file"] == "pyproject.toml"
    assert [one["name"] for one in data["declared"]] == ["Django"]


def test_installed_apps_that_are_put_together_from_other_lists(tmp_path):
    make(
        tmp_path,
        {"catalog/apps.py": ""},
        settings="LOCAL = ['catalog']\nOPTIONAL = None\n"
        "ALL = ['django.contrib.auth', OPTIONAL, *[f'{name}' for name in LOCAL]]\n"
        "INSTALLED_APPS = list(dict.fromkeys([app for app in ALL if app]))\n",
    )
    data = static(tmp_path, "apps")
    assert [one["label"] for one in data["apps"]] == ["auth", "catalog"] and data["complete"]
    with (tmp_path / "shop" / "settings.py").open("a") as file:
        file.write("INSTALLED_APPS = [app for app in ALL if wanted(app)]\n")
    data = static(tmp_path, "apps")
    assert [one["label"] for one in data["apps"]] == ["auth", "catalog"]
    assert not data["complete"]


def test_a_urlconf_that_cannot_be_parsed_is_not_called_missing(tmp_path):
    make(
        tmp_path,
        {
            "shop/urls.py": "from django.urls import include, path\n"
            'urlpatterns = [path("a/", include("catalog.urls"))]\n',
            "catalog/urls.py": "urlpatterns = [\n\n(]\n",
        },
    )
    (unresolved,) = static(tmp_path, "urls")["unresolved"]
    assert unresolved["reason"].startswith("the module catalog.urls cannot be read: ")
    (tmp_path / "shop/urls.py").write_text("urlpatterns = [\n\n(]\n")
    (error,) = static(tmp_path, "urls")["errors"]
    assert error["text"].startswith("The URLconf shop.urls cannot be read: ")
    assert (error["file"], error["line"]) == ("shop/urls.py", 3)
