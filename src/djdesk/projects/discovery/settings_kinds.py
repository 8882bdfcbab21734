"""The purpose of a settings module, judged by its name."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["production", "development", "test", "other"]
KINDS: tuple[tuple[Kind, str], ...] = (
    ("development", r"(^|_)(no|non|not)_?(prod|live)"),
    # Jobs that load the project and serve nobody: a build, migrations, a schema for the frontend.
    ("test", r"(^|_)(assets|build|collect_?static|compress|docs?|i18n|lint|mypy|stubs)(_|$)"),
    ("test", r"(^|_)(make_?messages|migrat(e|ions?)|openapi|schema|typing)(_|$)"),
    ("test", r"(^|_)(tests?|testing|ci|e2e)(_|$)"),
    # What a name begins with wins: development_prod is for developers.
    ("development", r"^(dev|devel|development|local)(_|$)"),
    ("production", r"prod(?!ucts?(_|$))|(?<!o)live|deploy|(?<!in)stag"),
    # Developers have containers and servers, too.
    ("development", r"(^|_)(dev|devel|development|local)(_|$)"),
    ("production", r"heroku|docker|server"),
    ("test", r"test"),
    ("development", r"dev|local|debug|sandbox|playground|gitpod|codespace|vagrant"),
)
OF_TESTS = re.compile(r"tests?|test_?(app|project|site)")  # a package


def kind_of(module: str) -> Kind:
    """``production``, ``test`` (also for builds and other jobs), ``development`` or ``other``, by
    its name and its package's."""
    package, _, last = module.rpartition(".")
    if any(OF_TESTS.fullmatch(part) for part in package.split(".")):
        return "test"
    return next((kind for kind, pattern in KINDS if re.search(pattern, last)), "other")
