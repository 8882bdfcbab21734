# ruff: noqa: E501 - source texts of projects stand in long lines
"""Code that looks like a fault but is none is not reported; the fault next to it is."""

import datetime

import pytest
from projects import TEMPLATES, make, scan

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import findings_of, snapshot

TODAY = datetime.date(2026, 11, 20)
MODELS = """
from django.db import models
class Author(models.Model):
    name = models.CharField(max_length=50)
class Fetching(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("author")
class Named(models.Manager):
    def by_name(self, name):
        return self.filter(title=name)
class Post(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, models.CASCADE, db_index=False)
class Eager(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
    objects = Fetching()
class Later(Eager):
    class Meta:
        proxy = True
class Plain(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
    objects = Named()
class Query(models.QuerySet):
    pass
class Made(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
    objects = models.Manager.from_queryset(Query)()
"""
VIEWS = """
from catalog.models import Eager, Later, Made, Plain, Post
def loops():
    for one in Eager.objects.all():
        one.author.name
    for one in Later.objects.all():
        one.author.name
    for one in Plain.objects.all():
        one.author.name
    for one in Made.objects.all():
        one.author.name
def narrow(number):
    Post.objects.get(pk=1, author=number)
    Post.objects.filter(slug="a", author=number)
    Post.objects.filter(slug="a").filter(author=number)
    Post.objects.exclude(author=number)
"""


def rows(root, **options):
    return {one["id"]: one for one in findings_of(scan(root, **options), TODAY)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    root = tmp_path_factory.mktemp("provable")
    return make(root, {"catalog/models.py": MODELS, "catalog/views.py": VIEWS})


def test_a_manager_that_fetches_the_relation_makes_no_loop_of_queries(shop):
    facts = rows(shop)["queries.n-plus-one"]["facts"]
    assert [one["line"] for one in facts] == [9, 11]


def test_an_index_on_another_condition_spares_the_table(shop):
    assert "queries.missing-index" not in rows(shop)
    (shop / "catalog" / "more.py").write_text(
        "from catalog.models import Post\nPost.objects.filter(title='a', author=1)\n", "utf-8"
    )
    assert [one["file"] for one in rows(shop)["queries.missing-index"]["facts"]] == [
        "catalog/more.py"
    ]


def test_templates_of_the_form_renderer_and_of_folders_with_other_names_are_there(tmp_path):
    engine = "{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True, 'DIRS': [HTML]}"
    make(
        tmp_path,
        {
            "html/404.html": "{% extends 'frame.html' %}{% include 'django/forms/widgets/attrs.html' %}",
            "html/frame.html": "{% include 'gone.html' %}",
        },
        settings=f"import os\nHTML = os.path.join(BASE_DIR, 'html')\nTEMPLATES = [{engine}]\n",
    )
    for trust in (False, True):
        facts = rows(tmp_path, trust=trust)["templates.missing"]["facts"]
        assert [one["text"] for one in facts] == ["gone.html"]


@pytest.mark.parametrize(
    "settings",
    [
        "INSTALLED_APPS += [os.environ.get('MORE', 'catalog')]\n",
        "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True, 'DIRS': [os.environ.get('HTML', BASE_DIR)]}]\n",
    ],
)
def test_where_more_templates_may_be_the_source_calls_none_missing(tmp_path, settings):
    page = {"catalog/templates/page.html": "{% extends 'elsewhere.html' %}"}
    make(tmp_path, page, settings="import os\n" + settings)
    assert "templates.missing" not in rows(tmp_path)


def test_what_a_check_does_is_not_what_loading_does(tmp_path):
    check = """
from django.core.checks import register
@register()
def looks(app_configs, **kwargs):
    from catalog.models import Book
    try:
        list(Book.objects.all())
    except Exception:
        pass
    return []
"""
    make(tmp_path, {"catalog/__init__.py": "", "catalog/models.py": BOOK + check})
    assert "effects.queries" not in rows(tmp_path, trust=True)
    (tmp_path / "shop" / "urls.py").write_text(
        "from catalog.models import Book\ntry:\n    list(Book.objects.all())\nexcept Exception: pass\nurlpatterns = []\n",
        "utf-8",
    )
    facts = rows(tmp_path, trust=True)["effects.queries"]["facts"]
    assert [(one["file"], one["line"]) for one in facts] == [("shop/urls.py", 3)]


BOOK = """
from django.db import models
class Book(models.Model):
    title = models.CharField(max_length=50)
"""


def test_a_version_that_any_file_fixes_is_fixed(tmp_path):
    make(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["django>=5", "Held_Package", "open>1"]\n',
            "requirements.txt": "-c constraints.txt\ndjango==5.2.1\n"
            "wheel @ https://host/wheel-1.0.tar.gz\n-e git+https://host/x.git@1f3a9c2#egg=commit\n"
            "git+https://host/y.git@v1.2.0#egg=tag\ngit+https://host/z.git@main#egg=branch\n",
            "constraints.txt": "held-package==2.0\nunasked==1\n",
        },
    )
    result = scan(tmp_path)
    one = next(row for row in findings_of(result, TODAY) if row["id"] == "packages.unpinned")
    assert [fact["text"].split("@")[0].split(">")[0] for fact in one["facts"]] == ["open", "branch"]
    names = {row["name"] for row in result["sections"]["dependencies"]["data"]["declared"]}
    assert "unasked" not in names


def test_a_requirement_for_another_python_is_not_missing(tmp_path):
    lines = (
        'django==5.2.1 ; python_version >= "3.8" and python_version < "4.0"\n'
        'not-there ; python_version >= "3.8" and python_version < "4.0"\n'
        'for-old-pythons ; python_version < "3.8"\n'
    )
    make(tmp_path, {"requirements.txt": lines})
    result = scan(tmp_path)
    assert result["sections"]["dependencies"]["data"]["missing"] == ["not-there"]
    assert result["project"]["interpreters"][0]["missing"] == ["not-there"]


def drift(root):
    return scan(root)["sections"]["drift"]["data"]["apps"]


def migration(deps="", ops=""):
    return (
        "from django.db import migrations, models\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [{deps}]\n    operations = [{ops}]\n"
    )


def test_a_squash_without_its_originals_and_computed_dependencies_are_no_conflict(tmp_path):
    squash = migration() + "    replaces = [('catalog', '0001_a'), ('catalog', '0002_b')]\n"
    computed = migration().replace("[]\n    operations", "needed()\n    operations")
    computed = "def needed():\n    return [('catalog', '0003_c')]\n" + computed
    make(
        tmp_path,
        {
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_squashed.py": squash,
            "catalog/migrations/0003_c.py": migration("('catalog', '0002_b')"),
            "catalog/migrations/0004_d.py": computed,
        },
    )
    data = scan(tmp_path)["sections"]["migrations"]["data"]
    assert data["conflicts"] == {} and data["apps"]["catalog"]["leaves"] == ["0004_d"]
    names = [one["name"] for one in data["apps"]["catalog"]["migrations"]]
    assert names == ["0001_squashed", "0003_c", "0004_d"]
    (tmp_path / "catalog/migrations/0004_e.py").write_text(migration("('catalog', '0003_c')"))
    assert scan(tmp_path)["sections"]["migrations"]["data"]["conflicts"] == {
        "catalog": ["0004_d", "0004_e"]
    }


def test_a_rename_in_one_app_takes_the_relations_of_another_along(tmp_path):
    title = "('title', models.CharField(max_length=50))"
    to = "('book', models.ForeignKey('catalog.{}', models.CASCADE))"
    files = {
        "catalog/models.py": BOOK,
        "catalog/migrations/__init__.py": "",
        "catalog/migrations/0001_initial.py": migration(
            ops=f"migrations.CreateModel('Volume', [{title}])"
        ),
        "catalog/migrations/0002_rename.py": migration(
            "('catalog', '0001_initial')", "migrations.RenameModel('Volume', 'Book')"
        ),
        "lending/__init__.py": "",
        "lending/models.py": "from django.db import models\nclass Loan(models.Model):\n    book = models.ForeignKey('catalog.Book', models.CASCADE)\n",
        "lending/migrations/__init__.py": "",
        "lending/migrations/0001_initial.py": migration(
            ops=f"migrations.CreateModel('Loan', [{to.format('Volume')}])"
        ),
    }
    make(tmp_path, files, settings="INSTALLED_APPS += ['lending']\n")
    assert drift(tmp_path) == {}
    other = files["lending/migrations/0001_initial.py"].replace("Volume", "Author")
    (tmp_path / "lending/migrations/0001_initial.py").write_text(other)
    assert "target catalog.Author" in drift(tmp_path)["lending"]["ops"][0]["text"]


def test_a_model_that_a_library_makes_of_another_is_not_called_deleted(tmp_path):
    made = "migrations.CreateModel('{}', [('title', models.CharField(max_length=50))])"
    models = BOOK + "    history = Records()\n"
    make(
        tmp_path,
        {
            "catalog/models.py": "from elsewhere import Records\n" + models,
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": migration(
                ops=f"{made.format('Book')}, {made.format('HistoricalBook')}"
            ),
        },
    )
    assert drift(tmp_path) == {}
    (tmp_path / "catalog/models.py").write_text(BOOK)
    assert [one["text"] for one in drift(tmp_path)["catalog"]["ops"]] == [
        "Delete model HistoricalBook"
    ]


def test_a_length_that_is_computed_or_set_by_a_class_of_ones_own_is_no_drift(tmp_path):
    models = """
from django.db import models
from catalog.limits import LONG
def most(): return 70
class EmailField(models.EmailField):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 190)
        super().__init__(*args, **kwargs)
class Book(models.Model):
    slug = models.SlugField(max_length=most())
    name = models.CharField(max_length=LONG)
    mail = EmailField()
"""
    fields = (
        "('slug', models.SlugField(max_length=70)), ('name', models.CharField(max_length={})),"
        "('mail', models.EmailField(max_length=190))"
    )
    make(
        tmp_path,
        {
            "catalog/limits.py": "LONG = 60\n",
            "catalog/models.py": models,
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": migration(
                ops=f"migrations.CreateModel('Book', [{fields.format(60)}])"
            ),
        },
    )
    assert drift(tmp_path) == {}
    (tmp_path / "catalog/limits.py").write_text("LONG = 80\n")
    assert "max_length 60 is now 80" in drift(tmp_path)["catalog"]["ops"][0]["text"]


def test_apps_without_migrations_make_one_finding_and_need_models_of_their_own(tmp_path):
    empty = {"outer/__init__.py": "", "outer/inner/__init__.py": "", "outer/inner/models.py": BOOK}
    make(tmp_path, {**empty, "more/__init__.py": "", "more/models.py": BOOK})
    with (tmp_path / "shop/settings.py").open("a") as file:
        file.write("INSTALLED_APPS += ['outer', 'more']\n")
    one = rows(tmp_path)["migrations.none"]
    assert [fact["text"] for fact in one["facts"]] == ["catalog", "more"]


def test_variables_that_only_other_files_need_do_not_keep_the_project_from_starting(tmp_path):
    make(
        tmp_path,
        {"catalog/jobs.py": "import os\nPATH = os.environ['SHOP_JOBS']\n"},
        settings="import os\nHOST = os.environ['SHOP_HOST']\n",
    )
    assert [one["text"] for one in rows(tmp_path)["settings.environment"]["facts"]] == ["SHOP_HOST"]


def test_with_a_loader_of_ones_own_no_template_is_called_unused(tmp_path):
    engine = (
        "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [],"
        " 'OPTIONS': {'loaders': ['%s']}}]\n"
    )
    own = "django.template.loaders.app_directories.Loader"
    for loader, certain in (("shop.loaders.Panels", False), (own, True)):
        make(tmp_path, {"catalog/templates/left.html": "x"}, settings=engine % loader)
        found = scan(tmp_path)["sections"]["templates"]["data"]["unused"]
        assert [(one["name"], one["certain"]) for one in found] == [("left.html", certain)]


def test_conditions_that_are_not_written_as_keywords_may_have_an_index(shop):
    more = """
from catalog.models import Post
from django.db.models import Q
def rows(owner):
    Post.objects.filter(Q(slug="a"), author=1)
    Post.objects.filter(author=1, **owner)
    Post.objects.filter(Q(slug="a")).filter(author=1)
"""
    (shop / "catalog" / "more.py").write_text(more, "utf-8")
    assert "queries.missing-index" not in rows(shop)


def test_a_loop_that_sets_the_relation_or_ends_at_once_makes_no_queries(tmp_path):
    views = """
from catalog.models import Author, Post
def loops():
    for one in Post.objects.all():
        one.author = Author()
        one.author.name
    for one in Post.objects.all():
        one = Post()
        one.author.name
    for one in Post.objects.all():
        return one.author.name
"""
    make(tmp_path, {"catalog/models.py": MODELS, "catalog/views.py": views})
    assert "queries.n-plus-one" not in rows(tmp_path)


def test_names_and_templates_that_the_code_itself_does_not_expect_to_be_there(tmp_path):
    views = """
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch, reverse
def index(request):
    try:
        reverse("maybe")
    except (NoReverseMatch, KeyError):
        reverse("gone")
    try:
        return render(request, "maybe.html")
    except TemplateDoesNotExist:
        return render(request, "gone.html")
"""
    urls = "from django.urls import path\nfrom catalog.views import index\nurlpatterns = [path('', index)]\n"
    make(tmp_path, {"catalog/views.py": views, "shop/urls.py": urls})
    found = rows(tmp_path)
    assert [one["text"] for one in found["urls.unresolvable"]["facts"]] == ["gone (reverse)"]
    assert [one["text"] for one in found["templates.missing"]["facts"]] == ["gone.html"]


def test_templates_of_generic_views_with_a_suffix_of_their_own_are_used(tmp_path):
    views = "from django.views.generic import ListView\nclass All(ListView):\n    template_name_suffix = '_all'\n"
    files = {f"catalog/templates/catalog/book_{name}.html": "x" for name in ("all", "list", "old")}
    make(tmp_path, {"catalog/views.py": views, **files}, settings=TEMPLATES)
    facts = rows(tmp_path)["templates.unused"]["facts"]
    assert [one["text"] for one in facts] == ["catalog/book_old.html"]


def test_migrations_that_query_while_they_are_imported_are_no_fault_of_the_project(tmp_path):
    asking = (
        "from django.db import connection\nconnection.introspection.table_names()\n"
        + migration("('catalog', '0001_initial')")
    )
    made = "migrations.CreateModel('Book', [('title', models.CharField(max_length=50))])"
    make(
        tmp_path,
        {
            "catalog/models.py": BOOK,
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": migration(ops=made),
            "catalog/migrations/0002_asks.py": asking,
            "catalog/migrations/0002_other.py": migration("('catalog', '0001_initial')"),
            "catalog/migrations/0003_both.py": migration(
                "('catalog', '0002_asks'), ('catalog', '0002_other')"
            ),
        },
    )
    found = rows(tmp_path, trust=True)
    assert found["migrations.unread"]["severity"] == "info"
    assert {"migrations.broken", "migrations.conflict:catalog"} & found.keys() == set()
    (tmp_path / "catalog/migrations/0002_asks.py").write_text("import nowhere_at_all\n")
    found = rows(tmp_path, trust=True)
    assert "migrations.broken" in found and "migrations.unread" not in found


def test_fields_that_the_metaclass_of_a_library_adds_are_not_called_removed(tmp_path):
    made = "migrations.CreateModel('Book', [('title', models.CharField(max_length=50)), ('lft', models.IntegerField())])"
    base = "from django.db import models\nfrom {0} import Tree\nclass Mine(Tree):\n    class Meta:\n        abstract = True\nclass Book(Mine):\n    title = models.CharField(max_length=50)\n"
    library = "from django.db import models\nclass Tree(models.Model):\n    class Meta:\n        abstract = True\n"
    site = tmp_path / ".venv/lib/python3.12/site-packages"
    root = make(
        tmp_path,
        {
            "catalog/models.py": base.format("treelib"),
            "catalog/trees.py": library,
            "catalog/migrations/__init__.py": "",
            "catalog/migrations/0001_initial.py": migration(ops=made),
            ".venv/pyvenv.cfg": "home = /nowhere\nversion = 3.12.4\n",
            ".venv/bin/python": "#!/bin/sh\n",
            str(site.relative_to(tmp_path) / "treelib.py"): library,
            str(site.relative_to(tmp_path) / "django-5.2.1.dist-info/METADATA"): "Name: Django\n",
        },
    )
    (root / ".venv/bin/python").chmod(0o755)
    project = find_project(root)
    assert project.interpreter is not None

    def texts():
        data = snapshot(inspect(project, Options(), lambda: False))["sections"]["drift"]["data"]
        return [one["text"] for row in data["apps"].values() for one in row["ops"]]

    assert texts() == []
    (root / "catalog/models.py").write_text(base.format("catalog.trees"))
    assert texts() == ["Remove field lft from book"]
