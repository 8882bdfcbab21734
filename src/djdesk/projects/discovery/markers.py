"""Environment markers of requirements, evaluated for an interpreter without starting it."""

from __future__ import annotations

import ast
import operator
import re
import sys
from collections.abc import Callable
from typing import Any

from djdesk.projects.reading import Unreadable, parse_python

# Only variables known without running it; the rest of PEP 508's stay undecided.
COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}


def applies(marker: str, python: str | None) -> bool | None:
    """Whether a marker is true here with Python ``python`` ("3.12.1"); None if undecided."""
    if not marker.strip():
        return True
    try:
        tree = parse_python(marker.strip())
        match tree.body:
            case [ast.Expr(value=value)]:
                return _holds(value, python)
    except (SyntaxError, Unreadable, RecursionError):
        pass
    return None


def _holds(node: ast.expr, python: str | None) -> bool | None:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            found = [_holds(one, python) for one in values]
            return False if False in found else None if None in found else True
        case ast.BoolOp(op=ast.Or(), values=values):
            found = [_holds(one, python) for one in values]
            return True if True in found else None if None in found else False
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(left, op, right, python)
    return None


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, python: str | None) -> bool | None:
    if isinstance(left, ast.Constant) and isinstance(right, ast.Name):
        turned = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
        left, right, op = right, left, turned.get(type(op), type(op))()
    if not (isinstance(left, ast.Name) and isinstance(right, ast.Constant)):
        return None
    known, wanted = _value(left.id, python), str(right.value)
    if known is None or type(op) not in COMPARED:
        return None
    if left.id.startswith("python_"):
        numbers = _numbers(wanted)
        if not numbers or not _numbers(known):
            return None
        return bool(COMPARED[type(op)](_numbers(known)[: max(2, len(numbers))], numbers))
    return bool(COMPARED[type(op)](known, wanted)) if type(op) in {ast.Eq, ast.NotEq} else None


def _value(name: str, python: str | None) -> str | None:
    values: dict[str, Any] = {
        "sys_platform": sys.platform,
        "platform_system": SYSTEMS.get(sys.platform),
        "os_name": "nt" if sys.platform == "win32" else "posix",
        "python_version": python,
        "python_full_version": python,
        "extra": "",  # extras are not required to run
    }
    return values.get(name)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version.removesuffix(".*"))]
