"""What django_tasks_db imports for its annotations: two modules, 24 ms and 1 MB a process.

``django_stubs_ext`` patches Django for type checkers; at run time django_tasks_db needs of that
that two classes can be subscripted. Of ``typing_extensions`` it wants a name that ``typing`` has.
"""

from __future__ import annotations

import importlib
import sys
import typing
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from django import VERSION

SPARED = "django_tasks_db"


class _Stand(ModuleType):
    """Is the module itself for everybody but ``django_tasks_db``, who gets what is in ``given``."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.__given = given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        asking = sys._getframe(1).f_globals.get("__name__", "")
        if name in self.__given and asking.partition(".")[0] == SPARED:
            return self.__given[name]
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _let_tasks_be_subscripted() -> None:
    from django.tasks.base import Task, TaskResult

    for one in (Task, TaskResult):
        if not hasattr(one, "__class_getitem__"):
            one.__class_getitem__ = classmethod(lambda cls, *args: cls)


GIVEN: dict[str, dict[str, Any]] = {
    "django_stubs_ext": {"monkeypatch": _let_tasks_be_subscripted},
    "typing_extensions": {"ParamSpec": typing.ParamSpec},
}


def spare() -> None:
    """Before ``django_tasks_db`` is imported. A project that uses the modules itself keeps them.

    Not on Django 5.2, where the backport of tasks wants more of them.
    """
    if VERSION < (6, 0) or SPARED in sys.modules:
        return
    for name, given in GIVEN.items():
        if name not in sys.modules:
            sys.modules[name] = _Stand(name, given)
