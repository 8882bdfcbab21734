"""The runtime's pages name the user's app and no other."""

import re
from pathlib import Path

import pytest

import djdesk.desktop
from djdesk.desktop.handbook import topics

ROOM = Path(djdesk.desktop.__file__).parent
# Links about causes of errors for developers; packaged apps do not show them.
FOR_DEVELOPERS = re.compile(
    r"\[tool\.djdesk[^\]]*\]|DJDESK_\w+|djdesk (?:start|new)|of DJDesk list"
)


@pytest.mark.parametrize("ending", ["html", "md"])
def test_templates_and_help_name_no_app(ending):
    files = list(ROOM.rglob(f"*.{ending}"))
    assert len(files) > 5
    named = [
        (file.name, line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if "DJDesk" in line or re.search(r"\bdjdesk (?!i18n)", line)
    ]
    assert named == []


def test_texts_of_the_catalogue_name_no_app():
    for file in ROOM.rglob("*.po"):
        texts = re.findall(r'^(?:msgid|msgstr|)\s*"(.*)"$', file.read_text(encoding="utf-8"), re.M)
        shown = [FOR_DEVELOPERS.sub("", text) for text in texts if "Project-Id" not in text]
        assert [text for text in shown if re.search("djdesk", text, re.I)] == [], file


def test_the_handbook_says_what_is_typed_here(monkeypatch):
    topics.topics.cache_clear()
    monkeypatch.setattr(topics, "program", lambda: "bookshelf")
    try:
        found = topics.topics("en")
        text = str(found["logs"].document)
    finally:
        topics.topics.cache_clear()
    assert "bookshelf doctor" in text
    assert "{command}" not in text
