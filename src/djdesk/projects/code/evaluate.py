"""A small, total evaluator: literals, concatenated lists, names defined earlier. Runs no code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from djdesk.projects.code.source import dotted, string, text_of


class _Unknown:
    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = _Unknown()


@dataclass
class Items:
    """A partially known list. ``items``: (value, line, conditional)."""

    items: list[tuple[Any, int, bool]] = field(default_factory=list)
    unresolved: list[tuple[str, int]] = field(default_factory=list)

    def joined(self, other: Items) -> Items:
        return Items(self.items + other.items, self.unresolved + other.unresolved)


def evaluate(node: ast.expr, names: dict[str, Any], depth: int = 0) -> Any:
    """The value of an expression: a literal, `Items` for lists and tuples, or `UNKNOWN`."""
    if depth > 40:
        return UNKNOWN
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names.get(name, UNKNOWN)
        case ast.Attribute():
            # `base.INSTALLED_APPS` of a module, `Base.INSTALLED_APPS` of a class of settings
            return names.get(dotted(node) or "", UNKNOWN)
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return _items(elements, names, depth)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, two = evaluate(left, names, depth + 1), evaluate(right, names, depth + 1)
            if isinstance(one, Items) or isinstance(two, Items):
                return _as_items(one, left).joined(_as_items(two, right))
            if isinstance(one, str) and isinstance(two, str):
                return one + two
            return UNKNOWN
        case (
            ast.ListComp(elt=element, generators=[one])
            | ast.GeneratorExp(elt=element, generators=[one])
        ):
            return _each(element, one, names, depth)
        case (
            ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[inner])
            | ast.Call(func=ast.Attribute(attr="fromkeys"), args=[inner])
        ):
            value = evaluate(inner, names, depth + 1)
            return value if isinstance(value, Items) else UNKNOWN
        case ast.Call(func=ast.Name(id="filter"), args=[ast.Constant(value=None), inner]):
            value = evaluate(inner, names, depth + 1)
            return _true(value) if isinstance(value, Items) else UNKNOWN
        case ast.IfExp(body=body, orelse=orelse):
            one, two = evaluate(body, names, depth + 1), evaluate(orelse, names, depth + 1)
            if isinstance(one, Items) and isinstance(two, Items):
                joined = one.joined(two)
                joined.items = [(value, line, True) for value, line, _ in joined.items]
                return joined
            return UNKNOWN
        case ast.JoinedStr(values=values):
            parts = []
            for part in values:
                inner = part.value if isinstance(part, ast.FormattedValue) else part
                known = evaluate(inner, names, depth + 1)
                if not isinstance(known, str):
                    return UNKNOWN
                parts.append(known)
            return "".join(parts)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Call():
            text = string(node)
            return UNKNOWN if text is None else text
    return UNKNOWN


def _items(elements: list[ast.expr], names: dict[str, Any], depth: int) -> Items:
    found = Items()
    for element in elements:
        if isinstance(element, ast.Starred):
            inner = evaluate(element.value, names, depth + 1)
            found = found.joined(_as_items(inner, element.value))
            continue
        value = evaluate(element, names, depth + 1)
        conditional = isinstance(element, ast.IfExp)
        if value is UNKNOWN and isinstance(element, ast.IfExp):
            value = evaluate(element.body, names, depth + 1)
        if value is UNKNOWN:
            found.unresolved.append((text_of(element), element.lineno))
        else:
            found.items.append((value, element.lineno, conditional))
    return found


def _each(
    element: ast.expr, one: ast.comprehension, names: dict[str, Any], depth: int
) -> Items | _Unknown:
    """``[f"shop.{app}" for app in LOCAL]``, ``[app for app in APPS if app]``."""
    source = evaluate(one.iter, names, depth + 1)
    if not isinstance(source, Items) or not isinstance(one.target, ast.Name) or one.is_async:
        return UNKNOWN
    own = one.target.id
    if any(not (isinstance(test, ast.Name) and test.id == own) for test in one.ifs):
        # Which of them remain is known only at run time.
        source = Items([(value, line, True) for value, line, _ in source.items], source.unresolved)
    elif one.ifs:
        source = _true(source)
    found = Items(unresolved=list(source.unresolved))
    for value, line, conditional in source.items:
        made = evaluate(element, {**names, own: value}, depth + 1)
        if made is UNKNOWN:
            found.unresolved.append((text_of(element), line))
        else:
            found.items.append((made, line, conditional))
    return found


def _true(value: Items) -> Items:
    return Items([item for item in value.items if item[0]], value.unresolved)


def _as_items(value: Any, node: ast.expr) -> Items:
    if isinstance(value, Items):
        return value
    return Items(unresolved=[(text_of(node), node.lineno)])


def apply_method(target: Items, call: ast.Call, names: dict[str, Any]) -> Items:
    """``X.append(y)`` and its relatives on a known list."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    arguments = call.args
    if method in {"append", "insert"} and arguments:
        value = evaluate(arguments[-1], names)
        if value is UNKNOWN:
            return target.joined(Items(unresolved=[(text_of(call), call.lineno)]))
        new = (value, call.lineno, False)
        index = arguments[0].value if isinstance(arguments[0], ast.Constant) else None
        if method == "insert" and isinstance(index, int):
            items = list(target.items)
            items.insert(index, new)
            return Items(items, target.unresolved)
        return Items([*target.items, new], target.unresolved)
    if method == "extend" and arguments:
        return target.joined(_as_items(evaluate(arguments[0], names), arguments[0]))
    if method == "remove" and arguments:
        gone = evaluate(arguments[0], names)
        return Items([item for item in target.items if item[0] != gone], target.unresolved)
    if method in {"sort", "reverse", "copy", "index", "count"}:
        return target
    return target.joined(Items(unresolved=[(f"{dotted(call.func)}(…)", call.lineno)]))
