"""Every text is translated, and missing ones are reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.messages import __main__ as messages
from scripts.messages import catalogues
from scripts.messages.catalogues import Place, compiled, faults, places, update
from scripts.messages.extract import DOMAINS
from tests.long import LONG

DJANGO, SCRIPTS, SENTENCES = DOMAINS


def test_every_language_has_every_text():
    found = list(places())
    assert {"django", "sentences"} <= {place.domain.name for place in found}
    assert [line for place in found for line in faults(place)] == []


@pytest.fixture
def app(tmp_path, monkeypatch):
    """An app with a text of each kind."""
    for name in ("extract", "catalogues"):
        monkeypatch.setattr(f"scripts.messages.{name}.ROOT", tmp_path)
    for name, text in {
        "page.html": '{% load i18n %}\n  <p>{% translate "Open" %}</p>\n'
        "{% blocktranslate trimmed count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows"
        "{% endblocktranslate %}\n    {% include 'x' with what=_(\"Models\") %}",
        "views.py": "from x import gettext as _\nmessage = _('%s is gone') % name\n",
        "page.js": "say(gettext(`Copied {text}`, { text }));\n"
        "ngettext('{count} a', '{count} b', 2);",
        "task.py": 'reason = say("{n} files in {folder}", n=1, folder=x)\n',
        "sample/left.py": "_('not ours')\n",
    }.items():
        (tmp_path / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "app" / name).write_text(text, encoding="utf-8")
    return tmp_path / "app"


def fill(place: Place, **texts: str) -> None:
    """Translate by the first word of the message; other messages by themselves."""
    catalogue = place.read()
    for message in catalogue:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            text = texts.get(one.split()[0].strip("%{}"), one)
            message.string = text if isinstance(message.id, str) else (text, message.id[1])
    place.po.write_bytes(catalogues.written(catalogue))
    place.mo.write_bytes(compiled(place))


def ids(place: Place) -> set[str]:
    return {m.id if isinstance(m.id, str) else m.id[0] for m in update(place) if m.id}


def test_texts_of_templates_python_and_scripts_are_found(app):
    assert ids(Place(app, DJANGO, "de")) == {"Open", "%(n)s row", "Models", "%s is gone"}
    assert ids(Place(app, SCRIPTS, "de")) == {"Copied {text}", "{count} a"}
    assert ids(Place(app, SENTENCES, "de")) == {"{n} files in {folder}"}


def test_a_text_without_translation_a_lost_placeholder_and_a_stale_file_are_named(app):
    place = Place(app, DJANGO, "de")
    assert "is missing" in "".join(faults(place))
    update(place)
    assert "has no translation" in "".join(faults(place))
    fill(place)
    assert list(faults(place)) == []
    place.mo.write_bytes(b"")
    assert "not what the .po gives" in "".join(faults(place))
    fill(place, s="ist weg")
    assert "lacks %s" in "".join(faults(place))
    fill(place, Open="%(name)s öffnen")
    assert "which the original has not" in "".join(faults(place))


def test_a_text_that_is_gone_and_one_marked_fuzzy_are_named(app):
    place = Place(app, SENTENCES, "de")
    update(place)
    fill(place)
    place.po.write_text(place.po.read_text().replace('msgid "{n}', '#, fuzzy\nmsgid "{n}'))
    assert "fuzzy" in "".join(faults(place))
    fill(place)
    (app / "task.py").write_text("reason = 'nothing'\n")
    assert "in no source any more" in "".join(faults(place))


def test_what_is_compiled_does_not_depend_on_when(app):
    place = Place(app, SENTENCES, "de")
    update(place)
    fill(place)
    first = compiled(place)
    assert b"Babel" not in first and compiled(replace(place)) == first


def test_catalogues_lie_in_their_app(app):
    assert Place(app, SCRIPTS, "de").mo == Path(app, "locale/de/LC_MESSAGES/djangojs.mo")


@LONG
def test_all_texts_can_be_read_as_one_page(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["messages", "list"])
    assert messages.main() == 0
    page = capsys.readouterr().out
    for place in places():
        assert f"# {place.shown}\n" in page
    lines = page.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("- "))
    assert lines[at + 1].startswith("  → ")
