"""The pictures in docs/screenshots: one of every page, for every size of project and every look."""

from itertools import product
from pathlib import Path

from django.urls import reverse

from inspector.views.frame import TITLES

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LOOKS = [f"{theme}-{width}" for theme, width in product(("light", "dark"), ("narrow", "wide"))]
SIZES = ("empty", "small", "large")


def test_every_page_of_a_project_has_its_pictures():
    start = reverse("inspector:overview", args=[1])
    pages = [
        reverse(f"inspector:{name}", args=[1])[len(start) : -1] or "overview" for name in TITLES
    ]
    wanted = {f"{page}-{size}-{look}.webp" for page, size, look in product(pages, SIZES, LOOKS)}
    there = {file.name for file in FOLDER.glob("*.webp")}
    assert wanted - there == set(), "run: node inspector/scripts/screenshots.js"


def test_the_list_names_every_picture():
    text = (FOLDER / "README.md").read_text("utf-8")
    pictures = [file.name for file in FOLDER.glob("*.webp")]
    assert len(pictures) > 100
    assert [name for name in pictures if f"({name})" not in text] == []
