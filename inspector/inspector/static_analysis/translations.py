"""The `i18n` section: languages, translation settings and the project's catalogues."""

from __future__ import annotations

import ast
from locale import normalize
from pathlib import Path

from djdesk.projects.code.evaluate import Items
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import text_of
from djdesk.projects.code.tree import Tree
from djdesk.projects.redact import scrub
from inspector.sections.templates import Catalogue, I18n, Language, LocalePath, MissingCatalogue
from inspector.static_analysis.apps import App
from inspector.static_analysis.catalogues import Catalogues, language
from inspector.static_analysis.facts_cache import FactsCache
from inspector.static_analysis.named_folders import NamedFolders

MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"


def section(tree: Tree, cache: FactsCache, known: Settings, apps: list[App]) -> I18n:
    paths, folders = locale_paths(tree, known)
    found = Catalogues(tree, cache, apps, folders)
    code = text_setting(known, "LANGUAGE_CODE", "en-us")
    offered, every = languages(known)
    return {
        "use_i18n": flag(known, "USE_I18N", True),
        # Its default changed in Django 5.0.
        "use_tz": flag(known, "USE_TZ", None),
        "language_code": code,
        "time_zone": text_setting(known, "TIME_ZONE", "America/Chicago"),
        "languages": offered,
        "languages_set": "LANGUAGES" in known.names,
        "locale_paths": paths,
        "middleware": middleware(known),
        "prefix": None,
        "catalogues": found.rows,
        "missing": missing(found.rows, offered, code) if every else [],
        "left_out": found.left_out,
        "errors": [],
    }


def flag(known: Settings, name: str, default: bool | None) -> bool | None:
    """The value if it is certain; None if only the running project knows it."""
    value = _setting(known, name, default)
    return value if isinstance(value, bool) else None


def text_setting(known: Settings, name: str, default: str) -> str | None:
    """The same for a text."""
    value = _setting(known, name, default)
    return scrub(value) if isinstance(value, str) else None


def _setting(known: Settings, name: str, default: object) -> object:
    if name not in known.names:
        return default if known.module and not known.errors else None
    return None if name in known.uncertain else known.names[name]


def languages(known: Settings) -> tuple[list[Language], bool]:
    """The languages in `LANGUAGES`, as far as it is literal, and whether they are complete."""
    value = known.names.get("LANGUAGES")
    if not isinstance(value, Items):
        return [], False
    rows: list[Language] = []
    every = not value.unresolved and "LANGUAGES" not in known.uncertain
    for pair, _, conditional in value.items:
        texts = [one for one, _, _ in pair.items] if isinstance(pair, Items) else []
        if not texts or not isinstance(texts[0], str) or conditional:
            every = False
            continue
        name = texts[1] if len(texts) > 1 and isinstance(texts[1], str) else texts[0]
        rows.append({"code": scrub(texts[0]), "name": scrub(name)})
    return rows, every


def middleware(known: Settings) -> bool | None:
    """Whether `LocaleMiddleware` is installed; None if only the running project knows."""
    if "MIDDLEWARE" not in known.names:
        return False if known.module and not known.errors else None
    value = known.names["MIDDLEWARE"]
    if not isinstance(value, Items):
        return None
    if any(path == MIDDLEWARE and not conditional for path, _, conditional in value.items):
        return True
    # A custom class may inherit from it.
    own = any(not str(path).startswith("django.") for path, _, _ in value.items)
    return None if own or value.unresolved else False


def locale_paths(tree: Tree, known: Settings) -> tuple[list[LocalePath], list[Path]]:
    """The rows of `LOCALE_PATHS`, and those of its folders that exist."""
    place = known.places.get("LOCALE_PATHS")
    if place is None or place[2] is None:
        return [], []
    rows: list[LocalePath] = []
    folders = []
    named = NamedFolders(tree, known, place[0])
    for one in getattr(place[2], "elts", []):
        inner = one.value if isinstance(one, ast.Starred) else one
        folder = named.find(inner)
        if folder is None:
            rows.append({"path": scrub(text_of(inner)), "exists": None})
        else:
            rows.append({"path": tree.relative(folder), "exists": True})
            folders.append(folder)
    return rows, folders


def missing(
    catalogues: list[Catalogue], offered: list[Language], code: str | None
) -> list[MissingCatalogue]:
    """Offered languages missing from a folder that has other languages.

    Source texts are in the language of `LANGUAGE_CODE` or in English, so neither needs a catalogue.
    """
    own = {"en", (code or "en").partition("-")[0].lower()}
    folders: dict[str, set[str]] = {}
    for row in catalogues:
        if row["used"]:
            folders.setdefault(row["folder"], set()).add(row["language"])
    return [
        {"language": one["code"], "folder": folder}
        for folder, there in folders.items()
        for one in offered
        if not looked_for(one["code"]) & (there | own)
    ]


def looked_for(code: str) -> set[str]:
    """The names that gettext looks up: ``pt-br`` and ``pt``; for ``de`` also ``de-de``."""
    parts = code.lower().split("-")
    usual = normalize(code.replace("-", "_")).partition(".")[0].partition("@")[0]
    return {"-".join(parts[:cut]) for cut in range(1, len(parts) + 1)} | {language(usual)}
