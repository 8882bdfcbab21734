"""Django's system checks."""

import os
import re

from ..config import CONFIG
from ..guard import GUARD
from ..limits import OutOfTime, limited
from ..messages import say
from ..places import module_file, origin, place, relative
from ..protocol import CLOCK
from ..values import dotted, text_of
from .fields import one_field

# These depend on database features: PostgreSQL's CharField needs no max_length.
OF_DATABASE = re.compile(
    r"fields\.(E120|E13[0-4]|E180|E22\d|E01[12]|W16[123])$|models\.W0(2[789]|3\d|4\d)$"
)


def section_checks():
    from django.conf import settings
    from django.core.checks.registry import registry

    messages, failed, slow = [], [], []
    ran = 0
    groups = [(registry.registered_checks, False), (registry.deployment_checks, True)]
    # Other settings: report what they change, as a deployment would see it
    if CONFIG["only"] is not None:
        groups = groups[1:]
    started = CLOCK()
    for checks, deploy in groups:
        for check in sorted(checks, key=lambda one: (one.__module__, one.__name__)):
            if "database" in getattr(check, "tags", ()):
                continue
            spent = CLOCK() - started
            left = CONFIG["section_limit"] * 0.9 - spent
            name = "%s.%s" % (check.__module__, check.__name__)
            if left <= 0.5:
                failed.append(
                    {"check": name, "type": "OutOfTime", "message": say("no time was left")}
                )
                continue
            began, before = CLOCK(), GUARD.refused()
            try:
                # This replaces the section's own timer; the section still ends in time.
                with limited(min(15.0, left)):
                    found = list(check(app_configs=None, databases=None) or ())
                rows = [one_message(one, check, deploy) for one in found]
                ran += 1
            except (Exception, OutOfTime, SystemExit) as error:
                failed.append(
                    {"check": name, "type": type(error).__name__, "message": text_of(error)}
                )
                continue
            asked = [what for what, count in GUARD.refused().items() if count != before.get(what)]
            if rows and asked and origin(module_file(check.__module__)) != "django":
                # A message about a server or folder it may not access is caused by our guard.
                message = say("it needs {what}, which an inspection does not reach", what=asked[0])
                failed.append({"check": name, "type": "Refused", "message": message})
                continue
            took = CLOCK() - began
            if took > 1.0:
                slow.append({"check": name, "seconds": round(took, 2)})
            messages += rows
    messages = [one for one in messages if not not_made(one)]
    if without_database():
        messages = [one for one in messages if not OF_DATABASE.match(one["id"])]
    return {
        "messages": messages,
        "ran": ran,
        "failed": failed,
        "slow": slow,
        "silenced": [str(one) for one in settings.SILENCED_SYSTEM_CHECKS],
    }


def not_made(message):
    """Whether it is about a missing folder that the project tried to make in this scan."""
    named = re.search(r"'([^']+)'", message["msg"]) if message["id"] == "staticfiles.W004" else None
    return named is not None and relative(named.group(1)) in GUARD.refused()


def without_database():
    """Whether a database that only the environment names was replaced by Django's dummy backend."""
    from django.db import connections

    return connections["default"].vendor == "unknown"


def one_message(message, check, deploy):
    obj = message.obj
    file = line = None
    shown = None
    owner = module_file(check.__module__)
    if isinstance(obj, type):
        file, line = place(obj)
        owner = file
        shown = obj._meta.label if hasattr(obj, "_meta") else dotted(obj)
    elif obj is not None and isinstance(getattr(obj, "model", None), type):
        field = one_field(obj.model, obj) if hasattr(obj, "column") else {}
        file, line = place(obj.model)
        owner = file
        if field.get("line"):
            file, line = os.path.join(CONFIG["root"], field["file"]), field["line"]
        shown = (
            "%s.%s" % (obj.model._meta.label, getattr(obj, "name", ""))
            if hasattr(obj.model, "_meta")
            else dotted(obj.model)
        )
    elif obj is None:
        # Checks without an object concern the project's settings and URLs, whoever defines them.
        if owner and origin(owner) in ("django", "third-party"):
            owner = os.path.join(CONFIG["root"], "settings")
    elif hasattr(obj, "__code__") or hasattr(obj, "__wrapped__"):  # a view
        file, line = place(obj)
        owner = file or owner
        shown = dotted(obj)
    else:
        shown = text_of(obj)
        if type(obj).__module__.startswith("django.urls") is False and not isinstance(obj, str):
            place_of_type = place(type(obj))
            file, line = place_of_type
            owner = file or owner
    # A package's check of the project's views names their files.
    if file is None and origin(owner) == "third-party":
        text = "%s %s" % (text_of(message.msg), shown or "")
        named = re.search(re.escape(CONFIG["root"]) + r"[/\\][^\s:'\"]+\.py(?=(?::(\d+))?)", text)
        if named and origin(named.group(0)) == "project":
            owner = file = named.group(0)
            line = int(named.group(1)) if named.group(1) else None
    levels = {10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}
    return {
        "id": message.id or "",
        "level": levels.get(message.level, "info" if message.level < 30 else "error"),
        "msg": text_of(message.msg),
        "hint": text_of(message.hint) if message.hint else None,
        "obj": shown,
        "origin": origin(owner),
        "file": relative(file),
        "line": line,
        "deploy": deploy,
        "silenced": bool(message.is_silenced()),
    }
