"""The pictures in docs/screenshots: few, and all of them used."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def test_the_folder_holds_a_dozen_pictures_and_the_page_shows_each():
    shown = PICTURE.findall((FOLDER / "README.md").read_text("utf-8"))
    there = sorted(file.name for file in FOLDER.glob("*.webp"))
    assert sorted(shown) == there
    assert len(there) <= 12
