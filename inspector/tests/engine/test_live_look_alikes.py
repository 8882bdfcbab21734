# ruff: noqa: E501 - source texts of projects stand in long lines
"""Lessons from live scans of real projects: each case with a similar one."""

import pytest
from projects import TEMPLATES, found_ids, german, make, scan
from test_believable import migration, with_migrations

from tests.long import LONG

TABLE = "from django.db import models\nclass Report(models.Model):\n    total = models.IntegerField()\n    class Meta:\n        {}\n"


@pytest.mark.parametrize(
    ("meta", "severity"),
    [("managed = False", "info"), ("db_table = 'reports'", "warning")],
)
def test_a_new_model_without_a_table_changes_no_database(tmp_path, meta, severity):
    with_migrations(tmp_path, TABLE.format(meta), ("0001_initial", migration()))
    found = found_ids(scan(tmp_path, trust=True))["drift:catalog"]
    assert found["severity"] == severity and german(found["why"])
    assert "Create model Report" in found["text"]
    assert found_ids(scan(tmp_path))["drift:catalog"]["severity"] == "info"


@pytest.mark.parametrize(("options", "severity"), [("'managed': False", "info"), ("", "warning")])
def test_a_deleted_model_without_a_table_changes_no_database(tmp_path, options, severity):
    first = migration(
        f"migrations.CreateModel('Report', [('id', models.BigAutoField(primary_key=True))], options={{{options}}})"
    )
    with_migrations(tmp_path, "", ("0001_initial", first))
    found = found_ids(scan(tmp_path, trust=True))["drift:catalog"]
    assert found["severity"] == severity and "Delete model Report" in found["text"]


@pytest.mark.parametrize(("place", "severity"), [("tasks", "info"), ("urls", "warning")])
def test_a_query_of_a_tasks_module_is_the_workers(tmp_path, place, severity):
    """Only the inspection, like a worker, imports the module; starting the site does not."""
    query = "from django.db import connection\nwith connection.cursor() as c:\n    c.execute('SELECT 1')\nfrom celery import shared_task\n@shared_task\ndef work(): pass\n"
    celery = "def shared_task(function): return function\n"
    urls = "urlpatterns = []\n" + ("import catalog.tasks\n" if place == "urls" else "")
    files = {"catalog/__init__.py": "", "catalog/tasks.py": query, "celery/__init__.py": celery}
    make(tmp_path, files | {"shop/urls.py": urls})
    found = found_ids(scan(tmp_path, trust=True))["effects.queries"]
    assert found["severity"] == severity and german(found["why"])
    assert ("a worker" in found["why"]) is (place == "tasks")


OLD = "site-packages/old_signals/__init__.py"


def failure(tmp_path, package, models="import old_signals\n"):
    settings = "import os, sys\nMODE = os.environ.get('SHOP_MODE')\nsys.path.insert(0, str(BASE_DIR / 'site-packages'))\n"
    files = {OLD: package, "catalog/__init__.py": "", "catalog/models.py": models}
    make(tmp_path, files | {"requirements.txt": "django\nold-signals==1.2\n"}, settings=settings)
    return scan(tmp_path, trust=True)["sections"]["runtime"]["error"]["diagnosis"]


def test_an_installed_package_that_does_not_fit_is_named(tmp_path):
    """Variables were read and missing, but are unrelated."""
    found = failure(
        tmp_path, "from django.dispatch import Signal\nready = Signal(providing_args=['x'])\n"
    )
    assert found["kind"] == "missing-package" and found["names"] == ["old-signals"]
    assert "unexpected keyword argument 'providing_args'" in found["text"]
    assert "old-signals==1.2" in found["text"] and german(found["text"])


def test_a_package_that_converts_a_variable_may_lack_it(tmp_path):
    found = failure(tmp_path, "import os\nPORT = int(os.environ.get('SHOP_PORT'))\n")
    assert found["kind"] == "missing-variable" and "SHOP_PORT" in found["names"]


def test_the_projects_own_wrong_call_is_no_packages_fault(tmp_path):
    found = failure(tmp_path, "", "from django.dispatch import Signal\nSignal(providing_args=[])\n")
    assert found["kind"] != "missing-package"


CHECK = """
from django.core.checks import Tags, Warning, register
@register(Tags.security, deploy=True)
def views(app_configs, **kwargs):
    return [Warning(f'view {n} has no schema', id=f'shop.W{n % 2}') for n in range(40)]
"""


def test_forty_warnings_of_one_check_are_one_point(tmp_path):
    make(
        tmp_path,
        {"catalog/__init__.py": "", "catalog/models.py": CHECK},
        settings="DEBUG = False\nALLOWED_HOSTS = ['shop.test']\n",
    )
    result = scan(tmp_path, trust=True)
    (row,) = result["sections"]["deploy"]["data"]["modules"]
    found = found_ids(result)["checks.deploy"]
    told = {one["id"] for one in row["messages"] if one["origin"] == "project" or not one["file"]}
    assert len(found["facts"]) > 40
    assert f"{len(told)} points" in found["title"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("gallery_page", False), ("gallery_page_landing", False), ("gallery_old", True)],
)
def test_the_template_of_a_page_is_named_after_its_model(tmp_path, name, told):
    """Like Wagtail: named after the model, with an underscore before each capital."""
    models = "from django.db import models\nclass GalleryPage(models.Model): pass\n"
    page = "<p>{{ page.title }}</p>"
    files = {"catalog/__init__.py": "", "catalog/models.py": models}
    files[f"catalog/templates/catalog/{name}.html"] = page
    make(tmp_path, files, settings=TEMPLATES)
    assert ("templates.unused" in found_ids(scan(tmp_path))) is told


@pytest.mark.parametrize(("package", "kind"), [("lib/page.html", "error"), ("lib/x.html", "info")])
def test_a_broken_template_in_place_of_a_packages_own_is_rendered(tmp_path, package, kind):
    make(
        tmp_path,
        {
            "catalog/__init__.py": "",
            "catalog/templates/lib/page.html": "{% load nothing_like_it %}",
            "site-packages/lib/__init__.py": "",
            f"site-packages/lib/templates/{package}": "fine",
        },
        settings="import sys\nsys.path.insert(0, str(BASE_DIR / 'site-packages'))\nINSTALLED_APPS += ['lib']\n"
        "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}]\n",
    )
    found = found_ids(scan(tmp_path, trust=True))
    name = "templates.broken" if kind == "error" else "templates.broken-unnamed"
    assert found[name]["severity"] == kind


@pytest.mark.parametrize("own", [True, False])
def test_languages_of_a_project_without_texts_of_its_own_are_its_packages(tmp_path, own):
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\nmsgid "a"\nmsgstr "b"\n'
    files = {"locale/fr/LC_MESSAGES/django.po": text} if own else {}
    make(
        tmp_path,
        files,
        settings="LANGUAGES = [('en', 'English'), ('fr', 'French'), ('de', 'German')]\nLOCALE_PATHS = [BASE_DIR / 'locale']\n",
    )
    assert ("i18n.languages" in found_ids(scan(tmp_path, trust=True))) is own


@LONG
def test_other_settings_that_never_load_say_why(tmp_path):
    """Each attempt names another variable, and there are more variables than attempts."""
    names = "".join(f"V{n} = os.environ['NEEDED_{n}']\n" for n in range(20))
    production = "import os\nfrom shop.settings import *\n" + names
    make(tmp_path, {"shop/production.py": production, "shop/wsgi.py": WSGI})
    result = scan(tmp_path, trust=True)
    rows = {one["module"]: one for one in result["sections"]["deploy"]["data"]["modules"]}
    assert not rows["shop.production"]["ok"]
    assert "NEEDED_" in rows["shop.production"]["error"]["hint"]
    found = found_ids(result)["checks.deploy-unknown:shop.production"]
    assert "NEEDED_" in found["text"]


WSGI = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.production')\n"


@pytest.mark.parametrize(("example", "told"), [("SHOP_SECRET_KEY=change-me\n", False), ("", True)])
def test_a_key_from_an_example_file_is_not_held_against_the_deployment(tmp_path, example, told):
    """The real key is unknown here; a key written in the settings is known."""
    settings = "DEBUG = False\nALLOWED_HOSTS = ['shop.test']\nSECRET_KEY = 'short'\n"
    if example:
        settings += "import os\nSECRET_KEY = os.environ['SHOP_SECRET_KEY']\n"
    make(tmp_path, {".env.example": example} if example else {}, settings=settings)
    result = scan(tmp_path, trust=True)
    (row,) = result["sections"]["deploy"]["data"]["modules"]
    assert "security.W009" in [one["id"] for one in row["messages"]]
    texts = [one["text"] for one in found_ids(result)["checks.deploy"]["facts"]]
    assert any("W009" in text for text in texts) is told
    assert any("W009" not in text for text in texts), texts
