# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings that were wrong on real projects, each with a similar case that is right."""

import pytest
from projects import MODELS, found_ids, make, scan, static

from tests.long import LONG

HEAD = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
KEY = "('id', models.BigAutoField(primary_key=True, serialize=False))"


def migration(ops="", deps="", more=""):
    return f"{HEAD}    dependencies = [{deps}]\n    operations = [{ops}]\n{more}"


def with_migrations(root, models, *files, settings=""):
    names = {f"catalog/migrations/{name}.py": text for name, text in files}
    extra = {"catalog/models.py": models, "catalog/migrations/__init__.py": "", **names}
    return make(root, extra, settings=settings)


def changes(root):
    return [one["text"] for row in static(root, "drift")["apps"].values() for one in row["ops"]]


# ---- drift

FIRST = migration(
    f"migrations.CreateModel('Book', [{KEY}]), migrations.CreateModel('Base', [{KEY}]), "
    f"migrations.CreateModel('Note', [{KEY}, ('text', models.ForeignKey('{{}}', models.CASCADE))])"
)
RENAMES = migration(
    "migrations.RenameModel('Book', 'Text'), migrations.RenameModel('Base', 'Book')",
    "('catalog', '0001_initial')",
)
RENAMED = "from django.db import models\nclass Text(models.Model):\n    pass\nclass Book(models.Model):\n    pass\nclass Note(models.Model):\n    text = models.ForeignKey({}, models.CASCADE)\n"


@pytest.mark.parametrize("to", ["catalog.book", "Book"])
def test_a_relation_follows_a_rename_before_the_name_is_given_again(tmp_path, to):
    files = ("0001_initial", FIRST.format(to)), ("0002_rename", RENAMES)
    with_migrations(tmp_path / "same", RENAMED.format("Text"), *files)
    assert changes(tmp_path / "same") == []
    with_migrations(tmp_path / "other", RENAMED.format("Book"), *files)
    assert changes(tmp_path / "other") == [
        "Alter field text on note (target catalog.Text is now catalog.Book)"
    ]


GENERIC = """from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
class Strict(GenericForeignKey):
    pass
class Price(models.DecimalField):
    pass
class Free(models.IntegerField):
    def contribute_to_class(self, cls, name, **kwargs):
        pass
class Note(models.Model):
    kind = models.ForeignKey("contenttypes.ContentType", models.CASCADE)
    number = models.IntegerField()
    target = Strict("kind", "number")
    free = Free()
"""
NOTE = migration(
    f"migrations.CreateModel('Note', [{KEY}, ('kind', models.ForeignKey('contenttypes.contenttype', models.CASCADE)), ('number', models.IntegerField())])"
)


def test_fields_without_a_column_are_no_drift(tmp_path):
    with_migrations(tmp_path / "same", GENERIC, ("0001_initial", NOTE))
    assert changes(tmp_path / "same") == []
    more = GENERIC + "    price = Price(max_digits=5, decimal_places=2)\n"
    with_migrations(tmp_path / "other", more, ("0001_initial", NOTE))
    assert changes(tmp_path / "other") == ["Add field price to note"]


def test_what_a_metaclass_does_is_not_guessed(tmp_path):
    meta = "from django.db import models\nclass Maker(models.base.ModelBase):\n    pass\nclass Book(models.Model{}):\n    title = models.CharField(max_length=50)\n"
    first = (
        "0001_initial",
        migration(f"migrations.CreateModel('Book', [{KEY}, ('made', models.IntegerField())])"),
    )
    with_migrations(tmp_path / "made", meta.format(", metaclass=Maker"), first)
    assert changes(tmp_path / "made") == []
    with_migrations(tmp_path / "plain", meta.format(""), first)
    assert sorted(changes(tmp_path / "plain")) == [
        "Add field title to book",
        "Remove field made from book",
    ]


# ---- the graph

SQUASH = "    replaces = [('catalog', '0001_a'), ('catalog', '0002_b')]\n"


@pytest.mark.parametrize("trust", [False, True])
def test_a_squash_whose_originals_are_gone_is_no_conflict(tmp_path, trust):
    make_book = "migrations.CreateModel('Book', [('id', models.BigAutoField(primary_key=True, serialize=False)), ('title', models.CharField(max_length=50))])"
    squash = ("0001_squashed", migration(make_book, more=SQUASH))
    after = ("0003_c", migration(deps="('catalog', '0002_b')"))
    with_migrations(tmp_path, MODELS, squash, after)
    result = scan(tmp_path, trust=trust)
    data = result["sections"]["migrations"]["data"]
    assert (data["conflicts"], data["errors"], data["lost_originals"]) == ({}, [], [])
    assert data["apps"]["catalog"]["leaves"] == ["0003_c"]
    fork = tmp_path / "catalog/migrations/0003_d.py"
    fork.write_text(migration(deps="('catalog', '0002_b')"))
    data = scan(tmp_path, trust=trust)["sections"]["migrations"]["data"]
    assert data["conflicts"] == {"catalog": ["0003_c", "0003_d"]}


@pytest.mark.parametrize("trust", [False, True])
def test_a_squash_that_replaces_what_is_partly_gone(tmp_path, trust):
    squash = ("0001_squashed", migration(more=SQUASH))
    with_migrations(tmp_path, "", ("0001_a", migration()), squash)
    result = scan(tmp_path, trust=trust)
    (row,) = result["sections"]["migrations"]["data"]["lost_originals"]
    assert row["text"] == "catalog.0001_squashed replaces catalog.0002_b, which is not there."
    assert found_ids(result)["migrations.lost-originals"]["severity"] == "info"


@pytest.mark.parametrize("trust", [False, True])
def test_a_circle_is_named_with_its_path(tmp_path, trust):
    one = ("0001_a", migration(deps="('catalog', '0002_b')"))
    two = ("0002_b", migration(deps="('catalog', '0001_a')"))
    with_migrations(tmp_path, "", one, two)
    (error,) = scan(tmp_path, trust=trust)["sections"]["migrations"]["data"]["errors"]
    assert error["text"].endswith(" depend on each other in a circle.")
    assert error["text"].count("catalog.000") == 3 and error["file"] and error["line"] == 5
    (tmp_path / "catalog/migrations/0001_a.py").write_text(migration())
    assert scan(tmp_path, trust=trust)["sections"]["migrations"]["data"]["errors"] == []


def test_run_before_and_first_are_followed_around_a_circle(tmp_path):
    files = {
        "cart/__init__.py": "",
        "cart/models.py": "",
        "cart/migrations/__init__.py": "",
        "cart/migrations/0001_initial.py": migration(deps="('catalog', '__first__')"),
    }
    with_migrations(tmp_path, "", ("0001_initial", migration(deps="('cart', '0001_initial')")))
    make(tmp_path, {**files, "catalog/models.py": ""}, settings="INSTALLED_APPS += ['cart']\n")
    (error,) = static(tmp_path, "migrations")["errors"]
    assert "cart.0001_initial → catalog.0001_initial" in error["text"]


@pytest.mark.parametrize("trust", [False, True])
def test_migrations_beside_no_init_are_there_and_unseen(tmp_path, trust):
    make(tmp_path, {"catalog/migrations/0001_initial.py": migration()})
    found = found_ids(scan(tmp_path, trust=trust))
    assert found["migrations.unpackaged"]["facts"][0]["file"] == "catalog/migrations"
    assert "migrations.none" not in found
    (tmp_path / "catalog/migrations/0001_initial.py").unlink()
    assert "migrations.none" in found_ids(scan(tmp_path, trust=trust))


def test_two_apps_with_one_label(tmp_path):
    files = {f"{name}/shop/__init__.py": "" for name in "ab"}
    make(tmp_path, files, settings="INSTALLED_APPS += ['a.shop', 'b.shop']\n")
    row = found_ids(scan(tmp_path))["apps.label"]
    assert row["severity"] == "error" and "a.shop and b.shop" in row["text"]
    config = "from django.apps import AppConfig\nclass Own(AppConfig):\n    name = 'b.shop'\n    label = 'own'\n"
    make(tmp_path, {"b/shop/apps.py": config}, settings="INSTALLED_APPS += ['a.shop', 'b.shop']\n")
    assert "apps.label" not in found_ids(scan(tmp_path))


# ---- templates

HOME = "from django.template import loader\n\n\ndef home(request):\n    return loader.get_template('{}').render()\n"
DIRS = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': ['pages', 'pages/error']}]\n"


@pytest.mark.parametrize("trust", [False, True])
def test_a_folder_of_templates_inside_another(tmp_path, trust):
    files = {"pages/error/home.html": "x", "catalog/views.py": HOME.format("error/home.html")}
    make(tmp_path, files, settings=DIRS)
    data = scan(tmp_path, trust=trust)["sections"]["templates"]["data"]
    assert (data["missing"], data["unused"]) == ([], [])
    rows = {one["name"]: one["origin"] for one in data["templates"]}
    assert rows["error/home.html"] == rows["home.html"] == "project"
    make(tmp_path, {"catalog/views.py": HOME.format("error/house.html")}, settings=DIRS)
    data = scan(tmp_path, trust=trust)["sections"]["templates"]["data"]
    assert [one["name"] for one in data["missing"]] == ["error/house.html"]


def test_a_file_that_is_opened_is_no_missing_template(tmp_path):
    letter = "class Letter:\n    template = 'letter.txt'\n\n    def text(self):\n        return open(self.template).read()\n"
    make(
        tmp_path,
        {"catalog/letters.py": letter, "catalog/data/letter.txt": "", "pages/error/a.html": ""},
        settings=DIRS,
    )
    assert static(tmp_path, "templates")["missing"] == []
    (tmp_path / "catalog/data/letter.txt").unlink()
    assert [one["name"] for one in static(tmp_path, "templates")["missing"]] == ["letter.txt"]


def test_the_engine_knows_what_no_folder_holds(tmp_path):
    memory = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [], 'OPTIONS': {'loaders': MEMORY}}]\n"
    loaders = "MEMORY = [('django.template.loaders.locmem.Loader', {'here.html': 'x'})]\n"
    views = HOME.format("here.html") + HOME.partition("\n\n\n")[2].format("gone.html").replace(
        "home", "away"
    )
    make(tmp_path, {"catalog/views.py": views}, settings=loaders + memory)
    data = scan(tmp_path, trust=True)["sections"]["templates"]["data"]
    assert "here.html" not in [one["name"] for one in data["missing"]]


# ---- routes


@LONG
@pytest.mark.parametrize("trust", [False, True])
def test_a_name_with_other_parameters_is_not_used_twice(tmp_path, trust):
    urls = "from django.urls import path\nfrom django.views.generic import View\nv = View.as_view()\nurlpatterns = [path('a/', v, name='a'), path('a/<int:page>/', v, name='a')]\n"
    make(tmp_path, {"shop/urls.py": urls})
    assert scan(tmp_path, trust=trust)["sections"]["urls"]["data"]["duplicate_names"] == {}
    make(tmp_path, {"shop/urls.py": urls + "urlpatterns += [path('b/', v, name='a')]\n"})
    data = scan(tmp_path, trust=trust)["sections"]["urls"]["data"]
    assert data["duplicate_names"] == {"a": 2}


def test_link_and_route_under_the_same_condition(tmp_path):
    urls = "import os\nfrom django.urls import path\nfrom django.views.generic import View\nurlpatterns = []\nif os.environ.get('SIGNUP'):\n    urlpatterns += [path('join/', View.as_view(), name='join')]\n"
    views = "from django.shortcuts import redirect\ndef a(request):\n    return redirect('join')\n"
    make(tmp_path, {"shop/urls.py": urls, "catalog/views.py": views})
    make(
        tmp_path,
        {
            "shop/urls.py": urls + "urlpatterns += [path('x/', View.as_view(), name='x')]\n",
            "catalog/views.py": views,
        },
    )
    assert "urls.unresolvable" not in found_ids(scan(tmp_path, trust=True))
    (tmp_path / "catalog/views.py").write_text(views.replace("join", "joyn"))
    assert "joyn" in found_ids(scan(tmp_path, trust=True))["urls.unresolvable"]["text"]


@pytest.mark.parametrize(
    "text",
    ["[*books]", "[*books, *shelves]", "list(chain(books, shelves))", "books + tuple(shelves)"],
)
def test_lists_of_routes_that_are_joined(tmp_path, text):
    files = {
        "shop/urls.py": f"from itertools import chain\nfrom catalog.urls import urlpatterns as books\nfrom catalog.urls import shelves\nurlpatterns = {text}\n",
        "catalog/urls.py": "from django.urls import path\nfrom django.views.generic import View\nurlpatterns = [path('books/', View.as_view())]\nshelves = [path('shelves/', View.as_view())]\n",
    }
    data = static(make(tmp_path, files), "urls")
    assert [one["pattern"] for one in data["routes"]][:1] == ["books/"]
    assert data["unresolved"] == []


# ---- settings and the environment


def required(root, text):
    make(root, settings="import os\n" + text)
    return [one["name"] for one in static(root, "settings")["env"] if one["required"]]


@pytest.mark.parametrize(
    "text",
    [
        "if 'A' in os.environ:\n    X = os.environ['A']\n",
        "X = os.environ['A'] if 'A' in os.environ else 1\n",
        "X = 'A' in os.environ and os.environ['A']\n",
        "try:\n    X = os.environ['A']\nexcept KeyError:\n    X = 1\n",
        "os.environ.setdefault('A', 'b')\nX = os.environ['A']\n",
        "def read():\n    return os.environ['A']\n",
        "X = os.environ.get('A', 'b')\n",
        "import contextlib\nwith contextlib.suppress(KeyError):\n    X = os.environ['A']\n",
    ],
)
def test_variables_that_may_be_absent(tmp_path, text):
    assert required(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "X = os.environ['A']\n",
        "X = int(os.environ['A']) + 1\n",
        "try:\n    X = os.environ['A']\nexcept ImportError:\n    X = 1\n",
        "class Y:\n    X = os.environ['A']\n",
        "if os.environ['A'] == 'b':\n    X = 1\n",
    ],
)
def test_variables_that_must_be_there(tmp_path, text):
    assert required(tmp_path, text) == ["A"]


def test_what_comes_from_an_example_file_is_told_and_not_held_against_the_project(tmp_path):
    text = "import os\nSECRET_KEY = os.environ['SHOP_KEY']\nDEBUG = os.environ.get('SHOP_DEBUG', 'no') == 'yes'\nassert os.environ.get('SHOP_URL').startswith('x')\n"
    make(
        tmp_path,
        {".env.example": "SHOP_KEY=change-me\nSHOP_DEBUG=yes\nSHOP_URL=x\n"},
        settings=text,
    )
    result = scan(tmp_path, trust=True)
    found = found_ids(result)
    assert [one["text"] for one in found["settings.environment"]["facts"]] == ["SHOP_KEY"]
    assert not {"settings.debug", "settings.development"} & found.keys()
    rows = {one["name"]: one for one in result["sections"]["settings"]["data"]["variables"]}
    assert rows["DEBUG"]["value"] == "True" and rows["DEBUG"]["assumed"] == ["SHOP_DEBUG"]
    assert "assumed" not in rows["ROOT_URLCONF"]


def test_a_link_leads_to_the_line_that_says_so(tmp_path):
    files = {
        "shop/settings.py": "try:\n    from .dev import *\nexcept ImportError:\n    from .prod import *\n",
        "shop/dev.py": "from .base import *\n\nDEBUG = True\n",
        "shop/prod.py": "from .base import *\n\nDEBUG = False\n",
    }
    make(tmp_path, files)
    base = tmp_path / "shop/base.py"
    make(tmp_path / "other")
    base.write_text((tmp_path / "other/shop/settings.py").read_text().replace("DEBUG = True\n", ""))
    for trust in (False, True):
        data = scan(tmp_path, trust=trust)["sections"]["settings"]["data"]
        row = next(one for one in data["variables"] if one["name"] == "DEBUG")
        assert (row["value"], row["file"], row["line"]) == ("True", "shop/dev.py", 3)


def test_a_condition_that_is_not_known_replaces_no_known_list(tmp_path):
    files = {
        "shop/settings.py": "from .base import *\nimport os\nif os.environ.get('DEV'):\n    from .dev import *\n",
        "shop/dev.py": "from . import base\nINSTALLED_APPS = base.INSTALLED_APPS + ('django.contrib.sessions',)\n",
        "shop/base.py": "INSTALLED_APPS = ('catalog',)\nROOT_URLCONF = 'shop.urls'\nSECRET_KEY = 'x'\n",
    }
    result = scan(make(tmp_path, files))
    apps = result["sections"]["apps"]["data"]
    assert [(one["name"], one.get("conditional", False)) for one in apps["apps"]] == [
        ("catalog", False),
        ("django.contrib.sessions", True),
    ]
    assert result["status"] == "partial" and "django.contrib.sessions" in str(
        found_ids(result)["source.gaps"]
    )


@pytest.mark.parametrize(
    ("settings", "source", "text"),
    [
        ("INSTALLED_APPS = compute()\n", "folders", "found by their folders"),
        (
            "globals().update({'INSTALLED_APPS': ['catalog']})\n",
            "folders",
            "found by their folders",
        ),
        ("INSTALLED_APPS = ['catalog', *more()]\n", "settings", "more()"),
    ],
)
def test_what_is_computed_makes_a_static_scan_partial(tmp_path, settings, source, text):
    result = scan(make(tmp_path, {"shop/settings.py": settings + "ROOT_URLCONF = 'shop.urls'\n"}))
    assert result["status"] == "partial"
    assert text in str(found_ids(result)["source.gaps"]["facts"])
    assert result["sections"]["apps"]["data"]["source"] == source
    assert "migrations.none" not in found_ids(result) or source == "settings"


def test_without_any_app_a_static_scan_is_partial(tmp_path):
    make(tmp_path, {"shop/settings.py": "ROOT_URLCONF = 'shop.urls'\n"})
    for file in ("models.py", "__init__.py"):
        (tmp_path / "catalog" / file).unlink()
    result = scan(tmp_path)
    assert result["status"] == "partial" and "No app was found" in str(found_ids(result))


def test_a_project_that_is_written_out_is_complete(tmp_path):
    assert scan(make(tmp_path))["status"] == "complete"
    assert scan(make(tmp_path / "b", settings="INSTALLED_APPS = []\n"))["status"] == "complete"
    text = "import sys\nif 'test' in sys.argv:\n    INSTALLED_APPS += ['nowhere']\n"
    result = scan(make(tmp_path, settings=text))
    assert result["status"] == "complete"
    assert "nowhere" not in str(result["sections"]["apps"]["data"])


def test_settings_of_dynaconf_come_from_its_file(tmp_path):
    toml = "[default]\nSECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['catalog']\n[development]\nINSTALLED_APPS = ['dynaconf_merge', 'tools']\n"
    files = {
        "shop/settings.py": "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n",
        "settings.toml": toml,
        **{
            f"{name}/{file}": ""
            for name in ("tools", "attic")
            for file in ("__init__.py", "models.py")
        },
    }
    result = scan(make(tmp_path, files))
    assert [one["name"] for one in result["sections"]["apps"]["data"]["apps"]] == [
        "catalog",
        "tools",
    ]
    assert result["status"] == "partial"
