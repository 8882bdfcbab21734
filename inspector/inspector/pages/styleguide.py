"""The style guide's samples: every component in each of its states, with invented texts.

Only available in a checkout; nothing here is ever shown as a fact about a project.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from djdesk.desktop import installation

from ..models import Project
from .latest_results import Facts

SURFACES = ("surface-1", "surface-2", "surface-3", "border", "border-strong")
TEXTS = ("text-1", "text-2", "text-3", "accent", "accent-strong")
SEVERITIES = ("error", "warning", "info", "ok")
GRAPH = tuple(f"graph-{number}" for number in range(1, 13))
SIZES = ("size-1", "size-2", "size-3", "size-4", "size-5")


def available() -> bool:
    """Whether debug pages are on or the app runs from a checkout; never true in a package."""
    return settings.DEBUG or not installation.is_packaged()


def icons() -> list[str]:
    """Icon names in the order of the sprite."""
    file = finders.find("inspector/icons.svg")
    if not isinstance(file, str):
        return []
    return re.findall(r'<symbol id="([\w-]+)"', Path(file).read_text("utf-8"))


def samples() -> dict[str, Any]:
    """The context of ``inspector/styleguide.html``."""
    error = {
        "type": "ImproperlyConfigured",
        "message": "Set the SHOP_KEY environment variable",
        "file": "shop/settings.py",
        "line": 12,
        "hint": "Give it a value, or copy .env.example to .env.",
        "trace": ['File "shop/settings.py", line 12, in <module>'],
    }
    facts = [{"text": "catalog.0007_prices", "file": "catalog/migrations/0007_prices.py"}]
    finding = {"why": "Until they are applied, the tables lack a column.", "section": "migrations"}
    return {
        "project": Project(pk=1, name="shop", path="/projects/shop"),
        "surfaces": SURFACES,
        "texts": TEXTS,
        "severities": SEVERITIES,
        "graph": GRAPH,
        "sizes": SIZES,
        "icons": icons(),
        "findings": [
            finding
            | {"id": f"sample.{level}", "severity": level, "title": title, "text": text}
            | {"facts": facts, "more": 0, "file": facts[0]["file"], "line": 4}
            for level, title, text in (
                ("error", "2 migrations conflict", "catalog has two leaves."),
                ("warning", "3 unapplied migrations", "All of them in catalog."),
                ("info", "1 package is not pinned", "Pillow."),
            )
        ],
        "states": [
            Facts("models", "loading"),
            Facts("models", "failed", error=error),
            Facts("checks", "absent"),
            Facts("models", "absent"),
        ],
        "error": error,
        "rows": [("catalog.Product", 14, "catalog/models.py", 31), ("shop.Order", 9, None, None)],
        "variables": [
            {"name": "SHOP_CURRENCY", "value": "EUR", "secret": False},
            {"name": "SHOP_KEY", "value": "", "secret": True},
        ],
    }
