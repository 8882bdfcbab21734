"""URL names used in one file: ``reverse``, ``redirect`` and similar calls."""

from __future__ import annotations

import ast
import re
from typing import Literal

from djdesk.projects.code.source import FullName

REVERSE = {"reverse", "reverse_lazy"}
ASKING = {*REVERSE, "redirect", "resolve_url"}
# Code that catches these expects that the route may not exist.
CAUGHT = {"NoReverseMatch", "Exception", "BaseException"}
URL_MODULES = ("django.urls", "django.core.urlresolvers", "rest_framework.reverse")


# Name, what uses it, the number of arguments (None if that is not literal), and line.
Use = tuple[str, Literal["reverse", "redirect"], int | None, int]


def named(full: FullName, node: ast.Call, name: str) -> Use | None:
    """The URL name in a call of ``name``."""
    text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
    if not isinstance(text, str) or not re.match(r"^[\w:.-]+$", text) or "." in text:
        return None
    if not full(node.func).startswith((*URL_MODULES, "django.shortcuts.")):
        return None
    if any(one.arg == "urlconf" for one in node.keywords):
        return None  # another URLconf than the site's
    kind: Literal["reverse", "redirect"] = "reverse" if name in REVERSE else "redirect"
    args = next((k.value for k in node.keywords if k.arg in {"args", "kwargs"}), None)
    if kind == "redirect":
        count: int | None = len(node.args) - 1 + len(node.keywords)
    elif args is None:
        count = 0
    elif isinstance(args, ast.List | ast.Tuple):
        count = len(args.elts)
    elif isinstance(args, ast.Dict):
        count = len(args.keys)
    else:
        count = None
    return (text, kind, count, node.lineno)
