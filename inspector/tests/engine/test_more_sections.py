# ruff: noqa: E501 - source texts of projects stand in long lines
"""Sections that both halves produce: the same project, seen twice."""

import pytest
from projects import german, make, scan

APPS = "INSTALLED_APPS = ['django.contrib.admin', 'django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.messages', 'catalog']\n"
TEMPLATES = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [BASE_DIR / 'templates'], 'APP_DIRS': True, 'OPTIONS': {'context_processors': ['django.template.context_processors.request', 'django.contrib.auth.context_processors.auth', 'django.contrib.messages.context_processors.messages']}}]\n"
MIDDLEWARE = "MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware', 'django.contrib.auth.middleware.AuthenticationMiddleware', 'django.contrib.messages.middleware.MessageMiddleware', 'catalog.middleware.Clock']\n"
FILES = {
    "catalog/models.py": """from django.db import models
class Author(models.Model):
    name = models.CharField(max_length=50)
class Book(models.Model):
    title = models.CharField(max_length=50)
    isbn = models.CharField(max_length=13, null=True)
    author = models.ForeignKey(Author, models.CASCADE, db_index=False)
""",
    "catalog/migrations/__init__.py": "",
    "catalog/migrations/0001_initial.py": """from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel("Author", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=50))]),
        migrations.CreateModel("Writer", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Book", [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=40)), ("pages", models.IntegerField())]),
        migrations.AddField("Book", "author", models.ForeignKey("catalog.author", models.CASCADE, db_index=False)),
        migrations.RenameField("book", "pages", "sheets"),
    ]
""",
    "catalog/admin.py": """from django.contrib import admin
from . import models
class BookInline(admin.TabularInline):
    model = models.Book
@admin.register(models.Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name"]
    inlines = [BookInline]
admin.site.register(models.Book)
""",
    "catalog/management/__init__.py": "",
    "catalog/management/commands/__init__.py": "",
    "catalog/management/commands/shelve.py": "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    help = 'Put books on shelves.'\n",
    "catalog/management/commands/check.py": "from django.core.management.commands.check import Command as Base\nclass Command(Base):\n    pass\n",
    "catalog/signals.py": """from django.db.models.signals import post_save
from django.dispatch import Signal, receiver
from .models import Book
sold = Signal()
@receiver(post_save, sender=Book, dispatch_uid="note-a-book")
def note(sender, **kwargs): pass
def ring(sender, **kwargs): pass
""",
    "catalog/apps.py": """from django.apps import AppConfig
class CatalogConfig(AppConfig):
    name = "catalog"
    def ready(self):
        from . import signals
        signals.sold.connect(signals.ring)
""",
    "catalog/middleware.py": "class Clock:\n    async_capable = True\n    def __init__(self, get_response): pass\n",
    "catalog/views.py": """from django.shortcuts import redirect, render
from django.urls import reverse
from .models import Book
def index(request, kind="plain"):
    for book in Book.objects.filter(title="x"):
        print(book.author.name)
    for book in Book.objects.select_related("author").all():
        print(book.author.name)
    Book.objects.filter(author__name="x")
    render(request, f"catalog/kind_{kind}.html")
    if request.GET:
        return redirect("nowhere")
    reverse("index", args=[1])
    return render(request, "catalog/index.html")
def gone(request):
    return render(request, "catalog/gone.html")
""",
    "shop/urls.py": "from django.contrib import admin\nfrom django.urls import path\nfrom catalog import views\nurlpatterns = [path('admin/', admin.site.urls), path('', views.index, name='index'), path('gone/', views.gone)]\n",
    "templates/base.html": "{% block a %}{% endblock %}{% url 'index' %}\n{% url 'nope' 1 %}{% url 'maybe' as x %}",
    "templates/admin/login.html": "{% extends 'admin/base_site.html' %}",
    "catalog/templates/catalog/index.html": "{% extends 'base.html' %}\n{% include 'catalog/part.html' %}\n{% include 'catalog/lost.html' %}",
    "catalog/templates/catalog/part.html": "part",
    "catalog/templates/catalog/kind_plain.html": "kind",
    "catalog/templates/catalog/book_list.html": "generic views find this",
    "catalog/templates/catalog/old.html": "nobody names this",
    "catalog/templates/catalog/broken.html": "{% include 'catalog/part.html' %}\n{% if a %}",
    "catalog/tests.py": "from django.test import TestCase\nclass T(TestCase):\n    def test_a(self): pass\n    def helper(self): pass\n",
    "catalog/test_more.py": "import pytest\n@pytest.mark.parametrize('a', [1])\ndef test_b(a): pass\n",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    root = make(tmp_path_factory.mktemp("seen"), FILES, settings=APPS + TEMPLATES + MIDDLEWARE)
    from projects import events

    from inspector.facts import snapshot

    found = events(root, trust=True)
    pairs = {}
    for one in found:
        if one["event"] == "section":
            assert one["ok"], one
            pairs.setdefault(one["name"], {})[one["source"]] = one["data"]
    return pairs, snapshot(found)


BOTH = pytest.mark.parametrize("source", ["static", "live"])


@BOTH
def test_admin(seen, source):
    data = seen[0]["admin"][source]
    rows = {row["model"]: row for row in data["sites"][0]["registered"]}
    author = rows["catalog.Author"]
    assert author["admin"] == "catalog.admin.AuthorAdmin" and author["list_display"] == ["name"]
    assert (author["file"], author["line"], author["origin"]) == ("catalog/admin.py", 6, "project")
    assert author["inlines"] == [
        {"admin": "catalog.admin.BookInline", "model": "catalog.Book", "file": "catalog/admin.py", "line": 3}
    ]  # fmt: skip
    assert "catalog.Book" in rows


def test_admin_of_a_module_that_only_the_urlconf_imports(tmp_path):
    """As in harvard-lil/h2o: Django's autodiscovery looks for ``admin`` in installed apps only."""
    files = FILES | {
        "shop/admin.py": "from django.contrib import admin\nfrom django.contrib.auth.models import Permission\nadmin.site.register(Permission)\n",
        "shop/urls.py": "from . import admin\n"
        + FILES["shop/urls.py"]
        .replace("import admin", "import admin as site")
        .replace("admin.site", "site.site"),
    }
    found = scan(make(tmp_path, files, settings=APPS + TEMPLATES + MIDDLEWARE), trust=True)
    rows = found["sections"]["admin"]["data"]["sites"][0]["registered"]
    assert "auth.Permission" in [row["model"] for row in rows]


@BOTH
def test_commands(seen, source):
    rows = {row["name"]: row for row in seen[0]["commands"][source]["commands"]}
    assert rows["shelve"] == {
        "name": "shelve", "app": "catalog", "origin": "project", "help": "Put books on shelves.",
        "file": "catalog/management/commands/shelve.py", "line": 2, "overrides": None,
    }  # fmt: skip
    assert rows["check"]["app"] == "catalog" and rows["check"]["overrides"] == "django.core"
    assert ("migrate" in rows) is (source == "live")


@BOTH
def test_signals(seen, source):
    data = seen[0]["signals"][source]
    rows = {row["receiver"]: row for row in data["receivers"]}
    note = rows["catalog.signals.note"]
    assert note["signal"] == "django.db.models.signals.post_save"
    assert (note["sender"], note["dispatch_uid"]) == ("catalog.Book", "note-a-book")
    assert (note["file"], note["origin"]) == ("catalog/signals.py", "project")
    assert "catalog.signals.sold" in [row["name"] for row in data["defined"]]
    assert rows["catalog.signals.ring"]["signal"] == "catalog.signals.sold"
    assert rows["catalog.signals.ring"]["sender"] is None


@BOTH
def test_middleware(seen, source):
    rows = seen[0]["middleware"][source]["middleware"]
    assert [row["path"] for row in rows][-1] == "catalog.middleware.Clock"
    assert (rows[-1]["file"], rows[-1]["line"]) == ("catalog/middleware.py", 1)
    assert rows[-1]["async"] is (True if source == "live" else None)
    assert rows[0]["origin"] == "django"


@BOTH
def test_drift(seen, source):
    data = seen[0]["drift"][source]
    assert data["method"] == ("autodetector" if source == "live" else "replay")
    ops = {(one["op"], one["model"], one["field"]) for one in data["apps"]["catalog"]["ops"]}
    assert ("AddField", "Book", "isbn") in ops and ("AlterField", "Book", "title") in ops
    assert {("DeleteModel", "Writer", None), ("DeleteModel", "Writer", "Writer")} & ops
    removed = [one for one in ops if one[0] == "RemoveField"]
    assert removed == [("RemoveField", "Book", "sheets")]
    isbn = next(one for one in data["apps"]["catalog"]["ops"] if one["field"] == "isbn")
    assert (isbn["file"], isbn["line"]) == ("catalog/models.py", 6)
    assert list(data["apps"]) == ["catalog"]


@BOTH
def test_templates(seen, source):
    data = seen[0]["templates"][source]
    rows = {row["name"]: row for row in data["templates"]}
    assert rows["catalog/index.html"]["app"] == "catalog" and rows["base.html"]["app"] is None
    assert rows["admin/login.html"]["file"] == "templates/admin/login.html"
    hidden = next(one for one in data["shadowed"] if one["name"] == "admin/login.html")
    assert hidden["hidden"][0]["origin"] == "django"
    broken = {row["name"]: row for row in data["broken"]}
    assert broken["catalog/broken.html"]["line"] == 2
    missing = {(row["name"], row["kind"], row["file"]) for row in data["missing"]}
    assert missing == {
        ("catalog/lost.html", "include", "catalog/templates/catalog/index.html"),
        ("catalog/gone.html", "code", "catalog/views.py"),
    }
    edges = {(row["source"], row["target"], row["kind"], row["line"]) for row in data["edges"]}
    assert ("catalog/index.html", "base.html", "extends", 1) in edges
    assert ("catalog/index.html", "catalog/part.html", "include", 2) in edges
    assert [(row["name"], row["certain"]) for row in data["unused"]] == [
        ("catalog/broken.html", True), ("catalog/old.html", True)
    ]  # fmt: skip


def test_packages(seen):
    rows = {row["name"].lower(): row for row in seen[0]["packages"]["live"]["packages"]}
    assert rows["django"]["version"] and not rows["sqlparse"]["direct"]


def test_tests(seen):
    data = seen[0]["tests"]["static"]
    assert (data["files"], data["functions"], data["cases"]) == (2, 2, 1)
    assert data["runner"] == "pytest" and data["per_app"] == {"catalog": 2}
    assert {(one["case"], one["name"]) for one in data["tests"]} == {
        ("T", "test_a"),
        (None, "test_b"),
    }


def test_url_names_and_queries(seen):
    code = seen[0]["code"]["static"]
    names = {(one["name"], one["kind"], one["arguments"]) for one in code["url_names"]}
    assert names == {
        ("index", "template", 0), ("nope", "template", 1), ("nowhere", "redirect", 0), ("index", "reverse", 1)
    }  # fmt: skip
    queries = {(one["kind"], one["model"], one["field"], one["line"]) for one in code["queries"]}
    assert queries == {
        ("loop", "catalog.Book", "author", 6),
        ("filter", "catalog.Book", "author", 9),
    }


def test_imports_between_apps_and_their_cycles(tmp_path):
    files = {
        "a/__init__.py": "", "a/models.py": "from b import models\n", "b/__init__.py": "",
        "b/models.py": "import a.views\n", "a/views.py": "def f():\n    import c.models\n",
        "c/__init__.py": "", "c/models.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import models\nimport b.models\n",
    }  # fmt: skip
    make(tmp_path, files, settings="INSTALLED_APPS += ['a', 'b', 'c']\n")
    code = scan(tmp_path)["sections"]["code"]["data"]
    edges = {(e["source"], e["target"]): (e["typing_only"], e["local"]) for e in code["imports"]}
    assert edges == {
        ("a", "b"): (False, False), ("b", "a"): (False, False), ("a", "c"): (False, True),
        ("c", "a"): (True, False), ("c", "b"): (False, False),
    }  # fmt: skip
    assert code["cycles"] == [["a", "b"]] and code["cycles_with_local"] == [["a", "b", "c"]]


def test_complexity_counts_paths(tmp_path):
    body = "".join(f"    if x == {n} and y:\n        return {n}\n" for n in range(6))
    make(tmp_path, {"catalog/hard.py": f"class A:\n  def f(self, x, y):\n{body}"})
    code = scan(tmp_path)["sections"]["code"]["data"]
    assert [(one["name"], one["complexity"], one["line"]) for one in code["complex"]] == [
        ("A.f", 13, 2)
    ]


def test_drift_of_a_migration_with_unknown_operations_is_not_guessed(tmp_path):
    text = "from django.db import migrations\nfrom shop.ops import Magic\nclass Migration(migrations.Migration):\n    operations = [Magic('Book')]\n"
    make(
        tmp_path, {"catalog/migrations/__init__.py": "", "catalog/migrations/0001_initial.py": text}
    )
    data = scan(tmp_path)["sections"]["drift"]["data"]
    assert data["apps"] == {} and "Magic" in data["incomplete"]["catalog"]


def test_a_model_whose_base_cannot_be_read_is_not_called_deleted(tmp_path):
    text = (
        "from django.db import migrations, models\nclass Migration(migrations.Migration):\n"
        "    dependencies = [{after}]\n"
        "    operations = [migrations.CreateModel('{name}', fields=[('x', models.TextField())])]\n"
    )
    make(
        tmp_path,
        {
            "catalog/models.py": "from cms.elsewhere import Page\nclass Home(Page):\n    pass\n",
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": text.format(name="Home", after=""),
            "catalog/migrations/0002_gone.py": text.format(
                name="Gone", after="('catalog', '0001_initial')"
            ),
        },
    )
    data = scan(tmp_path)["sections"]["drift"]["data"]
    assert [one["text"] for one in data["apps"]["catalog"]["ops"]] == ["Delete model Gone"]
    assert "Home" in data["incomplete"]["catalog"] and german(data["incomplete"]["catalog"])


def test_a_makemigrations_of_the_projects_own_is_told(tmp_path):
    make(
        tmp_path,
        {
            "catalog/management/__init__.py": "",
            "catalog/management/commands/__init__.py": "",
            "catalog/management/commands/makemigrations.py": "from django.core.management.commands.makemigrations import Command\n",
        },
    )
    data = scan(tmp_path, trust=True)["sections"]["drift"]["data"]
    assert data["overridden"] == ["catalog replaces the command makemigrations"]


def test_a_second_scan_reads_only_what_changed(tmp_path):
    make(tmp_path, FILES)
    first = scan(tmp_path)["sections"]["code"]["data"]["read"]
    assert first["reused"] == 0
    again = scan(tmp_path)["sections"]
    assert again["code"]["data"]["read"]["reused"] >= first["files"]
    (tmp_path / "catalog/views.py").write_text("def f():\n    pass\n")
    third = scan(tmp_path)["sections"]["code"]["data"]
    assert third["read"]["reused"] == again["code"]["data"]["read"]["reused"] - 1
    assert third["url_names"] != again["code"]["data"]["url_names"]


def test_a_damaged_cache_is_a_missing_one(tmp_path, monkeypatch):
    from inspector.engine import stages

    folder = tmp_path / "cache"
    monkeypatch.setattr(stages, "static_cache", lambda: folder)
    make(tmp_path / "p")
    scan(tmp_path / "p")
    for file in folder.iterdir():
        file.write_text('{"version": "x"')
    result = scan(tmp_path / "p")
    assert result["status"] == "complete"
    assert result["sections"]["code"]["data"]["read"]["reused"] == 0


def test_the_cache_of_facts_stays_small(tmp_path):
    import os

    from inspector.static_analysis.facts_cache import prune

    for number in range(5):
        file = tmp_path / f"{number}.json"
        file.write_text("x" * 100)
        os.utime(file, (number, number))
    prune(tmp_path, 250, keep=tmp_path / "0.json")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["0.json", "4.json"]


def test_the_environment_contract(tmp_path):
    text = "import os, json\nA = int(os.environ.get('SHOP_A', '1'))\nB = os.getenv('SHOP_B', '').split(',')\nC = json.loads(os.environ['SHOP_C'])\n"
    files = {
        ".env.example": "SHOP_C={}\n",
        "catalog/views.py": "import os\nos.environ.get('SHOP_A')\n",
    }
    make(tmp_path, files, settings=text)
    result = scan(tmp_path, trust=True)
    data = result["sections"]["settings"]["data"]
    env = {row["name"]: row for row in data["env"]}
    assert {name: env[name]["kind"] for name in ("SHOP_A", "SHOP_B", "SHOP_C")} == {
        "SHOP_A": "int", "SHOP_B": "list", "SHOP_C": "json"
    }  # fmt: skip
    assert env["SHOP_C"]["required"] and env["SHOP_C"]["example"] == ".env.example"
    assert [one["file"] for one in env["SHOP_A"]["places"]] == [
        "shop/settings.py",
        "catalog/views.py",
    ]
    assert env["SHOP_A"]["set"] is False and env["SHOP_C"]["set"] is True
    assert data["env_examples"] == [{"file": ".env.example", "names": ["SHOP_C"]}]


def test_side_effects_say_when_and_whose(tmp_path):
    make(
        tmp_path,
        {
            "shop/urls.py": "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9))\nexcept OSError: pass\nurlpatterns = []\n"
        },
        settings="import warnings\nwarnings.warn('old', DeprecationWarning)\nwarnings.warn('odd', UserWarning)\n",
    )
    data = scan(tmp_path, trust=True)["sections"]["side_effects"]["data"]
    event = next(one for one in data["events"] if one["kind"] == "connect")
    assert event["what"] == "127.0.0.1:9"
    assert event["during"] in {"checks", "urls"}  # whichever imports the views first
    assert event["origin"] == "project" and event["file"] == "shop/urls.py"
    assert "old" in [one["text"] for one in data["deprecations"]]
    assert "odd" in [one["text"] for one in data["other_warnings"]]


def test_models_that_only_the_views_import_are_no_drift(tmp_path):
    migration = FILES["catalog/migrations/0001_initial.py"].partition("    operations")[0] + (
        "    operations = [migrations.CreateModel('Extra', [('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID'))])]\n"
    )
    make(
        tmp_path,
        {
            "catalog/models.py": "",
            "catalog/more.py": "from django.db import models\nclass Extra(models.Model):\n    class Meta:\n        app_label = 'catalog'\n",
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": migration,
            "shop/urls.py": "import catalog.more\nurlpatterns = []\n",
        },
    )
    sections = scan(tmp_path, trust=True)["sections"]
    assert sections["drift"]["data"]["apps"] == {}
    assert "catalog.Extra" in [one["label"] for one in sections["models"]["data"]["models"]]


def test_a_read_only_git_through_the_shell_is_let_through_and_others_are_not(tmp_path):
    text = (
        "import subprocess\nRAN = []\nfor line in ('git --version', 'git log; touch x', 'git push', 'echo x'):\n"
        "    try:\n        subprocess.run(line, shell=True, check=False)\n        RAN.append(line)\n"
        "    except FileNotFoundError: pass\n"
    )
    make(tmp_path, settings=text)
    rows = scan(tmp_path, trust=True)["sections"]["settings"]["data"]["variables"]
    assert next(one["value"] for one in rows if one["name"] == "RAN") == "['git --version']"


def test_dependencies_that_a_migration_sets_when_it_is_made(tmp_path):
    first = "from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = []\n"
    second = (
        first
        + "    def __init__(self, *args):\n        super().__init__(*args)\n        self.dependencies = [('catalog', '0001_a')]\n"
    )
    make(
        tmp_path,
        {
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_a.py": first,
            "catalog/migrations/0002_b.py": second,
        },
    )
    assert scan(tmp_path)["sections"]["migrations"]["data"]["conflicts"] == {}
