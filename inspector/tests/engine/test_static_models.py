# ruff: noqa: E501 - source texts of projects stand in long lines
from projects import fields, make, model, static


def test_relations_by_string_self_and_setting(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models

class Book(models.Model):
    author = models.ForeignKey("Author", on_delete=models.PROTECT, related_name="books")
    sequel = models.OneToOneField("self", models.SET_NULL, null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    editor = models.ForeignKey(get_user_model(), models.CASCADE, related_name="+")
    readers = models.ManyToManyField("auth.User", through="catalog.Loan", related_name="read")

class Author(models.Model):
    name = models.CharField("full name", max_length=80, unique=True)

class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
"""
        },
    )
    book = fields(model(tmp_path, "catalog.Book"))
    assert book["author"]["rel"] == {
        "kind": "fk",
        "to": "catalog.Author",
        "on_delete": "PROTECT",
        "related_name": "books",
    }
    assert book["author"]["line"] == 7
    assert book["sequel"]["rel"]["to"] == "catalog.Book"
    assert book["owner"]["rel"]["to"] == book["editor"]["rel"]["to"] == "auth.User"
    assert book["readers"]["rel"]["through"] == "catalog.Loan"
    assert book["readers"]["column"] is None
    assert book["id"]["auto"] and book["id"]["type"] == "BigAutoField"
    name = fields(model(tmp_path, "catalog.Author"))["name"]
    assert (name["verbose"], name["max_length"], name["unique"]) == ("full name", 80, True)


def test_abstract_bases_multi_table_and_proxies(tmp_path):
    make(
        tmp_path,
        {
            "shop/base.py": """
from django.db import models

class Stamped(models.Model):
    made = models.DateTimeField(auto_now_add=True)
    note = models.TextField()
    class Meta:
        abstract = True
        ordering = ["made"]
""",
            "catalog/models.py": """
from django.db import models
from shop.base import Stamped

class Item(Stamped):
    note = None

class Book(Item):
    title = models.CharField(max_length=9)

class Cheap(Book):
    class Meta:
        proxy = True
""",
        },
    )
    item = model(tmp_path, "catalog.Item")
    assert item["bases"] == [
        {"name": "Stamped", "module": "shop.base", "kind": "abstract", "label": None}
    ]
    assert item["ordering"] == ["made"]
    assert set(fields(item)) == {"id", "made"}
    made = fields(item)["made"]
    assert (made["inherited_from"], made["file"], made["line"]) == ("Stamped", "shop/base.py", 5)
    book = model(tmp_path, "catalog.Book")
    assert fields(book)["item_ptr"]["rel"]["parent_link"] is True
    assert "id" not in fields(book)
    cheap = model(tmp_path, "catalog.Cheap")
    assert cheap["proxy"] and cheap["fields"] == []
    assert cheap["table"] == "catalog_book"
    abstract = static(tmp_path, "models")["abstract"]
    assert [one["name"] for one in abstract if one["origin"] == "project"] == ["Stamped"]


def test_meta_choices_managers_and_generic_relations(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": """
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.db import models

class Tag(models.Model):
    content_type = models.ForeignKey("contenttypes.ContentType", models.CASCADE)
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

class Live(models.Manager):
    pass

class Book(models.Model):
    class Kind(models.TextChoices):
        NOVEL = "n", "A novel"
        ESSAY = "e"
    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.NOVEL)
    size = models.IntegerField(choices=[(1, "small"), (2, "big")])
    tags = GenericRelation(Tag)
    live = Live()
    class Meta:
        db_table = "books"
        verbose_name = "the book"
        managed = False
        constraints = [models.UniqueConstraint(fields=["kind"], name="one_%(class)s")]
        indexes = [models.Index(fields=["size"], name="by_size")]
        unique_together = [("kind", "size")]
        index_together = ("kind", "size")
        ordering = ["-size", models.F("kind").asc()]
"""
        },
    )
    book = model(tmp_path, "catalog.Book")
    rows = fields(book)
    assert rows["kind"]["choice_values"] == [["n", "A novel"], ["e", "Essay"]]
    assert rows["size"]["choices"] == 2
    assert rows["tags"]["rel"] == {"kind": "generic-relation", "to": "catalog.Tag"}
    assert (book["table"], book["verbose_name"], book["managed"]) == ("books", "the book", False)
    assert book["constraints"][0]["name"] == "one_book"
    assert book["indexes"][0]["fields"] == ["size"]
    assert book["unique_together"] == book["index_together"] == [["kind", "size"]]
    assert book["ordering"] == ["-size", "models.F('kind').asc()"]
    assert book["managers"] == [{"name": "live", "class": "catalog.models.Live"}]
    tag = fields(model(tmp_path, "catalog.Tag"))["target"]["rel"]
    assert tag == {
        "kind": "generic",
        "to": None,
        "ct_field": "content_type",
        "fk_field": "object_id",
    }


def test_forms_are_not_models_and_tests_do_not_count(tmp_path):
    make(
        tmp_path,
        {
            "catalog/forms.py": "from django import forms\nclass F(forms.Form):\n    a = forms.CharField()\n",
            "catalog/tests.py": "from django.db import models\nclass T(models.Model):\n    pass\n",
        },
    )
    labels = [one["label"] for one in static(tmp_path, "models")["models"]]
    assert [label for label in labels if label.startswith("catalog")] == ["catalog.Book"]


def test_a_broken_file_is_listed_and_the_rest_is_there(tmp_path):
    make(
        tmp_path,
        {
            "catalog/broken.py": "def f(:\n",
            "catalog/merge.py": "<<<<<<< HEAD\nx = 1\n=======\n",
            "catalog/deep.py": "x = " + "(" * 3000 + ")" * 3000,
            "catalog/nul.py": "x = 1\0",
        },
    )
    unparsable = {one["file"]: one for one in static(tmp_path, "code")["unparsable"]}
    assert unparsable["catalog/broken.py"]["line"] == 1
    assert "conflict markers" in unparsable["catalog/merge.py"]["hint"]
    assert {"catalog/deep.py", "catalog/nul.py"} <= unparsable.keys()
    assert model(tmp_path, "catalog.Book")


def test_static_analysis_runs_nothing(tmp_path):
    make(tmp_path, {"catalog/models.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n"})
    static(tmp_path, "models")
    assert not (tmp_path / "ran").exists()


def test_libraries_that_a_project_brings_along_are_read_and_not_its_own(tmp_path):
    make(
        tmp_path,
        {
            "dist/django/__init__.py": "",
            "dist/django/apps/registry.py": "",
            "dist/morsel/__init__.py": "",
            "dist/morsel/models.py": (
                "from django.db import models\n\n\nclass Stamped(models.Model):\n"
                "    stamped = models.DateTimeField()\n\n"
                "    class Meta:\n        abstract = True\n"
            ),
            "catalog/models.py": (
                "from django.db import models\nfrom morsel.models import Stamped\n\n\n"
                "class Item(Stamped):\n    name = models.CharField(max_length=9)\n"
            ),
        },
    )
    item = model(tmp_path, "catalog.Item")
    assert {field["name"] for field in item["fields"]} == {"id", "name", "stamped"}
    files = static(tmp_path, "code")["files"]
    assert files == len([f for f in tmp_path.rglob("*.py") if "dist" not in f.parts])


def test_a_row_never_holds_a_value_of_another_type(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": (
                "from django.db import models\n\n\nclass Book(models.Model):\n"
                "    title = models.CharField(max_length='50')\n"
                "    isbn = models.CharField(max_length=13)\n"
            ),
            "catalog/admin.py": (
                "from django.apps import apps\nfrom django.contrib import admin\n"
                "from . import models\nALL = [models.Book]\n\n\n"
                "@admin.register(*ALL)\nclass BookAdmin(admin.ModelAdmin): pass\n\n\n"
                "@admin.register(apps.get_model('auth', 'User'))\n"
                "class UserAdmin(admin.ModelAdmin): pass\n"
            ),
        },
    )
    book = fields(model(tmp_path, "catalog.Book"))
    assert "max_length" not in book["title"] and book["isbn"]["max_length"] == 13
    (site,) = static(tmp_path, "admin")["sites"]
    assert [one["model"] for one in site["registered"]] == [
        "*ALL",
        "apps.get_model('auth', 'User')",
    ]
