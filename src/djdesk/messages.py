"""Sentences created where the reader is unknown, and shown in the reader's language.

``say`` returns a ``Message``: a ``str`` with the English sentence that also remembers its template
and values. Code that prints or compares it needs to know nothing more. A page shows it through
``translated`` (djdesk.desktop.message_translation), which fills in the translated template. Between
processes and in files it is ``{"id": template, "params": {name: value}}``: write it with ``dumps``,
read it with ``loads``. ``json.dumps`` writes only the English sentence.

Uses only the standard library of Python 3.8: the engine's probe loads this very file into a
project's Python, and the update guardian runs without Django.
"""

from __future__ import annotations

import json
import string
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Self, SupportsIndex

# For messages from other processes: longer ones could be nested so as to exhaust memory.
LONGEST = 100_000
PLAIN = frozenset({str, int, float, bool, type(None)})
WIRE = {"id", "params"}


class Message(str):
    """``id``: the English template. ``params``: its values: strings, numbers, messages, or lists of
    those. A plain ``str`` among them is foreign text and shown unchanged in every language.

    Operations that leave the text unchanged (``str()``, ``strip()``, a full slice) keep the
    message, and ``+`` makes a longer one. f-strings and ``join`` make plain text: use ``joined``.
    """

    __slots__ = ("id", "params")
    id: str
    params: dict[str, Any]

    def __new__(cls, template: str, params: Mapping[str, Any] | None = None) -> Self:
        """Raises KeyError if a value is missing, ValueError if the template is invalid."""
        values = {name: _value(one) for name, one in params.items()} if params else {}
        message = super().__new__(cls, filled(template, values, _english))
        message.id, message.params = template, values
        return message

    def __str__(self) -> str:
        return self

    def __format__(self, spec: str) -> str:
        return format(str.__str__(self), spec) if spec else self

    def __reduce__(self) -> Any:
        return type(self), (self.id, self.params)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __add__(self, other: str) -> str:
        return joined([self, other], "") if other else self

    def __radd__(self, other: str) -> str:
        return joined([other, self], "") if other else self

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        return self._or(super().__getitem__(key))

    def strip(self, chars: str | None = None, /) -> str:
        return self._or(super().strip(chars))

    def rstrip(self, chars: str | None = None, /) -> str:
        return self._or(super().rstrip(chars))

    def removesuffix(self, suffix: str, /) -> str:
        return self._or(super().removesuffix(suffix))

    def _or(self, changed: str) -> str:
        return self if changed == self else changed


def say(template: str, **params: Any) -> str:
    """``say("{app} is empty.", app="shop")``; the template is a literal, for extraction."""
    return Message(template, params)


def say_n(one: str, many: str, n: int, **params: Any) -> str:
    """The same with plural forms: ``say_n("{n} file", "{n} files", 3)``."""
    return Message(one if n == 1 else many, {"n": n, **params})


def say_noop(template: str) -> str:
    """A template that is filled in elsewhere, marked for extraction."""
    return template


def word(text: str) -> Message:
    """A single word of ours that pages use too, such as the name of a section."""
    return Message(text.replace("{", "{{").replace("}", "}}"))


def joined(parts: Iterable[str], between: str = " ") -> str:
    """``between.join(parts)`` that keeps messages among the parts. Empty parts are left out."""
    found = [one for one in parts if one]
    if len(found) == 1 or not any(isinstance(one, Message) for one in found):
        return found[0] if len(found) == 1 else between.join(found)
    params = {f"part{number}": one for number, one in enumerate(found, 1)}
    literal = between.replace("{", "{{").replace("}", "}}")
    return Message(literal.join(f"{{{name}}}" for name in params), params)


def filled(template: str, params: Mapping[str, Any], show: Callable[[Any], str]) -> str:
    """The template with its values, each converted to text by ``show``."""
    return "".join(
        [text if name is None else text + show(params[name]) for text, name in pieces(template)]
    )


@lru_cache(maxsize=4096)
def pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """(text, name of the parameter after it or None). Raises ValueError for an invalid template.
    Parameters are plain names, so a foreign template cannot access attributes."""
    found = []
    for text, name, spec, conversion in string.Formatter().parse(template):
        if name is not None and (not name.isidentifier() or spec or conversion):
            raise ValueError(f"{name!r} is no parameter of a message")
        found.append((text, name))
    return tuple(found)


def _value(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return [_value(one) for one in value] if isinstance(value, (list, tuple)) else str(value)


def _english(value: Any) -> str:
    return ", ".join(map(_english, value)) if isinstance(value, list) else str(value)


def dumps(value: Any, **options: Any) -> str:
    """``json.dumps`` that preserves messages, for ``loads``."""
    return json.dumps(packed(value), **options)


def loads(text: str | bytes) -> Any:
    """Parse the output of ``dumps``, also from another process; dicts that are not messages stay
    dicts.
    """
    mark = b'"params"' if isinstance(text, bytes) else '"params"'
    return json.loads(text, object_hook=unpacked if mark in text else None)  # type: ignore[operator]


def with_messages(values: Mapping[str, Any]) -> dict[str, Any]:
    """For JSON that others read too, such as the shell or an older version: texts stay plain
    English, and messages are repeated under ``messages``."""
    found = {name: packed(one) for name, one in values.items() if isinstance(one, Message)}
    return {**values, "messages": found} if found else dict(values)


def without_messages(values: dict[str, Any]) -> dict[str, Any]:
    """The inverse of ``with_messages``; other values, such as a job's result, are unchanged."""
    found = values.get("messages")
    if not isinstance(found, dict):
        return values
    items = loads(json.dumps(found)).items()
    rest = {name: one for name, one in values.items() if name != "messages"}
    # A reader without messages may have changed a text since.
    return {**rest, **{name: one for name, one in items if one == rest.get(name)}}


class Encoder(json.JSONEncoder):
    """``dumps`` as a class, for example for a JSONField."""

    def encode(self, o: Any) -> str:
        return super().encode(packed(o))


class Decoder:
    """``loads`` as a class."""

    def __init__(self, **options: Any) -> None:
        pass

    def decode(self, s: str) -> Any:
        return loads(s)


def packed(value: Any) -> Any:
    """The value with each message in it replaced by a dict, for JSON."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is dict:
        made = {key: one if type(one) in PLAIN else packed(one) for key, one in value.items()}
        # A plain dict that looks like a message.
        return {"id": None, "params": [made["id"], made["params"]]} if made.keys() == WIRE else made
    if kind is Message:
        return {"id": value.id, "params": packed(value.params)}
    if isinstance(value, (list, tuple)):
        return [one if type(one) in PLAIN else packed(one) for one in value]
    return value


def unpacked(found: dict[str, Any]) -> Any:
    """The message that this dict represents, if it does; for ``object_hook``."""
    if len(found) != 2 or found.keys() != WIRE:
        return found
    template, params = found["id"], found["params"]
    if template is None and isinstance(params, list) and len(params) == 2:
        return {"id": params[0], "params": params[1]}
    if not isinstance(template, str) or not isinstance(params, dict):
        return found
    try:
        length = sum(len(text) + _length(params[name]) for text, name in pieces(template) if name)
        return template if length > LONGEST else Message(template, params)
    except (ValueError, KeyError):
        return found


def _length(value: Any) -> int:
    if isinstance(value, list):
        return sum(_length(one) + 2 for one in value)
    return len(value) if isinstance(value, str) else 20
