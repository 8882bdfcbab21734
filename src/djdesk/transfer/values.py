"""Row values as JSON, identical for every database.

Numbers, strings, booleans and null are themselves; anything else is an object with one key that
gives its type. Custom fields use their own ``value_to_string`` and ``to_python``, as in Django's
serialisers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Field, JSONField


class Tagged:
    """A value written as ``{tag: value}``."""

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: Any) -> None:
        self.tag = tag
        self.value = value


def _default(value: Any) -> Any:
    """For types that JSON lacks."""
    match value:
        case Tagged():
            return {value.tag: value.value}
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"duration": [value.days, value.seconds, value.microseconds]}
        case UUID():
            return {"uuid": value.hex}
        case bytes() | bytearray() | memoryview():
            return {"bytes": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be stored in an export")


dump = json.JSONEncoder(separators=(",", ":"), default=_default).encode
# Canonical: some databases reorder the keys of JSON objects.
canonical = json.JSONEncoder(separators=(",", ":"), default=_default, sort_keys=True).encode

_BACK: dict[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda parts: timedelta(*parts),
    "uuid": UUID,
    "bytes": base64.b64decode,
}
_KNOWN = (
    str, int, float, Decimal, date, time, timedelta, UUID, bytes, memoryview, list,
)  # fmt: skip


def outgoing(field: Field) -> Callable[[Any], Any] | None:
    """A function that converts this field's values for ``dump``; None if they need no
    conversion.
    """
    if isinstance(field, JSONField):
        return _json(field)
    if type(field).__module__.startswith("django.db.models."):
        return None
    return lambda value: (
        value if value is None or isinstance(value, _KNOWN) else _by_field(field, value)
    )


def _json(field: JSONField) -> Callable[[Any], Any]:
    def ready(value: Any) -> Any:
        if value is None:
            return None
        return Tagged("json", json.loads(json.dumps(value, cls=field.encoder)))

    return ready


JSON_NULL = Tagged("json", None)


def _by_field(field: Field, value: Any) -> Tagged:
    return Tagged("text", field.value_to_string(SimpleNamespace(**{field.attname: value})))


def incoming(field: Field, connection: Any) -> Callable[[Any], Any]:
    """A function that converts a value from ``json.loads`` for a statement on this connection."""
    target = field
    while target.remote_field:
        target = target.target_field
    # Strings and numbers of Django's own fields need no conversion.
    plain = type(target).__module__ == "django.db.models.fields"

    def ready(value: Any) -> Any:
        if value is None or (plain and isinstance(value, str | int | float)):
            return value
        if isinstance(value, dict):
            ((tag, inner),) = value.items()
            if tag == "json":
                return connection.ops.adapt_json_value(inner, None)
            value = field.to_python(inner) if tag == "text" else _BACK[tag](inner)
        elif isinstance(value, list):
            value = [_item(one) for one in value]
        return field.get_db_prep_save(value, connection)

    return ready


def _item(value: Any) -> Any:
    """The same for an element of an array."""
    if isinstance(value, dict):
        ((tag, inner),) = value.items()
        return _BACK[tag](inner)
    return [_item(one) for one in value] if isinstance(value, list) else value
