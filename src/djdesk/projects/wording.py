"""Sentences of the engine, which knows no reader: see djdesk.messages."""

from __future__ import annotations

from djdesk.messages import Message, joined, listed, say, say_n, say_noop, word

__all__ = ["Message", "joined", "listed", "say", "say_n", "say_noop", "word"]
