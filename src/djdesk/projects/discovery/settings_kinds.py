"""What a settings module is for, as its name says."""

from __future__ import annotations

import re

KINDS = (
    ("production", r"prod|live|deploy|stag|heroku|docker|server"),
    ("test", r"test|(^|_)ci($|_)"),
    ("development", r"dev|local|debug"),
)


def kind_of(module: str) -> str:
    """``production``, ``test``, ``development`` or ``other``, by the last part of its name."""
    last = module.rpartition(".")[2]
    return next((kind for kind, pattern in KINDS if re.search(pattern, last)), "other")
