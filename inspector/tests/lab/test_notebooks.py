"""Notebooks are valid and self-contained, and their outputs match their cells."""

from __future__ import annotations

import ast
import copy
import json

import nbformat
import pytest
from nbclient import NotebookClient

from inspector.lab.notebooks import KINDS, document
from inspector.lab.notebooks.data import NothingToCompare
from inspector.lab.notebooks.document import literal
from inspector.lab.scope import cleaned
from tests.long import LONG

from .conftest import EVIL, of


@pytest.fixture(scope="session")
def earlier(sample):
    """The sample before a model was added and a setting changed."""
    old = copy.deepcopy(sample)
    models = old["sections"]["models"]["data"]["models"]
    models[:] = [m for m in models if m["label"] != "bikes.Bike"]
    old["sections"]["settings"]["data"]["variables"][0]["value"] = "'before'"
    return old


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@LONG
@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_kernel_says_what_is_stored(kind, sample, earlier, tmp_path):
    made = document(kind, sample, earlier)
    notebook = nbformat.from_dict(json.loads(json.dumps(made)))
    nbformat.validate(notebook)
    for cell in code(notebook):
        cell["outputs"], cell["execution_count"] = [], None
    # In an empty folder, so no other file can help.
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    ran = json.loads(json.dumps(client.execute()))
    assert [c["outputs"] for c in code(ran)] == [c["outputs"] for c in code(made)]
    assert [c["execution_count"] for c in code(ran)] == list(range(1, len(code(made)) + 1))
    assert not any(o["output_type"] == "error" for c in code(ran) for o in c["outputs"])
    shown = json.dumps(made)
    assert "<svg" in shown and "<table" in shown
    assert list(tmp_path.iterdir()) == []


def test_the_facts_are_in_them(sample, earlier):
    def html(kind, old=None):
        cells = code(document(kind, sample, old))
        return "".join(
            o["data"]["text/html"]
            for c in cells
            for o in c["outputs"]
            if "text/html" in o.get("data", {})
        )

    assert "people.Customer" in html("models") and "CASCADE" in html("models")
    assert "people.0003_fill_slugs" not in html("migrations") and "0003_fill_slugs" in html(
        "migrations"
    )
    assert "jobs/" in html("urls") and "ROOT_URLCONF" in html("urls")
    assert "bikes.Bike" in html("changes", earlier) and "&#x27;before&#x27;" in html(
        "changes", earlier
    )
    assert "There is no database yet" in html("overview")


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_standard_library_and_what_jupyter_has(kind, sample, earlier):
    names = set()
    for cell in code(document(kind, sample, earlier)):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module)
    assert names == {"json", "collections", "html", "IPython.display", "pandas"}


def test_hostile_texts_stay_texts(hostile, earlier):
    for kind in KINDS:
        made = document(kind, cleaned(hostile), cleaned(hostile))
        nbformat.validate(nbformat.from_dict(made))
        for cell in made["cells"]:
            if cell["cell_type"] == "markdown":
                assert "alert" not in cell["source"]
            for output in cell.get("outputs", []):
                assert "<img" not in output.get("data", {}).get("text/html", "")


def test_data_cannot_leave_its_string():
    carried = {"a": [{"x": "''' + exit() + r'''"}, {"x": "\\"}], "b": EVIL}
    text = literal(carried)
    assert "'" not in text and text.isascii()
    assert json.loads(ast.literal_eval(f"r'''\n{text}\n'''")) == carried


def test_what_changed_needs_two():
    with pytest.raises(NothingToCompare, match="no earlier scan"):
        document("changes", of(), None)


def test_a_snapshot_without_sections_makes_notebooks_too():
    for kind in KINDS:
        nbformat.validate(nbformat.from_dict(document(kind, of(), of())))
