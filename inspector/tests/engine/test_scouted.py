# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings that were wrong on more of other people's projects, each with a
similar one that is right.
"""

import pytest
from projects import MANAGE, SETTINGS, found_ids, make, scan, static, write
from test_believable import DIRS, HOME, changes, migration, with_migrations
from test_look_alike_migrations import drifting

from djdesk.projects.discovery.settings_modules import holds_settings
from inspector.static_analysis import pofile

KEY = "SECRET_KEY = 'a-key-that-is-written-here-0123456789'\n"
KNOWN = "('id', models.BigAutoField(primary_key=True)), ('title', models.TextField())"
HOSTS = "DEBUG = False\nALLOWED_HOSTS = ['*']\n"


@pytest.mark.parametrize(
    ("text", "files", "told"),
    [
        (HOSTS, {}, True),
        (HOSTS + "import os\nif os.environ.get('LIVE'):\n    from .live import *\n", {}, False),
        (HOSTS + "try:\n    from .local import *\nexcept ImportError:\n    pass\n", {}, False),
        (HOSTS + "try:\n    from .local import *\nexcept ImportError:\n    pass\n", {"shop/local.py": "X = 1\n"}, True),
        (HOSTS + "try:\n    from .local import *\nexcept ImportError:\n    pass\n" + HOSTS, {}, True),
        (HOSTS + "with open('local') as file:\n    exec(file.read())\n", {}, False),
        (HOSTS + "import django_heroku\ndjango_heroku.settings(locals())\n", {}, False),
        (HOSTS + "globals().update({})\n", {}, False),
        (HOSTS + "X = dict(globals=1)\n", {}, True),
        (HOSTS + "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n", {}, False),
        (HOSTS + "from split_settings.tools import include, optional\ninclude(optional('own.py'))\n", {}, False),
    ],
)  # fmt: skip
def test_what_a_local_file_may_replace_is_not_judged(tmp_path, text, files, told):
    files = {"shop/live.py": "ALLOWED_HOSTS = ['shop.example']\n", **files}
    make(tmp_path, files, settings=text)
    found = found_ids(scan(tmp_path))
    assert ("settings.allowed-hosts" in found) is told


@pytest.mark.parametrize(("condition", "told"), [("os.environ.get('CI')", False), ("True", True)])
def test_a_key_for_a_build_is_none_of_the_sites(tmp_path, condition, told):
    text = f"import os\nDEBUG = False\nSECRET_KEY = os.environ.get('KEY')\nif {condition}:\n    from .build import *\n"
    make(tmp_path, {"shop/build.py": KEY}, settings=text)
    for trust in (False, True):
        assert ("settings.secret-key" in found_ids(scan(tmp_path, trust=trust))) is told


@pytest.mark.parametrize(("name", "told"), [("common", False), ("site", True)])
def test_settings_that_others_are_made_of_leave_it_to_them(tmp_path, name, told):
    make(tmp_path, {f"shop/{name}.py": "from .settings import *\n" + KEY + HOSTS})
    found = found_ids(scan(tmp_path, settings=f"shop.{name}"))
    assert ("settings.secret-key" in found) is told


LOOP = "from catalog.models import Page\n\n\ndef f():\n    for page in Page.objects.all():\n        print(page.book.title)\n"
PAGE = "from django.db import models\n\n\nclass Book(models.Model):\n    title = models.TextField()\n\n\nclass Page(models.Model):\n    book = models.ForeignKey(Book, models.CASCADE)\n"


@pytest.mark.parametrize(
    ("file", "severity"),
    [
        ("catalog/views.py", "warning"),
        ("catalog/management/commands/count.py", "info"),
        ("bin/count.py", "info"),
        ("catalog/binding/count.py", "warning"),
        ("catalog/count_test.py", None),
    ],
)
def test_a_loop_that_somebody_runs_by_hand_delays_no_page(tmp_path, file, severity):
    make(tmp_path, {"catalog/models.py": PAGE, file: LOOP})
    row = found_ids(scan(tmp_path)).get("queries.n-plus-one")
    assert (row and row["severity"]) == severity
    assert row is None or "book_id has it" in row["why"]


OTHER = (
    "from django.db import models\n\n\nclass Guild(models.Model):\n    name = models.TextField()\n"
)


@pytest.mark.parametrize(
    ("marks", "labels"),
    [(["apps.py"], []), (["migrations/__init__.py"], []), ([], ["catalog.Guild"])],
)
def test_models_of_an_app_inside_that_is_not_installed_are_nobodys(tmp_path, marks, labels):
    files = {f"catalog/modules/guild/{name}": "" for name in ["__init__.py", *marks]}
    make(
        tmp_path,
        {**files, "catalog/modules/__init__.py": "", "catalog/modules/guild/models.py": OTHER},
    )
    rows = static(tmp_path, "models")["models"]
    assert [one["label"] for one in rows if one["name"] == "Guild"] == labels


@pytest.mark.parametrize(
    ("more", "label"), [("'catalog.models',", "models.Book"), ("", "catalog.Book")]
)
def test_models_are_of_the_nearest_app(tmp_path, more, label):
    files = {
        "catalog/models.py": "",
        "catalog/models/__init__.py": "",
        "catalog/models/models.py": OTHER.replace("Guild", "Book"),
    }
    make(
        tmp_path,
        files,
        settings=f"INSTALLED_APPS = ['django.contrib.contenttypes', {more} 'catalog']\n",
    )
    (tmp_path / "catalog/models.py").unlink()
    assert [
        one["label"] for one in static(tmp_path, "models")["models"] if one["origin"] == "project"
    ] == [label]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("allow(include('catalog.urls'))", {"home"}),
        ("allow(1, only(include('catalog.urls')))", {"home"}),
        ("allow(view)", set()),
    ],
)
def test_an_include_in_a_guard_leads_on(tmp_path, target, names):
    urls = "from django.urls import path\nfrom catalog.views import home\nurlpatterns = [path('', home, name='home')]\n"
    root = f"from django.urls import include, path\nfrom guards import allow, only\nfrom catalog.views import home as view\nurlpatterns = [path('a/', {target})]\n"
    make(
        tmp_path,
        {
            "catalog/urls.py": urls,
            "catalog/views.py": HOME.format("home.html"),
            "shop/urls.py": root,
        },
    )
    data = static(tmp_path, "urls")
    assert {one["name"] for one in data["routes"] if one["name"]} == names


def test_a_guarded_site_is_a_gap(tmp_path):
    root = "from django.contrib import admin\nfrom django.urls import path\nfrom guards import allow\nurlpatterns = [path('a/', allow(admin.site.urls))]\n"
    make(tmp_path, {"shop/urls.py": root})
    assert static(tmp_path, "urls")["unresolved"]


GUESSED = "INSTALLED_APPS = sum([], start())\n"


@pytest.mark.parametrize(("own", "conflict"), [("catalog", True), ("store", False)])
def test_a_label_that_is_guessed_makes_no_conflict(tmp_path, own, conflict):
    files = [
        ("0001_a", migration()),
        ("0002_b", migration(deps=f"('{own}', '0001_a')")),
        ("0002_c", migration(deps=f"('{own}', '0001_a')")),
    ]
    with_migrations(tmp_path, "", *files)
    assert bool(static(tmp_path, "migrations")["conflicts"]) or own != "catalog"
    (tmp_path / "shop/settings.py").write_text(GUESSED)
    assert static(tmp_path, "apps")["source"] == "folders"
    assert bool(static(tmp_path, "migrations")["conflicts"]) is conflict


@pytest.mark.parametrize(
    ("dependency", "conflict"), [("(LABEL, '0001_a')", False), ("('auth', '0001_initial')", True)]
)
def test_a_dependency_that_is_computed_makes_no_conflict(tmp_path, dependency, conflict):
    files = [("0001_a", migration()), ("0002_b", migration(deps=dependency))]
    with_migrations(tmp_path, "", *files)
    assert bool(static(tmp_path, "migrations")["conflicts"]) is conflict


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", True),
        (GUESSED, False),
        (
            "import os\nINSTALLED_APPS = []\nif os.environ.get('A'):\n    INSTALLED_APPS += ['catalog']\n",
            False,
        ),
    ],
)
def test_nothing_is_compared_where_the_apps_are_not_known(tmp_path, settings, told):
    drifting(tmp_path, "price = models.TextField()")
    if settings:
        text = (tmp_path / "shop/settings.py").read_text()
        (tmp_path / "shop/settings.py").write_text(
            text.replace("INSTALLED_APPS =", "_ =") + settings
        )
    assert bool(changes(tmp_path)) is told
    assert bool(static(tmp_path, "drift")["incomplete"]) is not told


@pytest.mark.parametrize(("old", "told"), [("IPField()", False), ("models.TextField()", True)])
def test_a_field_under_another_name_is_the_same_field(tmp_path, old, told):
    drifting(tmp_path, "price = models.GenericIPAddressField()", old=old)
    file = next((tmp_path / "catalog/migrations").glob("0001*.py"))
    file.write_text(
        "from django.db.models.fields import GenericIPAddressField as IPField\n" + file.read_text()
    )
    assert bool(changes(tmp_path)) is told


@pytest.mark.parametrize(
    ("body", "target"), [("return get_user_model()", "catalog.Member"), ("return make()", None)]
)
def test_a_function_that_gives_the_user_model(tmp_path, body, target):
    models = f"from django.contrib.auth import get_user_model\nfrom django.db import models\n\n\ndef users():\n    {body}\n\n\nUser = users()\n\n\nclass Token(models.Model):\n    user = models.ForeignKey(User, models.CASCADE)\n"
    make(tmp_path, {"catalog/models.py": models}, settings="AUTH_USER_MODEL = 'catalog.Member'\n")
    (row,) = [one for one in static(tmp_path, "models")["models"] if one["name"] == "Token"]
    (to,) = [one["rel"]["to"] for one in row["fields"] if one["name"] == "user"]
    assert to == (target or "catalog.models.User")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ('"one ""two"', "one two"),
        ('"one " "two"', "one two"),
        (r'"an \"odd\" one"', 'an "odd" one'),
        ('""\n"one ""two "\n"three"', "one two three"),
    ],
)
def test_several_texts_on_a_line_are_one(lines, text):
    whole = pofile.read(f'msgid "a"\nmsgstr {lines}\n'.encode())
    with_comment = pofile.read(f'#, c-format\nmsgctxt "x"\nmsgid "a"\nmsgstr {lines}\n'.encode())
    assert list(whole.texts.values()) == list(with_comment.texts.values()) == [(text,)]
    assert not whole.errors and not with_comment.errors


@pytest.mark.parametrize(
    ("folder", "told"), [("tests/other/templates", False), ("parts/templates", True)]
)
def test_templates_that_tests_are_about_are_not_judged(tmp_path, folder, told):
    files = {f"{folder}/bad.html": "{% block a %}", "catalog/views.py": HOME.format("bad.html")}
    make(tmp_path, files, settings=DIRS)
    assert bool(static(tmp_path, "templates")["broken"]) is told


@pytest.mark.parametrize(
    ("text", "unused"), [("{mobile/}page.html", False), ("{mobile}page.html", True)]
)
def test_a_part_in_braces_may_be_left_out(tmp_path, text, unused):
    files = {
        "pages/page.html": "x",
        "pages/mobile/page.html": "x",
        "catalog/views.py": HOME.format(text),
    }
    make(tmp_path, files, settings=DIRS)
    names = {one["name"] for one in static(tmp_path, "templates")["unused"]}
    assert names == ({"page.html", "mobile/page.html"} if unused else set())


@pytest.mark.parametrize(("engine", "sure"), [(DIRS, True), ("", False)])
def test_without_an_engine_no_template_is_unused(tmp_path, engine, sure):
    make(
        tmp_path,
        {"pages/templates/left.html": "x", "pages/templates/error/404.html": "x"},
        settings=engine,
    )
    rows = [one for one in static(tmp_path, "templates")["unused"] if "left" in one["name"]]
    assert [one["certain"] for one in rows] == [sure]


@pytest.mark.parametrize(
    ("folder", "severity"), [("testproject/testapp", "info"), ("latest/shelf", "warning")]
)
def test_an_app_for_tests_needs_no_migrations(tmp_path, folder, severity):
    name = folder.replace("/", ".")
    files = {
        f"{folder}/__init__.py": "",
        f"{folder.partition('/')[0]}/__init__.py": "",
        f"{folder}/models.py": OTHER,
    }
    settings = f"INSTALLED_APPS = ['django.contrib.contenttypes', '{name}']\n"
    make(tmp_path, files, settings=settings)
    assert found_ids(scan(tmp_path))["migrations.none"]["severity"] == severity


@pytest.mark.parametrize(
    ("field", "told"),
    [("models.IntegerField(verbose_name='how many')", False), ("models.TextField()", True)],
)
def test_a_command_of_ones_own_is_asked_about_the_database_only(tmp_path, field, told):
    drifting(tmp_path, f"price = {field}")
    command = "from django.core.management.commands.makemigrations import Command\n"
    folder = "catalog/management"
    write(
        tmp_path,
        {
            f"{folder}/__init__.py": "",
            f"{folder}/commands/__init__.py": "",
            f"{folder}/commands/makemigrations.py": command,
        },
    )
    assert ("drift.overridden" in found_ids(scan(tmp_path, trust=True))) is told


@pytest.mark.parametrize(
    ("apps", "told"),
    [("'django.contrib.auth'", False), ("'django.contrib.admin', 'django.contrib.auth'", True)],
)
def test_templates_for_an_admin_that_is_not_installed_are_not_rendered(tmp_path, apps, told):
    files = {"pages/admin/base_site.html": "{% include 'lost.html' %}"}
    files["pages/error/404.html"] = "x"
    settings = f"{DIRS}INSTALLED_APPS = ['django.contrib.contenttypes', {apps}, 'catalog']\n"
    make(tmp_path, files, settings=settings)
    assert ("templates.missing" in found_ids(scan(tmp_path))) is told


@pytest.mark.parametrize(
    ("text", "held"),
    [("SIZE = 1\n", False), ("from .base import *\n", True), ("INSTALLED_APPS = []\n", True)],
)
def test_an_apps_own_defaults_are_no_settings_of_a_site(text, held):
    assert holds_settings(text) is held


@pytest.mark.parametrize(
    ("more", "told"), [("", True), ("class Production(Base):\n    ALLOWED_HOSTS = []\n", False)]
)
def test_one_of_several_configurations_is_not_the_site(tmp_path, more, told):
    one = "class Base(Configuration):\n    INSTALLED_APPS = ['django.contrib.auth']\n    ALLOWED_HOSTS = ['*']\n"
    make(
        tmp_path,
        {"shop/settings.py": f"from configurations import Configuration\n\n\n{one}\n\n{more}"},
    )
    assert ("settings.allowed-hosts" in found_ids(scan(tmp_path))) is told


@pytest.mark.parametrize(
    ("name", "told"),
    [("HistoricalBook_authors", []), ("Historical_authors", ["Delete model Historical_authors"])],
)
def test_the_history_of_a_many_to_many_relation_is_its_librarys(tmp_path, name, told):
    text = "from django.db import models\nfrom simple_history.models import HistoricalRecords\n\n\nclass Book(models.Model):\n    title = models.TextField()\n    history = HistoricalRecords(m2m_fields=[])\n"
    made = [f"migrations.CreateModel('{one}', [{KNOWN}])" for one in ("Book", name)]
    with_migrations(tmp_path, text, ("0001_a", migration(", ".join(made))))
    assert changes(tmp_path) == told


@pytest.mark.parametrize(
    ("name", "sure"), [("path.join(folder, name)", False), ("'home.html'", True)]
)
def test_a_name_in_a_folder_that_is_given_may_be_any(tmp_path, name, sure):
    view = f"from os import path\nfrom django.template.loader import render_to_string\n\n\ndef letter(folder, name):\n    return render_to_string({name})\n"
    files = {"pages/letters/hello.txt": "x", "pages/error/404.html": "x", "pages/home.html": "x"}
    make(tmp_path, {**files, "catalog/letters.py": view}, settings=DIRS)
    rows = [one for one in static(tmp_path, "templates")["unused"] if "hello" in one["name"]]
    assert [one["certain"] for one in rows] == [sure]


@pytest.mark.parametrize("text", ["", "from .dev import *\n"])
def test_an_empty_package_that_manage_py_names_has_no_settings(tmp_path, text):
    manage = MANAGE.replace("shop.settings", "conf")
    files = {"manage.py": manage, "conf/__init__.py": text, "conf/dev.py": SETTINGS}
    make(tmp_path, files)
    (tmp_path / "shop/settings.py").unlink()
    runtime = scan(tmp_path, trust=True)["sections"]["runtime"]
    assert runtime["ok"], runtime
    assert runtime["data"]["settings_module"] == ("conf" if text else "conf.dev")
