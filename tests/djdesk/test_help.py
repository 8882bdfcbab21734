"""The handbook: what a topic may contain, where topics come from, and what the search finds."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.checks.registry import registry
from django.urls import reverse
from django.utils import translation

from djdesk.desktop import notices
from djdesk.desktop.handbook import markdown, online, search, topics

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "de")
FOLDERS = topics.folders()
FILES = [file for folder in FOLDERS for file in sorted((folder / "en").glob("*.md"))]
RUNTIME = Path(apps.get_app_config("desktop").path) / "help"


def address(topic, anchor):
    return f"/desktop/help/{topic}/" + (f"#help-{anchor}" if anchor else "")


def rendered(source):
    return markdown.render(markdown.parse(f"# T\n\nS.\n\n{source}"), address, below=0)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_topic_is_complete_in_every_language(file):
    anchors = []
    for language in LANGUAGES:
        translated = file.parent.parent / language / file.name
        document = markdown.parse(translated.read_text(encoding="utf-8"))
        assert document.title and "{#" not in document.title
        assert 20 < len(document.summary) < 180
        named = [section.anchor for section in document.sections if section.heading]
        assert named and all(named), f"a heading of {translated} has no {{#name}}"
        assert len(set(named)) == len(named)
        anchors.append(named)
    assert anchors[0] == anchors[1]


def test_no_language_has_a_topic_of_its_own():
    for folder in FOLDERS:
        named = [{f.name for f in (folder / language).glob("*.md")} for language in LANGUAGES]
        assert named[0] == named[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_topic_and_a_heading(language):
    found = topics.topics(language)
    for topic in found.values():
        for target in markdown.links(topic.document):
            link = markdown.topic_link(target)
            assert link, f"{topic.name} links to {target}"
            name, anchor = link
            assert name in found, f"{topic.name} links to {target}"
            assert not anchor or anchor in {s.anchor for s in found[name].sections}, target


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_runtime_needs_no_topic_of_an_app(language):
    """The handbook has no broken links even if the bundled app is deleted."""
    own = {file.stem for file in (RUNTIME / language).glob("*.md")}
    for name in own:
        text = (RUNTIME / language / f"{name}.md").read_text(encoding="utf-8")
        links = (markdown.topic_link(target) for target in markdown.links(markdown.parse(text)))
        assert {link[0] for link in links if link} <= own


def test_pages_and_contents_name_topics_that_exist():
    found = topics.topics("en")
    for config in apps.get_app_configs():
        for place in getattr(config, "help_pages", {}).values():
            name, _, anchor = place.partition("#")
            assert name in found, place
            assert not anchor or anchor in {s.anchor for s in found[name].sections}, place
        for _, names in getattr(config, "help_contents", ()):
            assert set(names) <= set(found)
    groups = topics.contents(found)
    listed = [topic.name for _, group in groups for topic in group]
    assert sorted(listed) == sorted(found)
    assert "More" not in [str(title) for title, _ in groups]


def test_a_notice_leads_to_the_topic_about_it(client):
    found = topics.topics("en")
    for place in notices.TOPICS.values():
        name, _, anchor = place.partition("#")
        assert anchor in {section.anchor for section in found[name].sections}
    notices.add("salvage", "warning", "The database was damaged.")
    notices.add("other", "info", "Something else.")
    try:
        html = client.get(reverse("desktop-logs")).content.decode()
    finally:
        notices.dismiss("salvage")
        notices.dismiss("other")
    assert html.count('data-help="troubleshooting#damaged"') == 1
    assert 'href="/desktop/help/troubleshooting/#help-damaged"' in html
    assert html.count("More about this") == 1


def test_markup_in_a_topic_is_text():
    html = rendered('<script>alert(1)</script> <b onclick="x">b</b>\n\n<div>block</div>')
    assert "<script" not in html and "<b " not in html and "<div" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_would_run_something_is_none(target):
    assert "<a " not in rendered(f"[click]({target})")


def test_links_go_to_topics_inside_and_to_the_browser_outside():
    html = rendered("[a](other.md#part) [b](../de/x.md) [c](https://example.org/) [d](#here)")
    assert 'href="/desktop/help/other/#help-part" data-help="other#part"' in html
    assert 'href="/desktop/help/x/" data-help="x"' in html
    assert 'href="https://example.org/" target="_blank" rel="noopener noreferrer"' in html
    assert 'href="#help-here"' in html


def test_headings_have_their_names_and_go_deeper():
    document = markdown.parse("# T\n\nS.\n\n## Über {#over}\n\nText")
    assert '<h3 id="help-over">Über</h3>' in markdown.render(document, address, below=1)


def test_an_app_brings_topics_and_the_first_one_wins(tmp_path, monkeypatch):
    folder = tmp_path / "help" / "en"
    folder.mkdir(parents=True)
    (folder / "data.md").write_text("# Mine\n\nInstead of the runtime's.\n\n## A {#a}\n")
    (folder / "extra.md").write_text("# Extra\n\nOne more.\n\n## A {#a}\n")
    (folder / "Bad Name.md").write_text("# Bad\n")
    app = SimpleNamespace(path=str(tmp_path))
    others = list(apps.get_app_configs())
    monkeypatch.setattr(topics.apps, "get_app_configs", lambda: [app, *others])
    found = topics.topics.__wrapped__("de")
    assert found["data"].title == "Mine"
    assert found["data"].language == "en", "the fallback says which language it is in"
    assert found["extra"].title == "Extra"
    assert "Bad Name" not in found
    assert [topic.name for topic in topics.contents(found)[-1][1]] == ["extra"]


def test_search_minds_neither_case_nor_accents():
    topic = topics.Topic("t", "de", markdown.parse("# Größe\n\nS.\n\n## Über {#u}\n\nDas MÜSLI."))
    hit = search.search([topic], "musli GROSSE")[0]
    assert (hit.anchor, hit.heading) == ("u", "Über")
    assert ("MÜSLI", True) in hit.excerpt
    assert search.search([topic], "musli absent") == []
    assert search.search([topic], "  ") == []


def test_search_ranks_title_before_heading_before_text():
    sources = {
        "text": "# A\n\nS.\n\n## B {#b}\n\nmango",
        "heading": "# A\n\nS.\n\n## Mango {#b}\n\nx",
        "title": "# Mango\n\nS.\n\n## B {#b}\n\nx",
    }
    found = [topics.Topic(name, "en", markdown.parse(text)) for name, text in sources.items()]
    assert [hit.topic.name for hit in search.search(found, "mango")] == ["title", "heading", "text"]


def test_an_excerpt_shows_where_it_was_found():
    text = "before " * 60 + "the needle here " + "after " * 60
    pieces = search.excerpt(text, ["needle"])
    assert ("needle", True) in pieces
    assert pieces[0] == ("…", False) and pieces[-1] == ("…", False)
    assert len("".join(piece for piece, _ in pieces)) < 220
    at_once = search.excerpt("The needle here " + "after " * 60, ["needle"])
    assert at_once[:2] == [("The ", False), ("needle", True)], "the first word is not cut off"


def test_a_topic_as_a_page_and_as_a_part(client):
    page = client.get(reverse("desktop-help-topic", args=["data"])).content.decode()
    assert "<h1 " in page and 'id="help-restore"' in page and "<html" in page
    part = client.get(
        reverse("desktop-help-topic", args=["data"]), {"part": "drawer"}
    ).content.decode()
    assert "<html" not in part and '<h2 class="help-heading">' in part
    assert '<h3 id="help-restore">' in part


def test_the_language_of_the_reader(client):
    with translation.override("de-at"):
        assert topics.current()["data"].title == "Daten und Sicherungen"
    with translation.override("fr"):
        assert topics.current()["data"].language == "en"


def test_what_is_searched_for_is_marked_and_never_markup(client):
    page = client.get(reverse("desktop-help"), {"q": "backup"}).content.decode()
    assert "<mark>backup</mark>" in page
    page = client.get(reverse("desktop-help"), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["nothing", "DATA", "data-md"])
def test_an_unknown_topic_is_answered_with_those_that_exist(client, name):
    response = client.get(reverse("desktop-help-topic", args=[name]))
    assert response.status_code == 404
    assert reverse("desktop-help-topic", args=["data"]) in response.content.decode()


@pytest.mark.parametrize("path", ["../data", "..%2f..%2fsettings", "data.md", "%2e%2e/en/data"])
def test_a_path_is_no_topic(client, path):
    assert client.get(f"/desktop/help/{path}/").status_code == 404


def test_only_reading(client):
    assert client.post(reverse("desktop-help")).status_code == 405
    assert client.post(reverse("desktop-help-topic", args=["data"])).status_code == 405


def test_help_online_only_where_there_is_an_address(client, settings):
    page = reverse("desktop-help-topic", args=["data"])
    assert "data-online" not in client.get(page).content.decode()
    settings.HELP_URL = "https://docs.example.org/{language}"
    html = client.get(page).content.decode()
    link = re.search(r"<a [^>]*data-online[^>]*>", html)[0]
    assert 'href="https://docs.example.org/en/data/"' in link
    assert 'target="_blank" rel="noopener noreferrer"' in link


@pytest.mark.parametrize(
    "base",
    ["http://example.org", "javascript:alert(1)", "https://", "https://a@b.c/", "https://[", "/x"],
)
def test_an_address_that_the_shell_would_not_open_is_refused(settings, base):
    settings.HELP_URL = base
    assert online.address("data", "en") == ""
    assert [error.id for error in online.check_help_url(None)] == ["desktop.E001"]


def test_the_address_is_checked_at_every_start(settings):
    assert online.check_help_url in registry.get_checks()
    settings.HELP_URL = "https://example.org/help"
    assert online.check_help_url(None) == []
    settings.HELP_URL = ""
    assert online.check_help_url(None) == []
