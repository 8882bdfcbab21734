"""Settings that differ from Django's defaults."""

import os
import warnings

from ..guard import GUARD
from ..places import module_file, relative
from ..redact import MASK, scrub, secret_name
from ..values import literal, nothing


def section_settings():
    from django.conf import global_settings, settings

    module = os.environ.get("DJANGO_SETTINGS_MODULE")
    rows = []
    names = [name for name in dir(settings) if name.isupper()]
    for name in names:
        if name == "LOGGING_CONFIG":
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = getattr(settings, name)
        except Exception:
            continue
        known = hasattr(global_settings, name)
        default = getattr(global_settings, name, None)
        try:
            changed = not known or bool(value != default)
        except Exception:
            changed = True
        if not changed:
            continue
        redacted = secret_name(name) and not isinstance(value, bool)
        text = MASK if redacted and not nothing(value) else scrub(literal(value, name))
        rows.append(
            {
                "name": name,
                "value": text,
                "default": scrub(literal(default)) if known else None,
                "changed": True,
                "known": known,
                "redacted": redacted or MASK in text,
                "computed": False,
                "file": None,
                "line": None,
            }
        )
    key = getattr(settings, "SECRET_KEY", "") or ""
    placeholder = str(key).startswith("inspection-placeholder-")
    return {
        "module": module,
        "files": [relative(module_file(module or ""))] if module_file(module or "") else [],
        "variables": rows,
        "env": [
            {
                "name": fact["name"],
                "default": None,
                "required": False,
                "set": fact["set"],
                "file": fact["file"],
                "line": fact["line"],
                "kind": None,
                "places": [{"file": fact["file"], "line": fact["line"], "default": None}],
                "example": None,
                "secret": secret_name(fact["name"]),
            }
            for fact in sorted(GUARD.env.values(), key=lambda one: one["name"])
        ],
        "env_examples": [],
        "secret_key": {
            "set": bool(key) and not placeholder,
            "length": 0 if placeholder else len(str(key)),
            "insecure_prefix": str(key).startswith("django-insecure-"),
        },
        "errors": [],
    }
