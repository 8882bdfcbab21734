"""CSV files: their content, and formulas that a spreadsheet must not run."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from inspector.lab.tables import TABLES, archive, guarded

from ..pages import data
from .conftest import SECRET, of


def read(snapshot):
    out, said = io.BytesIO(), []
    archive(snapshot, out, said.append)
    with zipfile.ZipFile(out) as zipped:
        assert zipped.testzip() is None
        found = {
            name: list(csv.DictReader(io.StringIO(zipped.read(name).decode(), newline="")))
            for name in zipped.namelist()
        }
    return found, said, out.getvalue()


def test_the_sample_as_tables(sample):
    found, said, _ = read(sample)
    assert set(found) == {f"{name}.csv" for name in [*TABLES, "findings"]} and len(said) == 10
    labels = {row["label"] for row in found["models.csv"]}
    assert {"bikes.Bike", "auth.User"} <= labels
    owner = next(
        r for r in found["relations.csv"] if (r["model"], r["field"]) == ("bikes.Bike", "owner")
    )
    assert owner["to"] == "people.Customer" and owner["kind"] == "fk"
    for name in ("fields", "migrations", "urls", "settings", "packages", "checks", "findings"):
        assert found[f"{name}.csv"], name
    assert SECRET not in str(found)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_a_text(text):
    assert guarded(text) == f"'{text}"
    found, _, _ = read(of(models=data.models(data.model("a.A", verbose_name=text))))
    assert found["models.csv"][0]["verbose_name"] == f"'{text}"


def test_numbers_and_harmless_texts_are_left_alone():
    assert [guarded(v) for v in (-1, 2.5, True, None, "a=b", ["-x", "y"])] == [
        -1, 2.5, "true", "", "a=b", "'-x, y",
    ]  # fmt: skip


def test_without_sections_there_are_heads_and_no_rows():
    found, _, _ = read(of())
    assert all(not rows for rows in found.values())


def test_the_same_facts_are_the_same_bytes(sample):
    assert read(sample)[2] == read(sample)[2]
