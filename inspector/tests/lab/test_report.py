"""The report: self-contained, and nothing in it that a project could exploit."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from inspector.lab.report import report

from ..pages import data
from .conftest import SECRET, of

FORBIDDEN = {"script", "iframe", "object", "embed", "link", "base", "form", "img", "image", "use"}


class Tags(HTMLParser):
    """How a browser parses it."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def assert_harmless(html):
    page = Tags(html)
    assert not FORBIDDEN & set(page.tags)
    assert page.tags.count("style") == 1
    names = {name for name, _ in page.attributes}
    assert "style" not in names and not any(name.startswith("on") for name in names)
    addresses = [v for name, v in page.attributes if name in ("href", "src", "xlink:href")]
    assert addresses and all(address.startswith("#") for address in addresses)
    return page


def test_it_has_everything_and_needs_nothing(sample):
    html = report(sample)
    page = assert_harmless(html)
    text = " ".join(page.texts)
    for word in (
        "bikes.Bike", "frame_number", "0003_fill_slugs", "ROOT_URLCONF", "security.W018",
        "There is no database yet", "people.Customer", "Migration operations by kind",
        "requirements.txt",
    ):  # fmt: skip
        assert word in text, word
    assert SECRET not in html
    assert html.count("<svg") > 8


def test_its_own_policy_allows_its_style_and_nothing_else(sample):
    html = report(sample)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace(
        "&#x27;", "'"
    )
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    )


def test_hostile_texts_stay_texts(hostile):
    html = report(hostile)
    page = assert_harmless(html)
    assert not re.search("[\x00\x1b\u202e]", html)
    assert "<img src=x onerror=alert(1)>" in "".join(page.texts)


@pytest.mark.parametrize("apps, each", [(1, 1), (1, 60), (25, 40)])
def test_diagrams_of_any_size_are_well_formed(apps, each):
    html = report(of(models=data.many_models(apps, each)))
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        width, height = (float(root.get(key)) for key in ("width", "height"))
        assert 0 < width < 1400 and height > 0
    cards = sum(picture.count('class="card"') for picture in pictures)
    assert cards == apps * each


def test_without_sections_it_says_so():
    text = " ".join(Tags(report(of())).texts)
    assert "No models are known." in text and "the project was not run" in text


def test_a_section_that_failed_says_why():
    found = of(models=data.models())
    found["sections"]["urls"] = {
        "ok": False, "source": "live", "seconds": 0,
        "error": {"type": "X", "message": "no module views", "trace": [], "hint": "Write it."},
    }  # fmt: skip
    text = " ".join(Tags(report(found)).texts)
    assert "no module views" in text and "Write it." in text
