"""Statements that may set any name of their module."""

from __future__ import annotations

import ast

from djdesk.projects.code.source import dotted


def may_set_any(node: ast.stmt) -> bool:
    """Whether names may have other values after the statement, without being written in it."""
    match node:
        case ast.Expr(value=value):
            return _replaces(value) or _given_module(value)
        case ast.Assign(targets=targets, value=value):
            return _replaces(value) or any(map(_by_name, targets))
    return False


def _replaces(value: ast.expr) -> bool:
    """Whether a call may set any name of the module: `exec(…)`, Dynaconf, and what is given
    `globals()` or `locals()`, as in `django_heroku.settings(locals())`."""
    if not isinstance(value, ast.Call):
        return False
    called = (dotted(value.func) or "").rpartition(".")[2]
    if called in {"exec", "execfile", "DjangoDynaconf"}:
        return True
    given = [*value.args, *[one.value for one in value.keywords]]
    if isinstance(value.func, ast.Attribute) and value.func.attr == "update":
        given.append(value.func.value)
    return any(
        isinstance(one, ast.Call) and dotted(one.func) in {"globals", "locals", "vars"}
        for one in given
    )


def _given_module(value: ast.expr) -> bool:
    """`update_settings_with_file(__name__, "local_settings")`, or given `sys.modules[__name__]`."""
    if not isinstance(value, ast.Call):
        return False
    given = [one.slice if isinstance(one, ast.Subscript) else one for one in value.args]
    return any(isinstance(one, ast.Name) and one.id == "__name__" for one in given)


def _by_name(target: ast.expr) -> bool:
    """`globals()[name] = value` and `vars()[name] = value`."""
    return (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Call)
        and dotted(target.value.func) in {"globals", "locals", "vars"}
    )
