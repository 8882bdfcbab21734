"""Long values of settings: one entry per line, collapsed to the beginning."""

from __future__ import annotations

import ast

import pytest
from django.template import Context, Template

from inspector.pages.values import FOLDED_LINES, beginning, laid_out

DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/db", "TEST": {"NAME": None}},
    "old, {one}": ("it's", ["x"] * 20),
}


def test_nested_values_have_one_entry_a_line_further_in() -> None:
    assert laid_out(repr(DATABASES)).splitlines()[:8] == [
        "{",
        "  'default': {",
        "    'ENGINE': 'django.db.backends.sqlite3',",
        "    'NAME': '/srv/db',",
        "    'TEST': {'NAME': None}",
        "  },",
        "  'old, {one}': (",
        '    "it\'s",',
    ]


@pytest.mark.parametrize(
    "value", [DATABASES, ("y" * 80,), [("a" * 30, (1,)), ("b" * 30, ())], {"k" * 70: set()}]
)
def test_python_reads_the_same_value(value: object) -> None:
    text = laid_out(repr(value))
    assert "\n" in text
    assert text.count("(") == repr(value).count("(")
    assert ast.literal_eval(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "['cut off', " + "'x', " * 20 + "…",
        "['cut in a string', " + "'x', " * 20 + "'abc…",
        "{'a': PosixPath('/x'), " + "'b': <object at 0x1>, " * 5 + "}",
        "[" * 500 + "1, 2" + "]" * 500,
        "}])" * 30,
        "env('URL', default='postgres://user@localhost/thing') or something_that_is_longer",
    ],
)
def test_nothing_of_the_text_is_lost(text: str) -> None:
    assert "".join(laid_out(text).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["", "5", "['a', 'b']", "line one\n" * 20])
def test_what_is_short_or_has_lines_stays_as_it_is(text: str) -> None:
    assert laid_out(text) == text


def test_only_what_is_long_is_folded() -> None:
    short = "\n".join("abc" for _ in range(FOLDED_LINES + 1))
    assert beginning(short) == short
    assert beginning(short + "\nd") == "\n".join(["abc"] * FOLDED_LINES) + " …"
    assert len(beginning("x" * 5000)) < 400


def test_a_page_shows_it_as_text_with_all_of_it_once() -> None:
    value = repr(["<b>one</b>"] * 30)
    html = Template(
        '{% include "inspector/parts/laid_out_value.html" with value=value id="v" %}'
    ).render(Context({"value": value}))
    assert "<b>" not in html
    assert html.count(">Show all<") == html.count(">Show less<") == html.count('id="v"') == 1
    whole = html[html.index('id="v"') :]
    assert whole.count("&lt;b&gt;one") == len(ast.literal_eval(value))
