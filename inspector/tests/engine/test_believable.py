# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings that were wrong on real projects, each beside a case that looks alike and is right."""

import pytest
from projects import MODELS, found_ids, german, make, scan, static

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


# ---- newer and older Pythons, encodings

NEWER = "class Book(models.Model):\n    title = models.CharField(max_length=9)\n\n    def f(self):\n        try:\n            return t'x{self.pk}'\n        except ValueError, TypeError:\n            pass\n"


def test_source_of_a_newer_python_is_read(tmp_path):
    make(tmp_path, {"catalog/models.py": "from django.db import models\n" + NEWER})
    result = scan(tmp_path)
    models = result["sections"]["models"]["data"]["models"]
    assert [one["name"] for one in models if one["origin"] == "project"] == ["Book"]
    assert result["sections"]["code"]["data"]["unparsable"] == []


@pytest.mark.parametrize(
    ("raw", "text", "hint"),
    [
        (
            "x = 1\n".encode("utf-16"),
            "it is encoded as UTF-16",
            "Python reads its source as UTF-8: save the file as UTF-8.",
        ),
        (b"x = 1\nprint 'x'\n", "Missing parentheses", "This is Python 2 code."),
        (
            b"try:\n    pass\nexcept ValueError, error:\n    pass\n",
            "multiple exception types",
            "This is Python 2 code.",
        ),
        (b"x = 0755\n", "leading zeros", "This is Python 2 code."),
        (b"x = 1\n\0\n", "it holds null bytes", "The file may be damaged."),
    ],
)
def test_files_that_no_python_of_today_reads(tmp_path, raw, text, hint):
    make(tmp_path)
    (tmp_path / "catalog/old.py").write_bytes(raw)
    result = scan(tmp_path)
    (row,) = result["sections"]["code"]["data"]["unparsable"]
    assert text in row["text"] and row["hint"] == hint
    assert result["status"] == "partial"


def test_a_migration_that_cannot_be_read_is_a_gap_and_no_conflict(tmp_path):
    files = [
        ("0001_a", migration()),
        ("0002_b", migration(deps="('catalog', '0001_a')")),
        ("0002_c", migration(deps="('catalog', '0001_a')")),
        ("0003_d", HEAD + "    operations = [*x for x in y for]\n"),
        ("0004_e", migration(deps="('catalog', '0003_d')")),
    ]
    with_migrations(tmp_path, "", *files)
    data = static(tmp_path, "migrations")
    assert data["conflicts"] == {} and len(data["errors"]) == 1
    (tmp_path / "catalog/migrations/0003_d.py").write_text(migration(deps="('catalog', '0002_b')"))
    assert static(tmp_path, "migrations")["conflicts"] == {"catalog": ["0002_c", "0004_e"]}


# ---- what real projects taught


def test_variables_read_through_a_star_import(tmp_path):
    files = {"shop/common.py": "import os\nimport environ\nenv = environ.Env()\n"}
    text = "from .common import *\nif os.environ.get('A'):\n    X = env.tuple('A')\nY = env('B')\n"
    make(tmp_path, files, settings=text)
    rows = {one["name"]: one["required"] for one in static(tmp_path, "settings")["env"]}
    assert rows == {"A": False, "B": True}


@pytest.mark.parametrize(
    ("name", "text", "unused"),
    [
        ("macros.html", "{% import 'macros.html' as m %}", False),
        ("macros.html", "{% from 'macros.html' import button %}", False),
        ("macros.html", "{# import macros #}", True),
    ],
)
def test_macros_of_jinja_are_used(tmp_path, name, text, unused):
    files = {f"pages/{name}": "x", "pages/base.html": text, "pages/error/404.html": "x"}
    files["catalog/views.py"] = HOME.format("base.html")
    make(tmp_path, files, settings=DIRS)
    found = [one["name"] for one in static(tmp_path, "templates")["unused"]]
    assert found == ([name] if unused else [])


@pytest.mark.parametrize(
    ("code", "sure"),
    [
        ("open(f'pages/letters/{name}.txt')", None),
        ("os.path.join(folder, name + '.txt')", False),
        ("open(f'logs/{name}.txt')", True),
    ],
)
def test_templates_that_are_opened_by_their_path(tmp_path, code, sure):
    files = {"pages/letters/hello.txt": "x", "pages/error/404.html": "x"}
    files["catalog/letters.py"] = f"import os\n\n\ndef f(folder, name):\n    return {code}\n"
    make(tmp_path, files, settings=DIRS)
    rows = [one for one in static(tmp_path, "templates")["unused"] if "hello" in one["name"]]
    assert [one["certain"] for one in rows] == ([] if sure is None else [sure])


def test_a_file_among_the_templates_that_nothing_renders_is_no_error(tmp_path):
    bad = "{{ failure() }}"
    files = {
        "pages/docs/actions.html": bad,
        "pages/error/404.html": bad,
        "catalog/views.py": HOME.format("home.html"),
        "pages/home.html": "x",
    }
    make(tmp_path, files, settings=DIRS)
    found = found_ids(scan(tmp_path, trust=True))
    assert found["templates.broken-unnamed"]["severity"] == "info"
    assert "docs/actions.html" in found["templates.broken-unnamed"]["text"]
    assert found["templates.broken"]["severity"] == "error"
    assert [one["text"].partition(":")[0] for one in found["templates.broken"]["facts"]] == [
        "404.html"
    ]


def test_what_a_variable_decides_is_not_held_against_the_settings(tmp_path):
    text = "import os\nDEBUG = os.environ.get('DEBUG', 'True') == 'True'\nALLOWED_HOSTS = os.environ.get('HOSTS', '*').split(',')\nSECRET_KEY = os.environ.get('KEY', 'x' * 50)\n"
    found = found_ids(scan(make(tmp_path / "open", settings=text), trust=True))
    assert not {"settings.development", "settings.allowed-hosts", "settings.debug"} & found.keys()
    text = "DEBUG = False\nALLOWED_HOSTS = ['*']\n"
    found = found_ids(scan(make(tmp_path / "fixed", settings=text), trust=True))
    assert found["settings.allowed-hosts"]["severity"] == "warning"


def test_a_database_that_an_inspection_made_up_is_not_missing(tmp_path):
    text = "import os\nDATABASES = {'default': {'ENGINE': os.environ['DB_ENGINE'], 'NAME': os.environ['DB_NAME']}}\n"
    assert "databases.none:default" not in found_ids(
        scan(make(tmp_path / "made", settings=text), trust=True)
    )
    assert "databases.none:default" in found_ids(scan(make(tmp_path / "real"), trust=True))


CHOICES = "from django.db import models\nclass Book(models.Model):\n    title = models.CharField(max_length={}, choices=[('a', 'A')])\n    class Meta:\n        verbose_name = 'tome'\n"


def test_drift_that_changes_no_database_is_a_note(tmp_path):
    first = (
        "0001_initial",
        migration(
            "migrations.CreateModel('Book', [('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')), ('title', models.CharField(max_length=50))])"
        ),
    )
    with_migrations(tmp_path / "same", CHOICES.format(50), first)
    found = found_ids(scan(tmp_path / "same", trust=True))
    assert found["drift:catalog"]["severity"] == "info"
    with_migrations(tmp_path / "other", CHOICES.format(60), first)
    found = found_ids(scan(tmp_path / "other", trust=True))
    assert found["drift:catalog"]["severity"] == "warning"


def test_one_row_for_each_kind(tmp_path):
    apps = ["one", "two", "three"]
    files = {
        f"{app}/{name}": text
        for app in apps
        for name, text in {
            "__init__.py": "",
            "models.py": MODELS,
            "migrations/__init__.py": "",
            "migrations/0001_initial.py": migration(),
        }.items()
    }
    make(tmp_path, files, settings=f"INSTALLED_APPS += {apps}\n")
    row = found_ids(scan(tmp_path))["drift"]
    assert row["title"] == "Models of 3 apps changed without a migration" and german(row["title"])
    assert len(row["facts"]) == 3 and row["text"].startswith("one: 1 change: ")


CHECK = "from django.core.checks import Warning, register\n@register()\ndef check(app_configs, **kwargs):\n    return [Warning({}, id='lib.W001'{})]\n"


def test_checks_of_packages_about_the_project_are_its_own(tmp_path):
    folder = tmp_path / "site-packages"
    make(
        tmp_path / "p",
        settings=f"import sys\nsys.path.insert(0, {str(folder)!r})\nINSTALLED_APPS += ['lib']\nimport lib.checks\n",
    )
    view = str(tmp_path / "p" / "catalog" / "models.py")
    for text, obj, own in (
        ("'settings'", "", True),
        (repr(f"{view}:4: view"), ", obj='x'", True),
        ("'theirs'", ", obj='x'", False),
    ):
        make(folder, {"lib/__init__.py": "", "lib/checks.py": CHECK.format(text, obj)})
        messages = scan(tmp_path / "p", trust=True)["sections"]["checks"]["data"]["messages"]
        row = next(one for one in messages if one["id"] == "lib.W001")
        assert (row["origin"] == "project") is own, (text, row)
        if "4: view" in text:
            assert (row["file"], row["line"]) == ("catalog/models.py", 4)


def test_a_parent_in_an_app_that_is_not_installed(tmp_path):
    orphan = ("0001_initial", migration(deps="('gone', '0009_lost')"))
    with_migrations(tmp_path / "sure", "", orphan)
    (error,) = static(tmp_path / "sure", "migrations")["errors"]
    assert error["text"] == "catalog.0001_initial depends on gone.0009_lost, which is not there."
    with_migrations(tmp_path / "open", "", orphan, settings="INSTALLED_APPS += more()\n")
    assert static(tmp_path / "open", "migrations")["errors"] == []


def test_a_way_back_on_a_proxy(tmp_path):
    models = (
        MODELS
        + "from django.contrib.contenttypes.fields import GenericRelation\nclass Tome(Book):\n    notes = GenericRelation('contenttypes.ContentType')\n    class Meta:\n        proxy = True\n"
    )
    make(tmp_path, {"catalog/models.py": models})
    rows = {one["name"]: one for one in static(tmp_path, "models")["models"]}
    assert [one["name"] for one in rows["Tome"]["fields"]] == ["notes"]
    assert rows["Book"]["fields"][1]["name"] == "title"


def test_a_field_may_bring_another_one(tmp_path):
    money = "from django.db import models\nfrom djmoney.models.fields import MoneyField\nclass Book(models.Model):\n    price = {}\n"
    first = (
        "0001_initial",
        migration(
            f"migrations.CreateModel('Book', [{KEY}, ('price', models.DecimalField()), ('price_currency', models.CharField(max_length=3))])"
        ),
    )
    with_migrations(tmp_path / "money", money.format("MoneyField()"), first)
    assert changes(tmp_path / "money") == []
    with_migrations(tmp_path / "plain", money.format("models.DecimalField()"), first)
    assert changes(tmp_path / "plain") == ["Remove field price_currency from book"]


@pytest.mark.parametrize(
    ("target", "status"), [("admin.site.urls", "complete"), ("router.urls", "partial")]
)
def test_what_is_made_by_a_router_is_a_gap(tmp_path, target, status):
    urls = f"from django.contrib import admin\nfrom django.urls import path\nfrom catalog.api import router\nurlpatterns = [path('x/', {target})]\n"
    files = {"shop/urls.py": urls, "catalog/api.py": "router = make_router()\n"}
    result = scan(make(tmp_path, files, settings="INSTALLED_APPS += ['django.contrib.admin']\n"))
    assert result["status"] == status
    assert len(result["sections"]["urls"]["data"]["unresolved"]) == 1
