# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings that were wrong on other people's projects, each with a similar one that is right.
Without an environment, much of what the projects use cannot be read.
"""

import pytest
from projects import MANAGE, found_ids, make, scan, static, write
from test_believable import DIRS, HOME, KEY, changes, migration, required, with_migrations
from test_look_alike_migrations import without_interpreter

from djdesk.projects.discovery.project import find_project
from djdesk.projects.discovery.settings_kinds import kind_of
from inspector.facts import findings_of
from inspector.facts.lifecycles import newest_within

# ---- settings and requirements


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "import environ\nfrom elsewhere import DEFAULTS\nenv = environ.Env(**DEFAULTS)\nX = env('A')\n",
            [],
        ),
        ("import environ\nenv = environ.Env(B=(str, 'b'))\nX = env('A')\n", ["A"]),
        (
            "import environ\nenv = environ.Env(CACHE_URL=(str, 'locmem://'))\nX = env.cache()\nY = env.db()\n",
            ["DATABASE_URL"],
        ),
        (
            "from environs import Env, EnvError\nenv = Env()\ntry:\n    X = env('A')\nexcept EnvError:\n    X = ''\n",
            [],
        ),
        (
            "from environs import Env\nenv = Env()\ntry:\n    X = env('A')\nexcept OSError:\n    X = ''\n",
            ["A"],
        ),
        ("from shop.scheme import env\nX = env('A')\nY = env('B')\n", ["B"]),
        ("from yaenv import Env\nenv = Env('.env')\nX = env.get('A')\nY = env.secret('B')\n", []),
        ("from environs import Env\nenv = Env()\nX = env.str('A')\n", ["A"]),
        ("from shop.given import env\nX = env('A')\n", []),
        ("from shop.urls import env\nX = env.get_credential('A')\nY = env.str('B')\n", ["B"]),
        ("from decouple import config\nif config('A', None):\n    X = config('A')\n", []),
        (
            "from decouple import config\nX = config('A', cast=int)\nY = config('B', int)\n",
            ["A", "B"],
        ),
    ],
)
def test_variables_with_a_default_elsewhere(tmp_path, text, wanted):
    given = "from smart_env import SmartEnv\nDEFAULTS = {}\nenv = SmartEnv(**DEFAULTS)\n"
    scheme = "import environ\nenv = environ.Env(A=(str, 'a'))\n"
    write(tmp_path, {"shop/given.py": given, "shop/scheme.py": scheme})
    assert required(tmp_path, text) == wanted


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("shop.tests.settings", "test"),
        ("tests.production", "test"),
        ("test_project.test_project.settings", "test"),
        ("testproject.settings", "test"),
        ("contests.settings", "other"),
        ("testimonials.settings", "other"),
        ("shop.settings.production", "production"),
        ("shop.settings.test", "test"),
    ],
)
def test_settings_in_a_package_of_tests_are_for_tests(name, kind):
    assert kind_of(name) == kind


def test_a_range_with_an_end_is_a_choice(tmp_path):
    lines = [
        "one~=1.2",
        "two>=1,<2",
        "own @ file:.",
        "three>=3",
        "four @ git+https://example.org/four@main",
        "five",
    ]
    make(tmp_path, {"requirements.txt": "\n".join(lines)})
    row = found_ids(scan(tmp_path))["packages.unpinned"]
    assert [one["text"].partition(" ")[0].rstrip("@") for one in row["facts"]] == [
        "three>=3",
        "four",
        "five",
    ]


@pytest.mark.parametrize(
    ("specifier", "newest"),
    [
        (">=3.2,<3.3", "3.2"), ("~=4.2.8", "4.2"), ("<5,>=4.2", "4.2"), ("==1.11.16", "1.11"),
        ("^3.2", "3.2"), ("==4.2.*", "4.2"), ("<4.2.5", "4.2"), (">=4.2", None), ("", None),
    ],
)  # fmt: skip
def test_the_newest_django_within_a_range(specifier, newest):
    assert newest_within(specifier) == newest


@pytest.mark.parametrize(("specifier", "ended"), [("Django~=4.2.8", True), ("Django>=4.2", False)])
def test_a_range_that_allows_no_supported_django(tmp_path, specifier, ended):
    make(tmp_path, {"requirements.txt": specifier})
    rows = found_ids(without_interpreter(tmp_path))
    assert ("lifecycle.django" in rows) is ended
    if ended:
        assert rows["lifecycle.django"]["file"] == "requirements.txt"


# ---- code


def test_files_of_libraries_that_lie_in_the_project_are_a_note(tmp_path):
    make(tmp_path, {"static/openlayers/tool.py": "print 'x'\n"})
    assert found_ids(scan(tmp_path))["code.unparsable"]["severity"] == "info"
    make(tmp_path, {"catalog/views.py": "x = [\n"})
    rows = [
        one["severity"] for one in findings_of(scan(tmp_path)) if one["id"] == "code.unparsable"
    ]
    assert rows == ["warning", "info"]


def test_python_2_is_told_from_python_3_14(tmp_path):
    old = "try:\n    pass\nexcept Exception, E:\n    print E\n"
    new = "try:\n    pass\nexcept (ValueError), KeyError as x:\n    pass\n"
    make(tmp_path, {"catalog/old.py": old, "catalog/new.py": new})
    rows = static(tmp_path, "code")["unparsable"]
    assert {one["file"]: one["hint"] for one in rows}["catalog/old.py"] == "This is Python 2 code."
    assert all("Python 2" not in one["hint"] for one in rows if one["file"] == "catalog/new.py")


@pytest.mark.parametrize(("count", "told"), [(3, True), (4, False)])
def test_a_circle_is_told_where_few_imports_close_it(tmp_path, count, told):
    files = {f"{name}/__init__.py": "" for name in "ab"}
    files |= {f"a/m{n}.py": "import b\n" for n in range(9)}
    files |= {f"b/m{n}.py": "import a\n" for n in range(count)}
    make(tmp_path, files, settings="INSTALLED_APPS += ['a', 'b']\n")
    row = found_ids(scan(tmp_path)).get("apps.cycle:a-b")
    assert bool(row) is told
    if row:
        assert row["text"] == "Without the 3 imports of a in b there would be no cycle."
        assert row["file"] == "b/m0.py"
    assert static(tmp_path, "code")["cycles"] == [["a", "b"]]


def test_what_only_an_error_leads_to_is_no_loop_of_queries(tmp_path):
    models = "from django.db import models\nclass Shelf(models.Model):\n    name = models.TextField()\nclass Book(models.Model):\n    shelf = models.ForeignKey(Shelf, models.CASCADE)\n"
    loop = "from .models import Book\ndef f():\n    for book in Book.objects.all():\n        try:\n            print({})\n        except ValueError:\n            print({})\n        print(1)\n"
    for usual, rare, found in (("1", "book.shelf.name", 0), ("book.shelf.name", "1", 1)):
        make(tmp_path, {"catalog/models.py": models, "catalog/views.py": loop.format(usual, rare)})
        assert len(static(tmp_path, "code")["queries"]) == found
    make(
        tmp_path,
        {
            "catalog/views.py": "",
            "unittests/helpers.py": loop.format("book.shelf.name", "1").replace(
                ".models", "catalog.models"
            ),
        },
    )
    assert static(tmp_path, "code")["queries"] == []


def test_templates_are_unused_only_where_all_apps_were_found(tmp_path):
    files = {
        "pages/base.html": "x",
        "pages/left.html": "x",
        "catalog/views.py": HOME.format("base.html"),
    }
    make(tmp_path, files, settings=DIRS)
    assert "templates.unused" in found_ids(scan(tmp_path))
    make(tmp_path, settings=DIRS + "INSTALLED_APPS += ['wagtail.pages']\n")
    assert "templates.unused" not in found_ids(scan(tmp_path))


@pytest.mark.parametrize(("folder", "told"), [("two_factor", False), ("catalog", True)])
def test_a_template_that_replaces_one_of_a_package_has_its_links(tmp_path, folder, told):
    page = "{% if phones %}{% url 'two_factor:phone' %}{% endif %}"
    files = {"two_factor/__init__.py": "", f"catalog/templates/{folder}/page.html": page}
    files["shop/urls.py"] = (
        "from django.urls import path\nfrom catalog import views\nurlpatterns = [path('', views.home, name='home')]\n"
    )
    files["catalog/views.py"] = HOME.format(f"{folder}/page.html")
    make(tmp_path, files, settings="INSTALLED_APPS += ['two_factor']\n" + ENGINE)
    result = scan(tmp_path)
    apps = result["sections"]["apps"]["data"]["apps"]
    next(one for one in apps if one["label"] == "two_factor")["origin"] = "third-party"
    assert ("urls.unresolvable" in found_ids(result)) is told


ENGINE = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}]\n"


def test_a_template_named_through_the_folder_above_is_used(tmp_path):
    files = {
        "pages/base.html": "x",
        "pages/left.html": "x",
        "catalog/views.py": HOME.format("../pages/base.html"),
    }
    make(tmp_path, files, settings=DIRS)
    assert [one["name"] for one in static(tmp_path, "templates")["unused"]] == ["left.html"]


def test_what_a_file_that_cannot_be_parsed_may_define_is_not_called_deleted(tmp_path):
    first = ("0001_a", migration(f"migrations.CreateModel('Book', [{KEY}])"))
    with_migrations(tmp_path, "", first)
    assert changes(tmp_path) == ["Delete model Book"]
    make(tmp_path, {"catalog/models.py": "class Book:\n    raise ValueError, 'x'\n"})
    data = static(tmp_path, "drift")
    assert data["apps"] == {} and "catalog/models.py" in data["incomplete"]["catalog"]


@pytest.mark.parametrize(
    "text", ["from shop.main import urlpatterns", "from .main import urlpatterns"]
)
def test_routes_that_a_module_takes_from_another(tmp_path, text):
    main = "from django.urls import path\nfrom catalog import views\nurlpatterns = [path('x', views.x, name='x')]\n"
    make(
        tmp_path,
        {"shop/main.py": main, "shop/urls.py": text + "\n", "catalog/views.py": "def x(r): pass\n"},
    )
    assert [one["pattern"] for one in static(tmp_path, "urls")["routes"]] == ["x"]


def test_routes_of_a_package_that_cannot_be_read_are_a_gap(tmp_path):
    make(tmp_path, {"shop/urls.py": "from absent_shop.urls import urlpatterns\n"})
    (row,) = static(tmp_path, "urls")["unresolved"]
    assert "absent_shop.urls" in row["text"] and row["line"] == 1


def test_a_root_without_any_route_is_a_gap(tmp_path):
    make(tmp_path, {"shop/urls.py": "exec('urlpatterns = []')\n"})
    found = found_ids(scan(tmp_path))
    assert "shop.urls" in found["source.gaps"]["text"]


@pytest.mark.parametrize(("name", "told"), [("old", False), ("absent", True)])
def test_a_link_to_a_route_that_other_settings_take_in(tmp_path, name, told):
    old = "from django.urls import path\nfrom catalog import views\nurlpatterns = [path('old', views.home, name='old')]\n"
    root = "from django.urls import path\nfrom catalog import views\nurlpatterns = [path('', views.home, name='home')]\n"
    view = f"from django.urls import reverse\ndef home(request):\n    return reverse('{name}')\n"
    make(tmp_path, {"catalog/urls.py": old, "shop/urls.py": root, "catalog/views.py": view})
    for trust in (False, True):
        assert ("urls.unresolvable" in found_ids(scan(tmp_path, trust=trust))) is told


def test_archives_of_the_projects_own_are_no_packages(tmp_path):
    lines = [
        "wheels/fast-1.7-cp312-cp312-linux_x86_64.whl;sys_platform == 'linux'",
        "./lib/own",
        "lib/other.zip",
        "plain==2",
    ]
    make(tmp_path, {"requirements.txt": "\n".join(lines)})
    names = [one["name"] for one in static(tmp_path, "dependencies")["declared"]]
    assert names == ["fast", "plain"]


def test_apps_in_a_folder_that_the_settings_put_on_the_path(tmp_path):
    text = "import os, sys\ndef root(*x):\n    return os.path.join(BASE_DIR, 'shop', *x)\nsys.path.insert(0, root('apps'))\nINSTALLED_APPS += ['places']\n"
    models = "from django.db import models\nclass Place(models.Model):\n    pass\n"
    files = {
        "shop/apps/__init__.py": "",
        "shop/apps/places/__init__.py": "",
        "shop/apps/places/models.py": models,
    }
    make(tmp_path, files, settings=text)
    rows = static(tmp_path, "models")["models"]
    assert "places.Place" in [one["label"] for one in rows]


SETTINGS_OF = "from .base import *\n"


@pytest.mark.parametrize(
    ("init", "chosen"),
    [("# only a folder\n", "site.settings.base"), (SETTINGS_OF, "site.settings")],
)
def test_a_package_that_only_holds_settings_is_none(tmp_path, init, chosen):
    base = "INSTALLED_APPS = ['django.contrib.auth']\nROOT_URLCONF = 'site.urls'\n"
    asgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"
    write(
        tmp_path,
        {
            "site/__init__.py": "",
            "site/asgi.py": asgi,
            "site/urls.py": "",
            "site/settings/__init__.py": init,
            "site/settings/base.py": base,
        },
    )
    assert find_project(tmp_path).settings.module == chosen


def test_settings_that_a_deployment_makes_are_not_loaded(tmp_path):
    manage = MANAGE.replace("shop.settings", "shop.live")
    docker = "FROM python\nENV DJANGO_SETTINGS_MODULE=shop.settings\n"
    make(tmp_path, {"manage.py": manage, "Dockerfile": docker})
    result = scan(tmp_path, trust=True)
    assert result["sections"]["runtime"]["ok"]
    assert result["sections"]["runtime"]["data"]["settings_module"] == "shop.settings"
    make(
        tmp_path,
        {
            "manage.py": manage,
            "Dockerfile": docker,
            "shop/live.py": "from .settings import *\nDEBUG = False\n",
        },
    )
    result = scan(tmp_path, trust=True)
    assert result["sections"]["runtime"]["data"]["settings_module"] == "shop.live"


@pytest.mark.parametrize(
    ("where", "told"), [("sys.argv", False), ("sys.argv[:2]", False), ("os.environ", True)]
)
def test_settings_for_tests_are_not_those_of_the_project(tmp_path, where, told):
    text = f"import os, sys\nDEBUG = False\nSECRET_KEY = os.environ['KEY']\nTESTING = 'test' in {where}\nif TESTING:\n    from shop.trial import *\n"
    make(tmp_path, {"shop/trial.py": "INSTALLED_APPS = ['trial_app']\n"}, settings=text)
    names = [one["name"] for one in static(tmp_path, "apps")["apps"]]
    assert ("trial_app" in names) is told


@pytest.mark.parametrize(("place", "told"), [("migrations/0001_a", False), ("views", True)])
def test_a_query_in_a_migration_is_none_of_every_command(tmp_path, place, told):
    query = "from django.db import connection\nwith connection.cursor() as c:\n    c.execute('SELECT 1')\n"
    files = {"catalog/migrations/__init__.py": "", "catalog/views.py": "def home(r): pass\n"}
    files["shop/urls.py"] = (
        "from django.urls import path\nfrom catalog import views\nurlpatterns = [path('', views.home)]\n"
    )
    make(
        tmp_path,
        {
            **files,
            f"catalog/{place}.py": query
            + (migration() if "0001" in place else "def home(r): pass\n"),
        },
    )
    assert ("effects.queries" in found_ids(scan(tmp_path, trust=True))) is told


@pytest.mark.parametrize(("tag", "broken"), [("if(x)", False), ("if x", False), ("if(x", True)])
def test_tags_of_jinja_need_no_space(tmp_path, tag, broken):
    page = "{% for x in y %}{% " + tag + " %}1{% endif %}{% endfor %}{% if z %}2"
    page += "" if broken else "{% endif %}"
    make(
        tmp_path,
        {"pages/base.html": page, "catalog/views.py": HOME.format("base.html")},
        settings=DIRS,
    )
    assert bool(static(tmp_path, "templates")["broken"]) is broken


@pytest.mark.parametrize(("name", "told"), [("tests", False), ("orders", True)])
def test_models_for_tests_need_no_migrations(tmp_path, name, told):
    models = "from django.db import models\nclass Trial(models.Model):\n    pass\n"
    files = {
        "trial/__init__.py": "",
        "trial/models/__init__.py": "",
        f"trial/models/{name}.py": models,
    }
    make(tmp_path, {**files, "catalog/models.py": ""}, settings="INSTALLED_APPS += ['trial']\n")
    assert ("migrations.none" in found_ids(scan(tmp_path))) is told


@pytest.mark.parametrize(("name", "gone"), [("Book", []), ("Other", ["Delete model Book"])])
def test_a_model_in_a_package_that_is_no_app(tmp_path, name, gone):
    first = ("0001_a", migration(f"migrations.CreateModel('Book', [{KEY}])"))
    text = f"from elsewhere import Base\nclass {name}(Base):\n    class Meta:\n        app_label = 'catalog'\n"
    with_migrations(tmp_path, "", first)
    make(tmp_path, {"catalog/models.py": "", "store/__init__.py": "", "store/book.py": text})
    assert changes(tmp_path) == gone


@pytest.mark.parametrize(("link", "broken"), [("{% url 'x' %#top", False), ("{% if x %}", True)])
def test_a_tag_that_is_not_closed_is_a_text(tmp_path, link, broken):
    page = "{% block a %}\n<a href='" + link + "'>x</a>\n{% endblock %}"
    make(
        tmp_path,
        {"pages/base.html": page, "catalog/views.py": HOME.format("base.html")},
        settings=DIRS,
    )
    assert bool(static(tmp_path, "templates")["broken"]) is broken
