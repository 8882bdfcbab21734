"""Signal receivers in one file: the decorator and ``connect``."""

from __future__ import annotations

import ast

from djdesk.projects.code.source import FullName, string, text_of
from djdesk.projects.redact import scrub

RECEIVER = {"django.dispatch.receiver", "django.dispatch.dispatcher.receiver"}

# Signal, receiver, sender, dispatch_uid, line, and whether it is inside a function.
Receiver = tuple[str, str, str | None, str | None, int, bool]


def decorated(
    full: FullName, item: ast.expr, own: str, line: int, *, local: bool
) -> list[Receiver]:
    """One for each signal in a decorator of the function ``own``."""
    if not isinstance(item, ast.Call) or not item.args or full(item.func) not in RECEIVER:
        return []
    signals = item.args[0]
    values = signals.elts if isinstance(signals, ast.List | ast.Tuple) else [signals]
    return [_row(full, full(signal), own, item, line, local) for signal in values]


def connected(full: FullName, call: ast.Call, func: ast.Attribute, *, local: bool) -> Receiver:
    """The same for ``signal.connect(receiver, …)``."""
    receiver = full(call.args[0]) or text_of(call.args[0])[:200]
    return _row(full, full(func.value), receiver, call, call.lineno, local)


def _row(
    full: FullName, signal: str, receiver: str, call: ast.Call, line: int, local: bool
) -> Receiver:
    keywords = {item.arg: item.value for item in call.keywords if item.arg}
    sender = keywords.get("sender") or (
        call.args[1] if len(call.args) > 1 and not isinstance(call.args[1], ast.Constant) else None
    )
    uid = string(keywords.get("dispatch_uid"))
    name = None
    if sender is not None:
        name = string(sender) or full(sender) or text_of(sender)[:200]
    return (signal, receiver, name, uid and scrub(uid), line, local)
