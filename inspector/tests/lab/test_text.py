"""Graphviz, and the part of Mermaid and DBML that the comparison with the page does not cover."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from inspector.lab.graph import build
from inspector.lab.text import dbml, dot, mermaid

from ..pages import data


def draw(text):
    program = shutil.which("dot")
    if program is None:
        pytest.skip("needs-package: graphviz")
    return subprocess.run(
        [program, "-Tsvg"], input=text.encode(), capture_output=True, timeout=60, check=False
    )


def test_dot_draws_every_model_and_relation(sample):
    graph = build(sample["sections"]["models"]["data"])
    drawn = draw(dot(graph))
    assert drawn.returncode == 0 and not drawn.stderr, drawn.stderr
    svg = drawn.stdout.decode()
    assert svg.count('class="node"') == len(graph.nodes) > 10
    assert svg.count('class="edge"') == len(graph.edges) > 10


def test_dot_takes_hostile_names_and_many_models(hostile):
    assert draw(dot(build(hostile["sections"]["models"]["data"]))).returncode == 0
    drawn = draw(dot(build(data.many_models())))
    assert drawn.returncode == 0 and not drawn.stderr, drawn.stderr


def test_nothing_is_a_diagram_too():
    empty = build(None)
    assert mermaid(empty) == "erDiagram\n" and dbml(empty) == "\n"
    assert draw(dot(empty)).returncode == 0


def test_a_chain_of_proxies_that_bites_its_tail_ends():
    def proxy(label, of):
        base = {"name": of, "module": "a", "kind": "proxy-of", "label": of}
        return data.model(label, proxy=True, bases=[base])

    graph = build(
        data.models(
            proxy("a.A", "a.B"),
            proxy("a.B", "a.A"),
            data.model("a.C", data.foreign_key("a", "a.A")),
        )
    )
    assert "Ref" not in dbml(graph)
