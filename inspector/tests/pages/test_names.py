"""Names, paths and numbers as shown on pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Context, Template

from inspector.pages import models, origins
from inspector.templatetags.inspector import breakable, place


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("LoadBalancerPoolMember", ["Load", "Balancer", "Pool", "Member"]),
        ("local_config_context_schema", ["local_", "config_", "context_", "schema"]),
        ("user__username", ["user__", "username"]),
        ("django.contrib.auth", ["django.", "contrib.", "auth"]),
        ("UIViewSet", ["UIView", "Set"]),
        ("__init__", ["__init__"]),
        ("ISBN", ["ISBN"]),
        ("", [""]),
    ],
)
def test_names_wrap_between_their_words(name, lines):
    assert breakable(name).split("<wbr>") == lines


def test_a_name_with_markup_stays_text():
    assert breakable("a.<b>&'\"") == "a.<wbr>&lt;b&gt;&amp;&#x27;&quot;"


def test_a_place_escapes_every_part():
    html = place('/root"', '<i>/views.py"', '3"><script>')
    assert "<script>" not in html and "<i>" not in html
    assert html.count('"') == 12  # six attributes, and no quote that ends one early
    assert Template("{{ html }}").render(Context({"html": html})) == html


def test_a_place_in_the_project_names_the_file_for_the_editor():
    html = place("/srv/shop", "shop/__init__.py", 3)
    assert 'data-file="shop/__init__.py" data-line="3"' in html
    assert 'data-copy="/srv/shop/shop/__init__.py:3"' in html
    assert ">shop/<wbr>__init__.py:3</button>" in html


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("/usr/lib/python3/site-packages/silk/apps.py", "…/site-packages/<wbr>silk/<wbr>apps.py"),
        (Path("/srv/exports"), "/srv/<wbr>exports"),
        (r"C:\Python\Lib\site-packages\silk\apps.py", "…/site-packages/<wbr>silk/<wbr>apps.py"),
        ("site-packages/a.py", "site-packages/<wbr>a.py"),
    ],
)
def test_of_a_far_path_only_the_end_is_shown(file, shown):
    html = place("/srv/shop", file)
    assert html.endswith(f">{shown}</button>")
    assert f'{file}">' in html  # its title is the full path


def test_why_a_page_lists_more_than_the_rail_counts():
    assert origins.share(1384, 2471) == "1,384 of 2,471 are this project's own"
    assert origins.share(7, 7) == ""


def test_own_models_are_counted_as_on_the_overview():
    rows = [
        {"app": "shop", "name": "Order", "origin": "project"},
        {"app": "shop", "name": "Order_items", "origin": "project", "auto_created": "shop.Order"},
        {"app": "auth", "name": "User", "origin": "django"},
    ]
    assert models.own(models.by_app({"models": rows})) == 1
