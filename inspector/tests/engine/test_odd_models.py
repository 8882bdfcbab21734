"""Model definitions that are common but easy to miss; source and registry agree."""

import django
import pytest
from projects import fields, make, model, scan

HEAD = "from typing import TYPE_CHECKING\nfrom django.db import models\n"


def agreed(root):
    """Labels of the models, after checking that the live scan finds no disagreement."""
    live = scan(root, trust=True)["sections"]["models"]
    assert live["source"] == "live"
    assert live["data"].get("disagreements", []) == []
    return {one["label"] for one in live["data"]["models"] if one["origin"] == "project"}


def test_options_of_a_field_from_a_dictionary(tmp_path):
    make(
        tmp_path,
        {
            "catalog/options.py": "OPTIONAL = dict(null=True, blank=True)\n",
            "catalog/models.py": HEAD
            + "from catalog import options\n"
            + "from catalog.options import OPTIONAL\n"
            + "LONG = {**OPTIONAL, 'max_length': 70}\n\n\n"
            + "class Book(models.Model):\n"
            + "    SHORT = {'max_length': 7}\n"
            + "    one = models.IntegerField(**OPTIONAL)\n"
            + "    two = models.CharField(**LONG)\n"
            + "    three = models.CharField(unique=True, **SHORT)\n"
            + "    four = models.ForeignKey('self', models.CASCADE, **options.OPTIONAL)\n"
            + "    five = models.IntegerField(**{'null': True} | {'db_index': True})\n",
        },
    )
    found = fields(model(tmp_path, "catalog.Book"))
    assert found["one"]["null"] and found["one"]["blank"]
    assert (found["two"]["max_length"], found["two"]["null"]) == (70, True)
    assert (found["three"]["max_length"], found["three"]["unique"]) == (7, True)
    assert found["four"]["null"] and found["five"]["null"] and found["five"]["index"]
    assert agreed(tmp_path) == {"catalog.Book"}


def test_a_dictionary_that_is_computed_says_nothing(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": HEAD
            + "def options():\n    return {'null': True}\n\n\n"
            + "class Book(models.Model):\n    one = models.IntegerField(**options())\n",
        },
    )
    assert "null" not in fields(model(tmp_path, "catalog.Book"))["one"]


def test_what_stands_under_type_checking_is_no_model(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": HEAD
            + "if TYPE_CHECKING:\n    class Ghost(models.Model):\n        pass\n"
            + "else:\n    class Real(models.Model):\n        pass\n\n\n"
            + "class Book(models.Model):\n"
            + "    if TYPE_CHECKING:\n        id = models.IntegerField()\n"
            + "    first, second = models.IntegerField(), models.IntegerField()\n",
        },
    )
    assert list(fields(model(tmp_path, "catalog.Book"))) == ["id", "first", "second"]
    assert fields(model(tmp_path, "catalog.Book"))["id"]["auto"]
    assert agreed(tmp_path) == {"catalog.Book", "catalog.Real"}


def test_managers_come_from_a_concrete_parent_and_its_fields_do_not(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": HEAD
            + "class Live(models.Manager):\n    pass\n\n\n"
            + "class Book(models.Model):\n    title = models.TextField()\n    live = Live()\n\n\n"
            + "class Comic(Book):\n    pass\n",
        },
    )
    comic = model(tmp_path, "catalog.Comic")
    assert comic["managers"] == [{"name": "live", "class": "catalog.models.Live"}]
    assert list(fields(comic)) == ["book_ptr"]


@pytest.mark.skipif(django.VERSION < (5, 2), reason="composite keys came with Django 5.2")
def test_keys_of_several_columns_and_generated_fields(tmp_path):
    make(
        tmp_path,
        {
            "catalog/models.py": HEAD
            + "class Book(models.Model):\n"
            + "    pk = models.CompositePrimaryKey('shelf', 'place')\n"
            + "    shelf = models.IntegerField()\n    place = models.IntegerField()\n"
            + "    number = models.GeneratedField(expression=models.F('place') + 1,\n"
            + "        output_field=models.IntegerField(), db_persist=True)\n"
            + "    others = models.ManyToManyField('catalog.Other')\n\n\n"
            + "class Other(models.Model):\n    pass\n",
        },
    )
    live = scan(tmp_path, trust=True)["sections"]["models"]["data"]["models"]
    live = fields(next(one for one in live if one["label"] == "catalog.Book"))
    read = fields(model(tmp_path, "catalog.Book"))
    assert set(read) == set(live) == {"pk", "shelf", "place", "number", "others"}
    for name in ("pk", "number", "others"):
        for key in ("column", "pk", "unique", "blank", "editable", "verbose", "line"):
            assert read[name].get(key) == live[name].get(key), (name, key)
    assert read["others"]["column"] is None
