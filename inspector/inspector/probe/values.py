"""Project values as text: redacted, truncated, and without running any project code."""

import os
import re

from .redact import MASK, scrub, secret_name


def type_name(value):
    kind = type(value)
    return "<%s.%s>" % (kind.__module__, kind.__qualname__)


def text_of(value):
    """A name or message as text; lazy translations are resolved, nothing else is called."""
    try:
        return scrub(str(value))
    except Exception:
        return type_name(value)


def dotted(kind):
    name = "%s.%s" % (kind.__module__, kind.__qualname__)
    if name.startswith("django.db.models."):
        return "django.db.models." + kind.__qualname__
    return name


def nothing(value):
    """Whether a value cannot be secret: empty or a boolean."""
    return isinstance(value, bool) or value in (None, "", [], {}, ())


def literal(value, name="", depth=0, seen=None):
    """A Python literal of plain values, redacted; other objects appear as their type."""
    if name and secret_name(name) and not nothing(value):
        return repr(MASK)
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, str):
        return repr(scrub(value))
    if isinstance(value, bytes):
        return repr(MASK) if len(value) > 64 else repr(value)
    if depth > 5:
        return "…"
    if isinstance(value, dict):
        rows = []
        for key in list(value)[:100]:
            label = key if isinstance(key, str) else ""
            inner = value[key]
            if name == "DATABASES" and label == "USER" and inner:
                rows.append("%r: %r" % (key, MASK))
                continue
            child = "DATABASES" if name == "DATABASES" and not label.isupper() else label
            rows.append("%s: %s" % (literal(key), literal(inner, child, depth + 1)))
        return "{%s}" % ", ".join(rows)
    if isinstance(value, (list, tuple, set, frozenset)):
        rows = [literal(item, "", depth + 1) for item in list(value)[:200]]
        if isinstance(value, (set, frozenset)):
            rows.sort()  # set order differs in every process
        pair = "[]" if isinstance(value, list) else "()" if isinstance(value, tuple) else "{}"
        comma = "," if isinstance(value, tuple) and len(rows) == 1 else ""
        return pair[0] + ", ".join(rows) + comma + pair[1]
    if isinstance(value, os.PathLike):
        return repr(os.fspath(value))
    if isinstance(value, re.Pattern):
        return "re.compile(%r)" % value.pattern
    if isinstance(value, type) or callable(value) and hasattr(value, "__qualname__"):
        return "%s.%s" % (getattr(value, "__module__", ""), value.__qualname__)
    if type(value).__module__.startswith(("django.utils.functional", "datetime", "decimal")):
        return repr(text_of(value))
    return type_name(value)
