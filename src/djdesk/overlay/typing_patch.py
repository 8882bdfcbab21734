"""django_tasks_db has Django patched for type checkers when it is imported: about 20 ms in each
process. What it needs of that at run time is that two classes can be subscripted."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

from django import VERSION

NAME = "django_stubs_ext"
SPARED = "django_tasks_db"


class _Stand(ModuleType):
    """Is the module itself for everybody but ``django_tasks_db``, who asks for ``monkeypatch``."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "monkeypatch" and sys._getframe(1).f_globals.get("__name__") == SPARED:
            return _let_tasks_be_subscripted
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)


def _let_tasks_be_subscripted() -> None:
    from django.tasks.base import Task, TaskResult

    for one in (Task, TaskResult):
        if not hasattr(one, "__class_getitem__"):
            one.__class_getitem__ = classmethod(lambda cls, *args: cls)


def spare() -> None:
    """Before ``django_tasks_db`` is imported. A project that uses the module itself keeps it.

    Not on Django 5.2, where the backport of tasks wants more of it.
    """
    if VERSION >= (6, 0) and NAME not in sys.modules and SPARED not in sys.modules:
        sys.modules[NAME] = _Stand(NAME)
