"""Side effects of loading the project: writes, connections, programs, warnings."""

import re
import threading
import warnings

from ..guard import GUARD
from ..places import origin, relative
from ..redact import scrub
from ..values import text_of

WARNINGS = {}
# Everything seen so far: dictionaries that map facts to counts.
FACTS = (GUARD.events, GUARD.env, WARNINGS)


def watch_warnings():
    """Collect deprecation warnings instead of printing them."""

    def show(message, category, filename, lineno, file=None, line=None):
        key = (category.__name__, str(message), filename, lineno)
        if key in WARNINGS:
            WARNINGS[key]["count"] += 1
        elif len(WARNINGS) < 500:
            WARNINGS[key] = {"count": 1}

    warnings.showwarning = show
    warnings.simplefilter("default", DeprecationWarning)
    warnings.simplefilter("default", PendingDeprecationWarning)


def section_side_effects():
    seen = [
        {
            "category": category,
            "text": scrub(text),
            "file": relative(file),
            "line": line,
            "origin": origin(file),
            "count": fact["count"],
        }
        for (category, text, file, line), fact in list(WARNINGS.items())
    ]
    old = [one for one in seen if re.search("Deprecat|RemovedIn", one["category"])]
    other = [one for one in seen if not re.search("Deprecat|RemovedIn", one["category"])]
    return {
        "events": list(GUARD.events.values()),
        "env_reads": sorted(GUARD.env.values(), key=lambda fact: fact["name"]),
        "deprecations": old,
        "other_warnings": other,
        "threads": [
            text_of(one.name)
            for one in threading.enumerate()
            if one is not threading.main_thread() and one.name != "inspector-watchdog"
        ],
    }
