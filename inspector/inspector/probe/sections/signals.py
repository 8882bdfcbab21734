"""Receivers of signals."""

import sys
import weakref

from ..errors import error_row
from ..messages import say
from ..places import definitions, module_file, origin, place, relative
from ..redact import scrub
from ..values import dotted, type_name


def section_signals():
    from django.apps import apps
    from django.dispatch import Signal

    found = {}
    for name, module in list(sys.modules.items()):
        values = getattr(module, "__dict__", None)
        if not isinstance(values, dict) or name == "__main__":
            continue
        for attribute, value in list(values.items()):
            # Check the type, never the instance: isinstance() would evaluate lazy objects.
            if issubclass(type(value), Signal):
                found.setdefault(id(value), (value, []))[1].append((name, attribute))
    models = {id(one): one._meta.label for one in apps.get_models(include_auto_created=True)}
    receivers, defined, errors = [], [], []
    for sent, names in found.values():
        module, attribute = home_of(names)
        full = "%s.%s" % (module, attribute)
        file = module_file(module)
        if origin(file) != "django":
            defined.append(
                {
                    "name": full,
                    "file": relative(file),
                    "line": definitions(file).get(attribute) if file else None,
                    "origin": origin(file),
                }
            )
        for entry in list(sent.receivers):
            try:
                row = one_receiver(full, entry, models)
            except Exception as error:
                errors.append(error_row("%s: " % full, error))
                continue
            if row is not None and len(receivers) < 5000:
                receivers.append(row)
    receivers.sort(key=lambda row: (row["signal"], row["receiver"]))
    defined.sort(key=lambda row: row["name"])
    return {"receivers": receivers, "defined": defined, "errors": errors}


def home_of(names):
    """The module that defines a signal, among all that import it."""
    ranked = sorted(
        names,
        key=lambda one: (
            not one[0].startswith("django."),
            "signals" not in one[0],
            len(one[0]),
            one[0],
        ),
    )
    for module, attribute in ranked[:6]:
        file = module_file(module)
        if file and attribute in definitions(file):
            return module, attribute
    return ranked[0]


def one_receiver(signal, entry, models):
    # (key, receiver), since 5.0 also is_async, since 6.1 also a reference to the sender.
    key, receiver = entry[0], entry[1]
    if isinstance(receiver, weakref.ReferenceType):
        receiver = receiver()
    if receiver is None:
        return None
    sender = models.get(key[1])
    if sender is None and key[1] != id(None):
        for part in entry[2:]:
            thing = part() if isinstance(part, weakref.ReferenceType) else None
            if thing is not None:
                sender = dotted(thing) if isinstance(thing, type) else type_name(thing)
        if sender is None:
            sender = say("an object that is not known by name")
    target = getattr(receiver, "__func__", None) or receiver
    if not hasattr(target, "__code__"):
        target = getattr(target, "func", None) or type(receiver)
    file, line = place(target)
    name = getattr(target, "__qualname__", type(target).__name__)
    return {
        "signal": signal,
        "receiver": "%s.%s" % (getattr(target, "__module__", ""), name),
        "sender": sender,
        "origin": origin(file),
        "file": relative(file),
        "line": line,
        "dispatch_uid": scrub(key[0]) if isinstance(key[0], str) else None,
        "conditional": None,
    }
