"""Languages and compiled catalogues."""

import os
from locale import normalize

from ..bounded import TooLarge, read_bytes
from ..limits import SECONDS, Late, within
from ..messages import say
from ..places import origin, relative
from ..values import text_of

CATALOGUE_LIMIT = 16 * 2**20  # bytes per file
CATALOGUES = 2000
# Facts that only the source of a catalogue has.
UNREAD = ("messages", "translated", "fuzzy", "untranslated", "obsolete", "plural_forms")


def section_i18n():
    from django.apps import apps
    from django.conf import settings
    from django.utils.translation import to_locale

    homes = {}
    for one in apps.get_app_configs():
        homes.setdefault(os.path.join(one.path, "locale"), one.label)
    named = list(dict.fromkeys(os.path.abspath(str(one)) for one in settings.LOCALE_PATHS))
    rows = []
    for folder in dict.fromkeys(named + list(homes)):
        if origin(os.path.join(folder, "x.mo")) == "project" and os.path.isdir(folder):
            rows += catalogues_in(folder, homes.get(folder))
    offered = [{"code": text_of(one[0]), "name": text_of(one[1])} for one in settings.LANGUAGES]
    missing = []
    if settings.is_overridden("LANGUAGES"):
        missing = without_catalogue(rows, offered, settings.LANGUAGE_CODE, to_locale)
    return {
        "use_i18n": bool(settings.USE_I18N),
        "use_tz": bool(settings.USE_TZ),
        "language_code": text_of(settings.LANGUAGE_CODE),
        "time_zone": text_of(settings.TIME_ZONE) if settings.TIME_ZONE else None,
        "languages": offered,
        "languages_set": bool(settings.is_overridden("LANGUAGES")),
        "locale_paths": [{"path": relative(one), "exists": os.path.isdir(one)} for one in named],
        "middleware": chooses_language(settings.MIDDLEWARE),
        "prefix": language_prefix(),
        "catalogues": rows[:CATALOGUES],
        "missing": missing,
        "left_out": max(0, len(rows) - CATALOGUES),
        "errors": [],
    }


def catalogues_in(folder, label):
    """The catalogues in a folder that Django reads; `.po` files are handled by the static half."""
    rows = []
    try:
        locales = sorted(os.listdir(folder))
    except OSError:
        return rows
    for locale in locales:
        inner = os.path.join(folder, locale, "LC_MESSAGES")
        if not os.path.isdir(inner):
            continue
        there = set(os.listdir(inner))
        for domain in sorted({name[:-3] for name in there if name.endswith((".po", ".mo"))}):
            source, compiled = domain + ".po", domain + ".mo"
            row = dict.fromkeys(UNREAD)
            row.update(
                domain=text_of(domain),
                language=locale.replace("_", "-").lower(),
                folder=relative(folder),
                app=label,
                used=True,
                po=relative(os.path.join(inner, source)) if source in there else None,
                mo=relative(os.path.join(inner, compiled)) if compiled in there else None,
                compiled=None if compiled in there else "missing",
                compiled_messages=None,
                differing=0,
                example=None,
                errors=[],
            )
            if compiled in there:
                read_compiled(os.path.join(inner, compiled), row)
            rows.append(row)
    return rows


def read_compiled(path, row):
    """Count what Python's gettext, which Django uses, finds in the file."""
    import gettext
    import io
    import struct

    try:
        data = read_bytes(path, CATALOGUE_LIMIT)
        known = within(SECONDS, lambda: gettext.GNUTranslations(io.BytesIO(data)))
        keys = {key[0] if isinstance(key, tuple) else key for key in known._catalog}
        row["compiled_messages"] = len(keys - {""})
        row["compiled"] = None if row["po"] else "only"
    except TooLarge:
        return
    except (OSError, ValueError, LookupError, TypeError, struct.error, Late) as error:
        row["compiled"] = "unreadable"
        why = text_of(error) or type(error).__name__
        text = say("The compiled file cannot be read: {why}", why=why)
        row["errors"].append({"text": text, "file": row["po"] or row["mo"], "line": None})


def without_catalogue(rows, offered, code, to_locale):
    """Offered languages missing from a folder that has other languages.

    Source texts are in the language of LANGUAGE_CODE or in English, so neither needs a catalogue.
    """
    own = {"en", str(code).split("-")[0].lower()}
    folders = {}
    for row in rows:
        folders.setdefault(row["folder"], set()).add(row["language"])
    found = []
    for folder, there in folders.items():
        for one in offered:
            # As gettext looks them up: pt_BR, then pt; and de_DE for de.
            name = to_locale(one["code"])
            parts = name.replace("_", "-").lower().split("-")
            names = {"-".join(parts[:cut]) for cut in range(1, len(parts) + 1)}
            usual = normalize(name).split(".")[0].split("@")[0]
            names.add(usual.replace("_", "-").lower())
            if not names & (there | own):
                found.append({"language": one["code"], "folder": folder})
    return found


def chooses_language(paths):
    """Whether a middleware is Django's LocaleMiddleware or a subclass."""
    from django.middleware.locale import LocaleMiddleware
    from django.utils.module_loading import import_string

    for path in paths:
        try:
            target = import_string(path)
        except Exception:
            continue
        if isinstance(target, type) and issubclass(target, LocaleMiddleware):
            return True
    return False


def language_prefix():
    """Whether the routes use `i18n_patterns`; None if they cannot be loaded."""
    from django.conf import settings
    from django.conf.urls.i18n import is_language_prefix_patterns_used

    if not getattr(settings, "ROOT_URLCONF", None):
        return None
    try:
        return bool(is_language_prefix_patterns_used(settings.ROOT_URLCONF)[0])
    except Exception:
        return None
