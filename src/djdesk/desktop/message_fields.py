"""Model fields for messages (djdesk.messages): they return the message that was saved.

Messages are stored as JSON. Plain text, as older versions wrote it, is returned as plain text.
Migrations see Django's own fields, because the column types are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from djdesk.messages import Decoder, Encoder, Message, dumps, loads

# How a message stored in a text column begins.
START = '{"id": '


class _Column(models.Field):
    # Django has no type hints: declare the attribute's type, as its own fields do
    if TYPE_CHECKING:

        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: Any, value: Any) -> None: ...


class _Text(_Column):
    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if value is None or not value.startswith(START):
            return value
        try:
            found = loads(value)
        except (ValueError, RecursionError):
            return value
        return found if isinstance(found, Message) else value

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        if isinstance(text, str) and text.startswith(START) and not isinstance(text, Message):
            # Foreign text that looks like a stored message.
            text = Message("{text}", {"text": text})
        return dumps(text) if isinstance(text, Message) else text


class MessageCharField(_Text, models.CharField):
    """``max_length`` refers to the English text; SQLite does not enforce it."""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class MessageTextField(_Text, models.TextField):
    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class MessageJSONField(_Column, models.JSONField):
    """JSON with messages at any depth."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, encoder=Encoder, decoder=Decoder)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        del kwargs["encoder"], kwargs["decoder"]
        return name, "django.db.models.JSONField", args, kwargs
