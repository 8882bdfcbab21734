"""Sentences of the engine: English, and marked so that they can be shown in another language.

The engine knows no reader and no Django. What it says is stored and printed as it is; pages show
it through the filter ``said`` (djdesk.desktop.wording, docs/development.md).
"""

from __future__ import annotations

from typing import Any


def say(template: str, **params: Any) -> str:
    """``say("{app} is empty.", app="shop")``; the template is a literal, for extraction."""
    return template.format(**params)


def say_n(one: str, many: str, n: int, **params: Any) -> str:
    """The same by number: ``say_n("{n} file", "{n} files", 3)``."""
    return (one if n == 1 else many).format(n=n, **params)


def say_noop(template: str) -> str:
    """A template that is filled where this module is not: in the probe."""
    return template


def listed(names: list[str], shown: int = 4) -> str:
    """``a, b, c, d and 3 more``, for a parameter that ends in ``_list``."""
    more = len(names) - shown
    if more <= 0:
        return ", ".join(names)
    return say("{names} and {n} more", names=", ".join(names[:shown]), n=more)
