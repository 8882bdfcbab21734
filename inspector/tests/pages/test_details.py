"""Details of rows of URLs, templates and models: the source lines, and what they refer to."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from inspector.pages import source

from . import data

pytestmark = pytest.mark.django_db

VIEWS = """\
from django.shortcuts import render
from .models import Book


@login_required
def book(request, pk):
    found = Book.objects.get(pk=pk)
    return render(request, "shop/book.html", {"book": found})


def other(request):
    return render(request, "shop/other.html")
"""
ROUTE = {"kind": "route", "origin": "project", "methods": [], "full_name": None}
ROUTES = [
    ROUTE
    | {"pattern": "books/<pk>/", "view": "shop.views.book", "file": "shop/views.py", "line": 6},
    ROUTE | {"pattern": "", "view": "shop.views.other", "file": "shop/views.py", "line": 11},
    ROUTE | {"pattern": "", "view": "x.y", "file": "/lib/x.py", "line": 1, "origin": "third-party"},
]
TEMPLATES = {
    "templates": [
        {"name": name, "file": f"templates/{name}", "origin": "project", "app": None}
        for name in ("shop/book.html", "shop/other.html", "base.html")
    ],
    "edges": [
        {"source": "shop/book.html", "target": "base.html", "kind": "extends"}
        | {"file": "templates/shop/book.html", "line": 1}
    ],
    "references": [
        {"name": "shop/book.html", "file": "shop/views.py", "line": 8},
        {"name": "shop/other.html", "file": "shop/views.py", "line": 12},
    ],
    "checked": 3, "broken": [], "missing": [], "unused": [], "shadowed": [], "computed": [],
    "engines": [],
}  # fmt: skip
URLS = {"routes": ROUTES, "unresolved": [], "duplicate_names": {}, "errors": []}


@pytest.fixture
def shop(scanned):
    book = data.model("shop.Book") | {"file": "shop/views.py", "line": 6}
    project = scanned(urls=URLS, templates=TEMPLATES, models=data.models(book))
    root = Path(project.path)
    (root / "shop").mkdir()
    (root / "shop/views.py").write_text(VIEWS)
    (root / "templates/shop").mkdir(parents=True)
    (root / "templates/shop/book.html").write_text('{% extends "base.html" %}\n<b>&amp;</b>\n')
    return project


def page(client, project, name, **query):
    answer = client.get(reverse(f"inspector:{name}", args=[project.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def detail(html):
    return html[html.index('<aside id="detail"') :].partition("</aside>")[0]


def test_a_url_leads_to_its_view_templates_and_models(client, shop):
    shown = detail(page(client, shop, "urls", url="books/<pk>/"))
    assert "@login_required" in shown
    assert "def other" not in shown, "only the view's own lines"
    for address in ("?template=shop/book.html", "?template=base.html", "?model=shop.Book"):
        assert address in shown
    assert "other.html" not in shown


def test_a_generic_view_uses_the_template_that_django_would(client, shop):
    root = Path(shop.path)
    (root / "shop/views.py").write_text("\n" * 5 + "class BookList(ListView):\n    model = Book\n")
    section = shop.scans.get().sections.get(name="templates")
    section.data["templates"].append(
        {"name": "shop/book_list.html", "file": "x", "origin": "project", "app": None}
    )
    section.save()
    shown = detail(page(client, shop, "urls", url="books/<pk>/"))
    assert "?template=shop/book_list.html" in shown
    assert "?template=shop/book.html" not in shown


def test_the_root_has_an_address_and_so_has_its_double(client, shop):
    assert "shop.views.other" in detail(page(client, shop, "urls", url="")).replace("<wbr>", "")
    shown = detail(page(client, shop, "urls", url="~2"))
    assert "x.y" in shown.replace("<wbr>", "")
    assert "<pre" not in shown, "what is no file of the project is not read"
    assert "has-detail" not in page(client, shop, "urls")


def test_a_template_leads_back_to_its_urls(client, shop):
    shown = detail(page(client, shop, "templates", template="shop/book.html"))
    assert "?url=books/%3Cpk%3E/" in shown
    assert "?template=base.html" in shown
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in shown, "shown, not obeyed"
    shown = detail(page(client, shop, "templates", template="base.html"))
    assert "?template=shop/book.html" in shown
    assert "<pre" not in shown, "the file is not there"


def test_a_model_shows_its_lines(client, shop):
    assert "@login_required" in detail(page(client, shop, "models", model="shop.Book"))


@pytest.mark.parametrize(
    ("name", "query"), [("urls", {"url": "gone/"}), ("templates", {"template": ""})]
)
def test_what_is_gone_says_so(client, shop, name, query):
    assert "no longer exists" in detail(page(client, shop, name, **query))


def test_only_the_project_is_read(tmp_path):
    root = tmp_path / "shop"
    root.mkdir()
    (tmp_path / "secret.py").write_text("def f():\n    pass\n")
    (root / "link.py").symlink_to(tmp_path / "secret.py")
    for file in ("../secret.py", str(tmp_path / "secret.py"), "link.py", "none.py", "", None):
        assert source.source(str(root), file, 1) is None, file


def test_long_and_odd_files(tmp_path):
    body = "".join(f"    x = {n}\n" for n in range(200))
    (tmp_path / "long.py").write_text(f"def long():\n{body}\n\ny = 1\n")
    piece = source.source(str(tmp_path), "long.py", 1)
    assert (piece.lines[0], len(piece.lines), piece.more) == ((1, "def long():"), 60, 141)
    (tmp_path / "broken.py").write_text("a\nb\nc\ndef (:\n")
    assert source.source(str(tmp_path), "broken.py", 4).lines[0] == (2, "b")
    assert source.source(str(tmp_path), "broken.py", 99).lines[0] == (1, "a")
    (tmp_path / "empty.py").touch()
    assert source.source(str(tmp_path), "empty.py", 1) is None
