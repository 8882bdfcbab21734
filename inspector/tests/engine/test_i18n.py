# ruff: noqa: E501 - source texts of projects stand in long lines
"""The section `i18n`: languages, settings and catalogues, from the source and live."""

import os
import shutil

import pytest
from catalogues import compiled, po
from projects import german, make, scan, static
from schema import faults

from inspector.facts import findings_of
from inspector.static_analysis import catalogues as module

LANGUAGES = 'from django.utils.translation import gettext_lazy as _\nLANGUAGES = [("en", _("English")), ("de", _("German")), ("pt-br", "Brazilian"), ("fr", "French")]\nLANGUAGE_CODE = "en-gb"\nUSE_TZ = True\nTIME_ZONE = "Europe/Berlin"\n'
PATHS = 'LOCALE_PATHS = [BASE_DIR / "conf" / "texts", BASE_DIR / "not-there"]\nMIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]\n'
GERMAN = po(Save="Sichern", Close="Schließen", Later="")
PORTUGUESE = po(Save="Salvar")
PLACE = "catalog/locale/de/LC_MESSAGES/django"


def rows(data):
    return {(one["folder"], one["language"], one["domain"]): one for one in data["catalogues"]}


def found(result):
    return {one["id"]: one for one in findings_of(result)}


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    root = make(
        tmp_path_factory.mktemp("i18n"),
        {
            f"{PLACE}.po": GERMAN,
            "catalog/locale/de/LC_MESSAGES/djangojs.po": po(Now="Jetzt"),
            "conf/texts/pt_BR/LC_MESSAGES/django.po": PORTUGUESE,
            "conf/texts/de/LC_MESSAGES/django.po": po(Cart="Korb", New="Neu"),
            "leftover/locale/de/LC_MESSAGES/django.po": po(Old="Alt"),
            "shop/urls.py": "from django.conf.urls.i18n import i18n_patterns\nfrom django.urls import path\nfrom django.views.generic import View\nurlpatterns = i18n_patterns(path('a/', View.as_view()))\n",
        },
        settings=LANGUAGES + PATHS,
    )
    compiled(root, "catalog/locale", "de", GERMAN)
    compiled(root, "conf/texts", "pt_BR", PORTUGUESE)
    compiled(root, "conf/texts", "de", po(Cart="Warenkorb", Gone="Weg"))
    return scan(root), scan(root, trust=True)


@pytest.mark.parametrize("half", [0, 1])
def test_both_halves_say_the_same_of_catalogues(halves, half):
    result = halves[half]
    assert list(faults(result)) == []
    section = result["sections"]["i18n"]
    assert section["ok"] and section["source"] == ("static", "live")[half]
    data = section["data"]
    assert data["use_i18n"] is True and data["use_tz"] is True
    assert (data["language_code"], data["time_zone"]) == ("en-gb", "Europe/Berlin")
    assert data["languages_set"] and data["middleware"] is True
    assert [one["code"] for one in data["languages"]] == ["en", "de", "pt-br", "fr"]
    assert [one["name"] for one in data["languages"]] == ["English", "German", "Brazilian", "French"]  # fmt: skip
    table = rows(data)
    row = table["catalog/locale", "de", "django"]
    assert (row["messages"], row["translated"], row["untranslated"], row["fuzzy"]) == (3, 2, 1, 0)
    assert row["app"] == "catalog" and row["used"] is True and row["plural_forms"] is True
    assert (row["po"], row["mo"]) == (f"{PLACE}.po", f"{PLACE}.mo")
    assert (row["compiled"], row["compiled_messages"], row["differing"]) == ("same", 2, 0)
    assert table["catalog/locale", "de", "djangojs"]["compiled"] == "missing"
    assert table["conf/texts", "pt-br", "django"]["compiled"] == "same"
    other = table["conf/texts", "de", "django"]
    # A changed text, an uncompiled message, and one that the source no longer has.
    assert (other["compiled"], other["differing"], other["example"]) == ("differs", 3, "Cart")
    assert other["app"] is None and other["used"] is True
    assert {"language": "fr", "folder": "conf/texts"} in data["missing"]
    assert {"language": "pt-br", "folder": "catalog/locale"} in data["missing"]
    assert not any(one["language"] in {"en", "de"} for one in data["missing"])


def test_only_django_knows_the_rest(halves):
    source, live = (result["sections"]["i18n"]["data"] for result in halves)
    key = ("leftover/locale", "de", "django")
    assert rows(source)[key]["used"] is None and rows(live)[key]["used"] is False
    assert source["prefix"] is None and live["prefix"] is True
    assert [one["exists"] for one in source["locale_paths"]] == [True, None]
    assert live["locale_paths"] == [
        {"path": "conf/texts", "exists": True},
        {"path": "not-there", "exists": False},
    ]


@pytest.mark.parametrize("half", [0, 1])
def test_findings_name_what_visitors_do_not_see(halves, half):
    known = found(halves[half])
    row = known["i18n.compiled"]
    assert row["severity"] == "warning" and "2 translations have to be" in row["title"]
    assert {one["file"] for one in row["facts"]} == {
        "catalog/locale/de/LC_MESSAGES/djangojs.po",
        "conf/texts/de/LC_MESSAGES/django.po",
    }
    # Only the live half knows the other folders.
    assert ("i18n.languages" in known) is (half == 1)
    if half:
        languages = known["i18n.languages"]
        assert "fr" in languages["text"] and "pt-br" not in languages["text"]
        assert languages["file"] == "shop/settings.py"


def test_no_finding_where_all_is_well_or_translation_is_off(tmp_path):
    files = {f"{PLACE}.po": GERMAN}
    settings = 'LANGUAGES = [("en", "English"), ("de-at", "Austrian")]\n'
    root = make(tmp_path / "well", files, settings=settings)
    compiled(root, "catalog/locale", "de", GERMAN)
    result = scan(root, trust=True)
    assert result["sections"]["i18n"]["data"]["missing"] == []
    assert not [name for name in found(result) if name.startswith("i18n.")]
    root = make(tmp_path / "off", files, settings=LANGUAGES + "USE_I18N = False\n")
    compiled(root, "catalog/locale", "de", po(Save="Anders"))
    for trust in (False, True):
        result = scan(root, trust=trust)
        assert rows(result["sections"]["i18n"]["data"])["catalog/locale", "de", "django"]["compiled"] == "differs"  # fmt: skip
        assert not [name for name in found(result) if name.startswith("i18n.")]


@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize(("folder", "lacking"), [("de_DE", []), ("de_Formal", ["de"])])
def test_the_usual_country_of_a_language_serves_it(tmp_path, folder, lacking, trust):
    """gettext looks up de_DE for de, as pretalx has it."""
    settings = 'LANGUAGES = [("en", "English"), ("de", "German")]\n'
    root = make(tmp_path, settings=settings)
    compiled(root, "catalog/locale", folder, GERMAN)
    result = scan(root, trust=trust)
    assert [one["language"] for one in result["sections"]["i18n"]["data"]["missing"]] == lacking
    assert ("i18n.languages" in found(result)) is bool(trust and lacking)


def test_a_source_that_has_lost_its_texts_is_not_compiled_again(tmp_path):
    """Like the Turkish catalogue of Django CRM: compiling it would lose all texts."""
    root = make(tmp_path, {f"{PLACE}.po": po(Save="", Close="", Open="Öffnen")})
    compiled(root, "catalog/locale", "de", po(Save="Sichern", Close="Zu", Open="Auf"))
    assert "i18n.compiled" not in found(scan(root))
    (root / f"{PLACE}.po").write_text(po(Save="Speichern", Close="Zu", Open="Auf"), "utf-8")
    assert "i18n.compiled" in found(scan(root))


def test_where_nothing_is_compiled_that_is_a_step_of_the_build(tmp_path):
    french = PLACE.replace("/de/", "/fr/")
    root = make(tmp_path, {f"{PLACE}.po": GERMAN, f"{french}.po": GERMAN})
    assert not [name for name in found(scan(root)) if name.startswith("i18n.")]
    compiled(root, "catalog/locale", "de", GERMAN)
    assert found(scan(root))["i18n.compiled"]["file"] == f"{french}.po"


def test_times_of_files_do_not_matter_but_contents_do(tmp_path):
    root = make(tmp_path, {f"{PLACE}.po": GERMAN})
    file = compiled(root, "catalog/locale", "de", GERMAN)
    os.utime(file, (1, 1))
    (row,) = static(root, "i18n")["catalogues"]
    assert row["compiled"] == "same"
    (root / f"{PLACE}.po").write_text(po(Save="Speichern", Close="Schließen"), "utf-8")
    os.utime(root / f"{PLACE}.po", (0, 0))
    (row,) = static(root, "i18n")["catalogues"]
    assert (row["compiled"], row["differing"], row["example"]) == ("differs", 1, "Save")


@pytest.mark.parametrize("trust", [False, True])
def test_broken_files_are_told_and_the_rest_is_there(tmp_path, trust):
    root = make(tmp_path, {f"{PLACE}.po": GERMAN + "<<<<<<< HEAD\n"})
    file = compiled(root, "catalog/locale", "de", GERMAN)
    file.write_bytes(file.read_bytes()[:60])
    alone = compiled(root, "catalog/locale", "it", po(Save="Salva"))
    result = scan(root, trust=trust)
    assert list(faults(result)) == []
    table = rows(result["sections"]["i18n"]["data"])
    row = table["catalog/locale", "de", "django"]
    assert row["compiled"] == "unreadable" and row["translated"] == 2
    texts = [one["text"] for one in row["errors"]]
    assert "Not the syntax of a message." in texts
    assert any(text.startswith("The compiled file cannot be read: ") for text in texts)
    assert row["errors"][0]["file"] == f"{PLACE}.po" and row["errors"][0]["line"]
    other = table["catalog/locale", "it", "django"]
    assert (other["compiled"], other["compiled_messages"]) == ("only", 1)
    assert other["messages"] is None and other["mo"].endswith(alone.name)
    assert found(result)["i18n.compiled"]["severity"] == "warning"


def test_what_the_probe_reads_by_itself(tmp_path, monkeypatch):
    """If the static half failed, the live one still has its counts."""
    root = make(tmp_path, {f"{PLACE}.po": GERMAN})
    file = compiled(root, "catalog/locale", "de", GERMAN)
    monkeypatch.setattr("inspector.facts.merge._i18n", lambda live, static: None)
    (row,) = scan(root, trust=True)["sections"]["i18n"]["data"]["catalogues"]
    assert (row["compiled"], row["compiled_messages"], row["messages"]) == (None, 2, None)
    file.write_bytes(b"no catalogue")
    (row,) = scan(root, trust=True)["sections"]["i18n"]["data"]["catalogues"]
    assert row["compiled"] == "unreadable" and row["errors"][0]["file"] == f"{PLACE}.po"


def test_a_large_file_is_not_read_and_says_so(tmp_path):
    file = tmp_path / "django.po"
    with file.open("wb") as out:
        out.truncate(module.SIZE_LIMIT + 1)
    text = module._bytes(file)
    assert text == "django.po is larger than 16 MB and was not read."
    row = module.facts(text, None)
    assert row["messages"] is None and row["errors"][0]["text"] == text


def test_settings_that_only_the_run_knows(tmp_path):
    computed = 'import os\nLANGUAGES = [(one, one) for one in os.environ.get("L", "de").split()]\nLOCALE_PATHS = [os.environ.get("P", "/nowhere")]\nUSE_I18N = bool(LANGUAGES)\nUSE_TZ = "yes"\nMIDDLEWARE = ["shop.own.Locale"]\n'
    own = "from django.middleware.locale import LocaleMiddleware\nclass Locale(LocaleMiddleware):\n    pass\n"
    root = make(tmp_path, {"shop/own.py": own}, settings=computed)
    data = static(root, "i18n")
    assert data["use_i18n"] is None and data["middleware"] is None
    assert data["use_tz"] is None  # a text there is not its value
    assert data["languages_set"] and data["languages"] == [] and data["missing"] == []
    (path,) = data["locale_paths"]
    assert path["exists"] is None
    data = scan(root, trust=True)["sections"]["i18n"]["data"]
    assert data["use_i18n"] is True and data["middleware"] is True
    assert [one["code"] for one in data["languages"]] == ["de"]


def test_a_project_without_translations(tmp_path):
    root = make(tmp_path)
    data = scan(root, trust=True)["sections"]["i18n"]["data"]
    assert data["catalogues"] == [] and data["missing"] == [] and not data["languages_set"]
    assert len(data["languages"]) > 50 and data["middleware"] is False


def test_facts_of_unchanged_files_are_kept(tmp_path):
    root = make(tmp_path, {f"{PLACE}.po": GERMAN})
    first = static(root, "i18n")
    assert static(root, "i18n") == first
    compiled(root, "catalog/locale", "de", GERMAN)
    (row,) = static(root, "i18n")["catalogues"]
    assert row["compiled"] == "same"
    shutil.rmtree(root / "catalog/locale")
    assert static(root, "i18n")["catalogues"] == []


def test_what_is_said_has_german(halves):
    for result in halves:
        rows = [one for one in findings_of(result) if one["id"].startswith("i18n.")]
        assert rows
        for one in rows:
            assert german(one["title"]) and german(one["text"]) and german(one["why"])
