"""The inspector's part of the help: order of topics, and the topic for each page."""

from django.utils.translation import gettext_lazy as _

CONTENTS = (
    (_("Getting started"), ("first-steps", "opening", "static-and-live", "not-loaded", "glossary")),
    (
        _("What the pages show"),
        (
            *("overview", "schema", "models", "migrations", "urls", "settings", "checks"),
            *("inside", "effects", "dependencies"),
        ),
    ),
    (
        _("Working with it"),
        ("commands", "exports", "history", "ship", "palette", "preferences"),
    ),
)

PAGES = {
    "inspector:home": "first-steps",
    "inspector:open": "opening",
    "inspector:sample": "first-steps",
    "inspector:preferences": "preferences",
    "inspector:preferences-reset": "preferences",
    "inspector:overview": "overview",
    "inspector:schema": "schema",
    "inspector:models": "models",
    "inspector:migrations": "migrations",
    "inspector:urls": "urls",
    "inspector:settings": "settings",
    "inspector:checks": "checks",
    "inspector:templates": "inside#templates",
    "inspector:admin": "inside#admin",
    "inspector:wiring": "inside#wiring",
    "inspector:translations": "inside#translations",
    "inspector:effects": "effects",
    "inspector:dependencies": "dependencies",
    "inspector:code": "inside#code",
    "inspector:commands": "commands",
    "inspector:command": "commands#output",
    "inspector:runs": "history",
    "inspector:difference": "history#compare",
    "inspector:timeline": "history#timeline",
    "inspector:beside": "history#projects",
    "inspector:exports": "exports",
    "inspector:export": "exports#preview",
    "inspector:ship": "ship",
    "inspector:trust": "static-and-live#trust",
}
