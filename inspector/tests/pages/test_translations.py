"""The page of languages and catalogues, and other places that mention them."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import translation

from inspector.models import Scan
from inspector.pages import translations as page

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def get(client, project):
    response = client.get(reverse("inspector:translations", args=[project.pk]))
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def catalogue(language="de", folder="shop/locale", **more):
    base = f"{folder}/{language}/LC_MESSAGES/django"
    row = {"domain": "django", "language": language, "folder": folder, "app": "shop"}
    row |= {"used": True, "po": f"{base}.po", "mo": f"{base}.mo", "messages": 300}
    row |= {"translated": 298, "fuzzy": 1, "untranslated": 1, "obsolete": 0, "plural_forms": True}
    row |= {"compiled": "same", "compiled_messages": 298, "differing": 0, "example": None}
    return row | {"errors": []} | more


def section(*catalogues, **more):
    offered = [{"code": "de", "name": "German"}, {"code": "fr", "name": "French"}]
    data = {"use_i18n": True, "use_tz": True, "language_code": "en-us", "time_zone": "UTC"}
    data |= {"languages": offered, "languages_set": True, "locale_paths": [], "middleware": True}
    data |= {"prefix": True, "catalogues": list(catalogues), "missing": [], "left_out": 0}
    return data | {"errors": []} | more


def test_languages_and_catalogues_with_their_shares(client, scanned):
    text = get(client, scanned(i18n=section(catalogue(), catalogue(folder="shop/old", used=False))))
    # Never 100 while something is missing; files that Django does not read do not count.
    assert "99%" in text and "100%" not in text and "198%" not in text
    assert 'id="lang-de"' in text and 'id="lang-fr"' in text and "French" in text
    assert "not read by Django" in text and "matches its source" in text
    assert "shop/locale/de/LC_MESSAGES/django.po" in text
    assert "LocaleMiddleware" in text and "i18n_patterns" in text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"compiled": "differs", "differing": 2, "example": "Save"}, "2 messages differ"),
        ({"compiled": "missing", "mo": None}, "not compiled"),
        ({"compiled": "missing", "mo": None, "translated": 0}, "nothing to compile"),
        ({"compiled": "only", "po": None, "messages": None}, "298 messages, without a source"),
        ({"compiled": "unreadable"}, "cannot be read"),
        ({"compiled": None}, "not compared"),
    ],
)
def test_the_state_of_the_compiled_file_is_said_in_words(client, scanned, more, words):
    text = get(client, scanned(i18n=section(catalogue(**more))))
    assert words in text and "matches its source" not in text


def test_a_static_scan_says_only_what_it_knows(client, scanned):
    paths = [{"path": "os.environ['P']", "exists": None}]
    unknown = {"middleware": None, "prefix": None, "use_i18n": None, "use_tz": None}
    found = section(catalogue(), locale_paths=paths, **unknown)
    text = get(client, scanned(source="static", i18n=found))
    assert "known only when the code runs" in text and "read from the source files" in text
    assert "LocaleMiddleware" not in text and "Translation is off" not in text


def test_off_empty_and_lacking(client, scanned):
    off = section(
        use_i18n=False,
        middleware=False,
        missing=[{"language": "fr", "folder": "shop/locale"}],
        locale_paths=[{"path": "gone", "exists": False}],
    )
    text = get(client, scanned(i18n=off))
    for words in ("Translation is off", "No catalogues", "makemessages", "no such folder"):
        assert words in text
    assert "Folders without it" in text and "not in shop/locale" in text


def test_languages_of_django_alone_are_not_listed(client, scanned):
    text = get(client, scanned(i18n=section(catalogue(language="it"), languages_set=False)))
    assert 'id="lang-it"' in text and 'id="lang-fr"' not in text
    assert "does not set" in text and "not offered" not in text


def test_a_scan_that_failed_here_says_why(client, project):
    scan = Scan.objects.create(project=project, status="partial")
    error = {"type": "E", "message": "no such thing", "trace": [], "hint": "Do this"}
    scan.sections.create(name="i18n", source="static", ok=False, error=error)
    text = get(client, project)
    assert "Translations could not be read" in text and "Do this" in text


def test_hostile_texts_are_text(client, scanned):
    error = {"text": EVIL, "file": EVIL, "line": 3}
    row = catalogue(language=EVIL, folder=EVIL, domain=EVIL, po=EVIL, compiled="differs")
    row |= {"example": EVIL, "differing": 1, "errors": [error]}
    data = section(row, locale_paths=[{"path": EVIL, "exists": True}], language_code=EVIL)
    data |= {"languages": [{"code": EVIL, "name": EVIL}], "time_zone": EVIL}
    data |= {"missing": [{"language": EVIL, "folder": EVIL}]}
    assert EVIL not in get(client, scanned(i18n=data))


def test_in_german(client, scanned):
    project = scanned(i18n=section(catalogue(compiled="differs", differing=1, example="Save")))
    with translation.override("de"):
        response = client.get(
            reverse("inspector:translations", args=[project.pk]),
            headers={"Accept-Language": "de"},
        )
    text = response.content.decode()
    assert "1 Text weicht ab" in text and "99 %" in text and "Übersetzungen" in text


def test_languages_are_found_by_name(client, scanned):
    project = scanned(i18n=section(catalogue()))
    url = reverse("inspector:index-json", args=[project.pk])
    rows = json.loads(client.get(url).content)["rows"]
    ((_, name, detail, address),) = [one for one in rows if one[1] == "de"]
    assert (name, detail) == ("de", "German")
    path, _, target = address.partition("#")
    assert f'id="{target}"' in client.get(path).content.decode()


def test_shares_are_rounded_down():
    counts = page.Counts()
    assert counts.share is None
    counts.add(catalogue(messages=1000, translated=999))
    assert counts.share == 99
