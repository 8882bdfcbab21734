"""Registrations in the admin sites."""

from ..errors import error_row
from ..places import origin, place, relative
from ..redact import scrub
from ..values import dotted, text_of


def section_admin():
    from django.apps import apps

    errors, sites = [], []
    if apps.is_installed("django.contrib.admin"):
        from django.contrib.admin.sites import all_sites

        for site in sorted(all_sites, key=lambda one: one.name):
            rows = []
            for model, admin in site._registry.items():
                try:
                    rows.append(one_admin(model, admin))
                except Exception as error:
                    errors.append(error_row("%s: " % model._meta.label, error))
            rows.sort(key=lambda row: row["model"])
            sites.append({"name": site.name, "class": dotted(type(site)), "registered": rows})
    return {"sites": sites, "errors": errors}


def one_admin(model, admin):
    kind = type(admin)
    file, line = place(kind)
    row = {
        "model": model._meta.label,
        "admin": dotted(kind),
        "origin": origin(file),
        "file": relative(file),
        "line": line,
    }
    for name in ("list_display", "list_filter", "search_fields", "readonly_fields", "ordering"):
        value = getattr(admin, name, None)
        row[name] = [named(one) for one in value] if isinstance(value, (list, tuple)) else []
    row["inlines"] = []
    for inline in getattr(admin, "inlines", None) or ():
        inner, number = place(inline)
        target = getattr(inline, "model", None)
        row["inlines"].append(
            {
                "admin": dotted(inline),
                "model": target._meta.label if hasattr(target, "_meta") else None,
                "file": relative(inner),
                "line": number,
            }
        )
    return row


def named(value):
    """The text of an entry in an options list: a string, the first of a pair,
    or a callable's name.
    """
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    if isinstance(value, str):
        return scrub(value)
    return getattr(value, "__name__", None) or text_of(value)
