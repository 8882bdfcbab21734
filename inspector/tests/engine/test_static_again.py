"""A scan with cached results gives the same facts as one without."""

import json

import pytest
from projects import make, scan

from inspector.engine import stages
from tests.long import LONG

BASE = """\
from django.db import models


class Dated(models.Model):
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-made"]


class Slug(models.CharField):
    pass
"""
MODELS = """\
from django.db import models
from core.base import Dated, Slug
from people.models import Person


class Book(Dated):
    title = models.CharField(max_length=50)
    slug = Slug(max_length=20)
    author = models.ForeignKey(Person, models.CASCADE)
    owner = models.ForeignKey("auth.User", models.CASCADE)
"""
FILES = {
    "core/__init__.py": "",
    "core/base.py": BASE,
    "people/__init__.py": "",
    "people/models.py": "from core.base import *\n\n\nclass Person(Dated):\n    pass\n",
    "people/urls.py": (
        "from django.urls import path\nfrom . import views\napp_name = 'people'\n"
        "urlpatterns = [path('', views.List.as_view(), name='list')]\n"
    ),
    "people/views.py": "from core.views import Plain\n\n\nclass List(Plain):\n    pass\n",
    "core/views.py": (
        "from django.views import View\n\n\nclass Plain(View):\n    def get(self, request): ...\n"
    ),
    "core/middleware.py": "class Guard:\n    pass\n",
    "catalog/models.py": MODELS,
    "catalog/urls.py": (
        "from django.urls import include, path\n"
        "urlpatterns = [path('people/', include('people.urls'))]\n"
    ),
    "catalog/migrations/__init__.py": "",
    "catalog/migrations/0001_initial.py": (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        "    operations = [migrations.CreateModel('Book', [('id', models.AutoField())])]\n"
    ),
    "catalog/templates/catalog/a.html": "{% extends 'catalog/b.html' %}",
    "shop/urls.py": (
        "from django.urls import include, path\n"
        "urlpatterns = [path('shop/', include('catalog.urls'))]\n"
    ),
    # Other settings modules, read in several ways.
    "shop/settings_live.py": "from .settings import *\nfrom .values import *\nDEBUG = False\n",
    "shop/values.py": "LIMIT = 1\n",
    "shop/settings_split.py": (
        "from split_settings.tools import include\ninclude('parts/*.py')\nSPLIT = True\n"
    ),
    "shop/settings_classes.py": (
        "class One:\n    INSTALLED_APPS = ['one']\n\n\n"
        "class Two:\n    INSTALLED_APPS = ['two']\n    ONLY = 2\n"
    ),
    "shop/settings_toml.py": "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n",
}
APPS = 'INSTALLED_APPS += ["people", "core"]\nMIDDLEWARE = ["core.middleware.Guard"]\n'


def changed(file, old, new):
    def change(root):
        text = (root / file).read_text()
        assert old in text
        (root / file).write_text(text.replace(old, new))

    return change


def added(file, text):
    def change(root):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)

    return change


def moved(file, to):
    def change(root):
        (root / to).parent.mkdir(parents=True, exist_ok=True)
        (root / file).rename(root / to)

    return change


CHANGES = {
    "lines shift in a base": changed("core/base.py", "class Dated", "\n\n\nclass Dated"),
    "a base gets a field": changed(
        "core/base.py", "    class Meta", "    more = models.TextField()\n\n    class Meta"
    ),
    "a base is abstract no more": changed("core/base.py", "abstract = True", "abstract = False"),
    "a field class is none any more": changed(
        "core/base.py", "Slug(models.CharField)", "Slug(object)"
    ),
    "a base goes": lambda root: (root / "core/base.py").unlink(),
    "a base moves behind a package": moved("core/base.py", "core/base/__init__.py"),
    "another module comes first": added("core/base/__init__.py", BASE.replace("made", "born")),
    "an app goes": lambda root: (root / "people/models.py").unlink(),
    "models become a package": moved("catalog/models.py", "catalog/models/books.py"),
    "a model is renamed": changed("people/models.py", "Person", "Human"),
    "a model is added elsewhere": added("catalog/more.py", MODELS.replace("Book", "Paper")),
    "a label changes": added(
        "people/apps.py",
        "from django.apps import AppConfig\n\n\nclass People(AppConfig):\n"
        "    name = 'people'\n    label = 'folk'\n",
    ),
    "an app is a package no more": lambda root: (root / "people/__init__.py").unlink(),
    "an app gets models": added("core/models.py", "from django.db import models\n"),
    "a value of other settings changes": changed("shop/values.py", "1", "2"),
    "other settings get a value": changed("shop/settings_live.py", "DEBUG", "MORE = 1\nDEBUG"),
    "a part of other settings is added": added("shop/parts/mail.py", "SENDER = 'x'\n"),
    "another class has the settings": changed(
        "manage.py", "import os", "DJANGO_CONFIGURATION = 'One'\nimport os"
    ),
    "other settings get a file of values": added("settings.toml", "[default]\nSTORED = 1\n"),
    "the key's type changes": changed("shop/settings.py", "BigAutoField", "SmallAutoField"),
    "the user is another": changed(
        "shop/settings.py", "DEBUG", "AUTH_USER_MODEL = 'people.Person'\nDEBUG"
    ),
    "a view's base allows more": changed(
        "core/views.py", "def get", "def post(self): ...\n    def get"
    ),
    "a view goes": changed("people/views.py", "List", "Other"),
    "a middleware moves": changed("core/middleware.py", "class Guard", "\n\nclass Guard"),
    "a prefix changes far above": changed("shop/urls.py", "shop/", "store/"),
    "a namespace changes": changed("people/urls.py", "app_name = 'people'", "app_name = 'folk'"),
    "an included module goes": lambda root: (root / "people/urls.py").unlink(),
    "a migration changes": changed(
        "catalog/migrations/0001_initial.py", "CreateModel('Book'", "CreateModel('Paper'"
    ),
    "a migration is added": added(
        "catalog/migrations/0002_more.py",
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [('catalog', '0001_initial')]\n    operations = []\n",
    ),
    "a file cannot be parsed": changed("catalog/models.py", "class Book", "class class"),
    "a template changes": added("catalog/templates/catalog/a.html", "{% include 'x.html' %}"),
    "a template is added": added("catalog/templates/catalog/b.html", "{% if x %}"),
}


@pytest.fixture
def caches(tmp_path, monkeypatch):
    """Sets the cache folder."""

    def choose(name):
        monkeypatch.setattr(stages, "static_cache", lambda: tmp_path / "caches" / name)

    return choose


def facts(root):
    sections = scan(root)["sections"]
    for row in sections.values():
        row.pop("seconds")
    read = sections["code"]["data"].pop("read")
    return sections, read


@pytest.mark.parametrize(
    "name",
    [name if at % 5 == 0 else pytest.param(name, marks=LONG) for at, name in enumerate(CHANGES)],
)
def test_nothing_stale_is_told(name, tmp_path, caches):
    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")
    before, _ = facts(root)
    CHANGES[name](root)
    after, _ = facts(root)
    again, _ = facts(root)
    caches("empty")
    fresh, _ = facts(root)
    assert after == fresh
    assert again == fresh
    assert fresh != before


def test_a_change_and_its_revert_lead_back(tmp_path, caches):
    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")
    before, _ = facts(root)
    text = (root / "core/base.py").read_text()
    (root / "core/base.py").write_text(text.replace("made", "born"))
    assert facts(root)[0] != before
    (root / "core/base.py").write_text(text)
    assert facts(root)[0] == before


def test_results_are_used_again(tmp_path, caches):
    """Cached results are used as they are, so they were not computed again."""
    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")
    facts(root)
    (file,) = (tmp_path / "caches/kept").iterdir()
    body = file.read_bytes().partition(b"\n")[2].replace(b'"title"', b'"TITLE"')
    from inspector.static_analysis.facts_cache import digest

    file.write_bytes(digest(body).encode() + b"\n" + body)
    assert '"TITLE"' in json.dumps(facts(root)[0]["models"])


def test_what_is_used_within_a_kept_result_stays(tmp_path, caches):
    """It is useful when the outer result has to be recomputed."""
    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")

    def kept():
        (file,) = (tmp_path / "caches/kept").iterdir()
        keys = [line.partition("\t")[0] for line in file.read_text().splitlines()]
        return {json.loads(key)[0] for key in keys if key.startswith("[")}

    facts(root)
    first = {key for key in kept() if key.startswith(("view:", "urls:"))}
    assert len(first) == 3
    (root / "core/middleware.py").write_text("class Guard:\n    more = 1\n")
    facts(root)
    assert first <= kept()
    (root / "shop/urls.py").write_text("urlpatterns = []\n")
    facts(root)
    assert not first & kept()


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_damaged_cache_is_not_used(cut, tmp_path, caches):
    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")
    before, _ = facts(root)
    (file,) = (tmp_path / "caches/kept").iterdir()
    file.write_bytes(file.read_bytes()[:cut])
    after, read = facts(root)
    assert after == before
    assert read["reused"] == 0


def test_one_wrong_letter_in_the_cache_is_noticed(tmp_path, caches):
    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")
    before, _ = facts(root)
    (file,) = (tmp_path / "caches/kept").iterdir()
    file.write_bytes(file.read_bytes().replace(b'"title"', b'"TITLE"'))
    assert facts(root)[0] == before


def test_what_another_version_has_kept_is_not_used(tmp_path, caches):
    from inspector.static_analysis.facts_cache import FactsCache, digest, own_digest

    root = make(tmp_path / "p", FILES, settings=APPS)
    caches("kept")
    facts(root)
    (file,) = (tmp_path / "caches/kept").iterdir()
    body = file.read_bytes().partition(b"\n")[2]
    assert own_digest().encode() in body
    body = body.replace(own_digest().encode(), b"0" * 32)
    file.write_bytes(digest(body).encode() + b"\n" + body)
    assert FactsCache(file.parent, root.resolve()).known == {}
    assert facts(root)[1]["reused"] == 0


def test_what_is_installed_is_read_again_only_when_it_changed(tmp_path, monkeypatch):
    from inspector.static_analysis import dependencies
    from inspector.static_analysis.facts_cache import FactsCache

    packages = tmp_path / "site-packages"

    def install(version):
        folder = packages / "shop-1.0.dist-info"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "METADATA").write_text(f"Name: shop\nVersion: {version}\nSummary: Parts\n\n")
        (folder / "RECORD").touch()

    def installed():
        cache = FactsCache(tmp_path / "kept", tmp_path)
        found = dependencies._installed([packages], cache)
        cache.save()
        return found

    reads = []
    read = dependencies.distributions
    monkeypatch.setattr(dependencies, "distributions", lambda p: reads.append(1) or read(p))
    assert installed() == []
    install("1.0")
    (first,) = installed()
    assert first.summary == "Parts" and len(reads) == 2
    assert installed() == [first] and len(reads) == 2
    install("1.0.post1")
    assert installed()[0].version == "1.0.post1" and len(reads) == 3
    (packages / "shop-1.0.dist-info" / "METADATA").unlink()
    assert installed() == [] and len(reads) == 4
