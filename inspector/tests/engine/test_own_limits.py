# ruff: noqa: E501 - source texts of projects stand in long lines
"""What only a scan forbids is told as its limit, and not as a fault of the project."""

import os
import sqlite3

import pytest
from projects import MODELS, TEMPLATES, found_ids, german, make, scan

CHECK = """
import os
from django.conf import settings
from django.core.checks import Error, register

@register()
def folder(app_configs, **kwargs):
    path = str(settings.BASE_DIR / "files")
    {body}
    return [] if fine else [Error("The folder cannot be written.", id="shop.E004")]
"""
ASKS = "fine = os.access(path, os.R_OK) and os.access(path, os.W_OK)"
TRIES = """try:
        open(os.path.join(path, "probe"), "w").close()
        fine = True
    except OSError:
        fine = False"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
@pytest.mark.parametrize(
    ("body", "told"), [(ASKS, False), (TRIES, False), ("fine = os.path.isfile(path)", True)]
)
def test_a_folder_that_only_a_scan_cannot_write_is_no_error(tmp_path, body, told):
    """Like relate, whose check asks whether the folder of its repositories is writable."""
    files = {
        "catalog/models.py": "import catalog.checks\n",
        "catalog/checks.py": CHECK.format(body=body),
        "files/readme": "",
    }
    assert ("checks.error" in found_ids(scan(make(tmp_path, files), trust=True))) is told


START = "from django.db import migrations\n"
END = "class Migration(migrations.Migration):\n    dependencies = []\n    operations = []\n"
LOADS = """
import socket
try:
    socket.create_connection(("127.0.0.1", 6379), timeout=1)
except OSError:
    data = None
data.readline()
"""


@pytest.mark.parametrize(
    ("text", "kind"), [(LOADS, "migrations.unread"), ("data = None\ndata.readline()\n", "migrations.broken")]
)  # fmt: skip
def test_a_migration_that_downloads_is_not_broken(tmp_path, text, kind):
    """Like seqr, one of whose migrations downloads a file while it is imported."""
    files = {
        "catalog/migrations/__init__.py": "",
        "catalog/migrations/0001_initial.py": START + text + END,
    }
    found = found_ids(scan(make(tmp_path, files), trust=True))
    assert {"migrations.unread", "migrations.broken"} & found.keys() == {kind}
    if kind == "migrations.unread":
        row = found[kind]
        assert row["severity"] == "info" and "127.0.0.1:6379" in row["text"]
        assert german(row["text"]) and german(row["why"])


THREAD = """
import threading
from django.contrib.auth.models import User

def ask():
    try:
        list(User.objects.all())
    except Exception:
        pass

def start():
    {how}
"""


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("one = threading.Thread(target=ask)\n    one.start()\n    one.join()", False),
        ("ask()", True),
    ],
)
def test_queries_of_a_thread_are_not_made_by_the_import(tmp_path, how, told):
    """Like django-crm, whose thread waits until Django is ready."""
    files = {
        "catalog/apps.py": "from django.apps import AppConfig\n\nclass Catalog(AppConfig):\n    name = 'catalog'\n    def ready(self):\n        from catalog import late\n        late.start()\n",
        "catalog/late.py": THREAD.format(how=how),
    }  # fmt: skip
    result = scan(make(tmp_path, files), trust=True)
    events = result["sections"]["side_effects"]["data"]["events"]
    assert any(one["kind"] == "database" for one in events)
    assert ("effects.queries" in found_ids(result)) is told


BROKEN = "import catalog.{name}\nurlpatterns = []\n"
REACH = "import socket\nsocket.create_connection(('127.0.0.1', 6379), timeout=1)\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"catalog/views.py": "1 / 0\n"}, "error"),
        ({"catalog/views.py": "import nowhere_to_be_found\n"}, "warning"),
        ({"catalog/views.py": REACH}, "info"),
        ({"catalog/views.py": ""}, None),
    ],
)
def test_a_urlconf_that_cannot_be_imported_is_a_finding(tmp_path, files, severity):
    files = {"shop/urls.py": BROKEN.format(name="views"), **files}
    found = found_ids(scan(make(tmp_path, files), trust=True))
    row = found.get("urls.broken")
    assert (row and row["severity"]) == severity
    if row:
        assert row["file"] == "catalog/views.py" and row["line"]
        assert german(row["title"]) and german(row["why"])


@pytest.mark.parametrize(
    ("table", "told"), [("", True), ("CREATE TABLE of_another_program (id integer)", False)]
)
def test_an_empty_database_lacks_all_migrations(tmp_path, table, told):
    files = {
        "catalog/migrations/__init__.py": "",
        "catalog/migrations/0001_initial.py": START + END,
    }
    make(tmp_path, files)
    with sqlite3.connect(tmp_path / "db.sqlite3") as connection:
        connection.execute(table or "PRAGMA user_version = 1")
    connection.close()
    found = found_ids(scan(tmp_path, trust=True))
    assert ("migrations.pending:default" in found) is told


CREATE = """from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.CreateModel("Book", [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=50))])]
"""
MORE = """

class Page(models.Model):
    text = models.TextField()
"""


@pytest.mark.parametrize(("name", "told"), [("catalog_book", True), ("catalog_page", False)])
def test_a_table_is_missing_only_if_a_migration_makes_it(tmp_path, name, told):
    """A model that is newer than its migrations has no table yet, and nothing went wrong."""
    files = {
        "catalog/models.py": MODELS + MORE,
        "catalog/migrations/__init__.py": "",
        "catalog/migrations/0001_initial.py": CREATE,
    }
    make(tmp_path, files, settings="INSTALLED_APPS = ['catalog']\n")
    with sqlite3.connect(tmp_path / "db.sqlite3") as connection:
        connection.execute(
            "CREATE TABLE django_migrations (id integer primary key, app text, name text)"
        )
        connection.execute("INSERT INTO django_migrations VALUES (1, 'catalog', '0001_initial')")
        for one in {"catalog_book", "catalog_page"} - {name}:
            connection.execute(f"CREATE TABLE {one} (id integer)")
    connection.close()
    found = found_ids(scan(tmp_path, trust=True))
    assert ("databases.missing-tables:default" in found) is told


ASK = """
import os
from django.conf import settings
from django.core.checks import Error, register

@register()
def key(app_configs, **kwargs):
    return [] if settings.SHOP_KEY else [Error("SHOP_KEY must not be empty.", id="shop.E001")]
"""


@pytest.mark.parametrize(
    ("value", "told"), [("os.environ.get('SHOP_SECRET')", False), ("''", True)]
)
def test_a_check_about_a_variable_of_the_developer_is_no_error(tmp_path, value, told):
    files = {"catalog/models.py": "import catalog.checks\n", "catalog/checks.py": ASK}
    make(tmp_path, files, settings=f"import os\nSHOP_KEY = {value}\n")
    found = found_ids(scan(tmp_path, trust=True))
    assert ("checks.error" in found) is told
    assert ("checks.environment" in found) is not told
    assert told or german(found["checks.environment"]["title"])


LOOP = """from catalog.models import Page


def f():
    for page in Page.objects.all():
        print(page.book.title)
"""
PAGE = """from django.db import models


class Book(models.Model):
    title = models.TextField()


class Page(models.Model):
    book = models.ForeignKey(Book, models.CASCADE)
"""


@pytest.mark.parametrize(
    ("file", "severity"), [("catalog/views.py", "warning"), ("repair_pages.py", "info")]
)
def test_a_script_beside_manage_py_keeps_no_visitor_waiting(tmp_path, file, severity):
    """Like relate, whose script mends rows once."""
    found = found_ids(scan(make(tmp_path, {"catalog/models.py": PAGE, file: LOOP})))
    assert found["queries.n-plus-one"]["severity"] == severity


LOCAL = """
import local
for name, value in local.__dict__.items():
    globals()[name] = value
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DEBUG = False\nALLOWED_HOSTS = ['*']\n" + LOCAL, False),
        ("DEBUG = False\nALLOWED_HOSTS = ['*']\nimport local\nlocal.update(__name__)\n", False),
        ("import local\nDEBUG = False\nALLOWED_HOSTS = local.hosts('HOSTS')\n", False),
        ("import local\nDEBUG = False\nALLOWED_HOSTS = ['*']\n", True),
    ],
)
def test_hosts_of_a_local_file_or_a_function_are_not_judged(tmp_path, text, told):
    own = "ADMINS = []\n\ndef update(name):\n    pass\n\ndef hosts(name):\n    return ['*']\n"
    make(tmp_path, {"local.py": own}, settings=text)
    assert ("settings.allowed-hosts" in found_ids(scan(tmp_path, trust=True))) is told


@pytest.mark.parametrize(("value", "told"), [("local.on('DEBUG')", False), ("True", True)])
def test_debug_of_a_function_is_not_the_settings(tmp_path, value, told):
    """Like MAKENTNU/web, whose own function reads `.env`."""
    own = {"local.py": "def on(name):\n    return True\n"}
    make(
        tmp_path,
        own,
        settings=f"import local\nDEBUG = {value}\nSECRET_KEY = local.on('X') and 'x' * 60\n",
    )
    assert ("settings.development" in found_ids(scan(tmp_path, trust=True))) is told


UNMANAGED = """from django.db import models


class Report(models.Model):
    class Meta:
        managed = {}
"""


@pytest.mark.parametrize(
    ("managed", "settings", "told"),
    [
        (True, "", True),
        (False, "", False),
        (True, "MIGRATION_MODULES = {'catalog': None}\n", False),
    ],
)
def test_an_app_that_needs_no_migrations_does_not_lack_them(tmp_path, managed, settings, told):
    make(tmp_path, {"catalog/models.py": UNMANAGED.format(managed)}, settings=settings)
    assert ("migrations.none" in found_ids(scan(tmp_path, trust=True))) is told


VIEW = """from django.shortcuts import render


def index(request):
    return render(request, "index.html")
"""


@pytest.mark.parametrize(("folder", "severity"), [("dist", "info"), ("templates", "warning")])
def test_a_template_that_a_build_makes_is_not_missing(tmp_path, folder, severity):
    engine = f"TEMPLATES[0]['DIRS'] = [BASE_DIR / '{folder}']\n"
    files = {"catalog/views.py": VIEW, "templates/base.html": "<p>"}
    make(tmp_path, files, settings=TEMPLATES + engine)
    found = found_ids(scan(tmp_path, trust=True))["templates.missing"]
    assert found["severity"] == severity
    assert ("dist" in found["why"]) is (folder == "dist")
    assert german(found["why"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [("{% set x = 1 %}", "templates.broken-unnamed"), ("{% fi %}", "templates.broken")],
)
def test_a_template_of_another_engine_is_not_broken(tmp_path, text, kind):
    files = {"catalog/views.py": VIEW, "catalog/templates/index.html": text}
    found = found_ids(scan(make(tmp_path, files, settings=TEMPLATES), trust=True))
    assert {"templates.broken", "templates.broken-unnamed"} & found.keys() == {kind}


@pytest.mark.parametrize(("package", "told"), [("shop", False), ("store", True)])
def test_a_cycle_with_the_package_of_the_settings_is_no_finding(tmp_path, package, told):
    """Like zeva, whose package of the settings is an app, too."""
    files = {
        f"{package}/__init__.py": "",
        f"{package}/things.py": "import catalog.models\n",
        "catalog/other.py": f"import {package}.things\n",
    }
    make(tmp_path, files, settings=f"INSTALLED_APPS += ['{package}']\n")
    assert any(one.startswith("apps.cycle") for one in found_ids(scan(tmp_path))) is told


ROUTES = """from django.shortcuts import redirect
from django.urls import path, reverse

urlpatterns = [path("", lambda request: None, name="home")]
"""
ASKED = "from django.urls import reverse\n\ndef where():\n    return reverse({})\n"


@pytest.mark.parametrize(
    ("file", "call", "told"),
    [
        ("catalog/views.py", "'gone'", True),
        ("catalog/views.py", "'gone', urlconf='catalog.other'", False),
        ("not_installed/views.py", "'gone'", False),
    ],
)
def test_a_name_of_another_urlconf_or_app_needs_no_route(tmp_path, file, call, told):
    files = {"shop/urls.py": ROUTES, "not_installed/__init__.py": "", file: ASKED.format(call)}
    found = found_ids(scan(make(tmp_path, files), trust=True))
    assert ("urls.unresolvable" in found) is told


@pytest.mark.parametrize(("name", "told"), [("docker", False), ("production", True)])
def test_settings_of_a_container_with_debug_are_a_developers(tmp_path, name, told):
    make(tmp_path, {f"shop/{name}.py": "from .settings import *\n"})
    found = found_ids(scan(tmp_path, settings=f"shop.{name}"))
    assert ("settings.debug" in found) is told
