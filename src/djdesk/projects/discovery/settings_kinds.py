"""The purpose of a settings module, judged by its name."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["production", "development", "test", "other"]
KINDS: tuple[tuple[Kind, str], ...] = (
    # What a name begins with wins: development_docker is for developers.
    ("development", r"^(dev|devel|development|local)(_|$)"),
    ("production", r"prod|live|deploy|stag|heroku|docker|server"),
    ("test", r"test|(^|_)ci($|_)"),
    ("development", r"dev|local|debug"),
)
OF_TESTS = re.compile(r"tests?|test_?(app|project|site)")  # a package


def kind_of(module: str) -> Kind:
    """``production``, ``test``, ``development`` or ``other``, by its name and its package's."""
    package, _, last = module.rpartition(".")
    if any(OF_TESTS.fullmatch(part) for part in package.split(".")):
        return "test"
    return next((kind for kind, pattern in KINDS if re.search(pattern, last)), "other")
