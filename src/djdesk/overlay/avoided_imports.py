"""Avoid three modules that django_tasks_db imports but barely uses: 29 ms and 2.3 MB per process.

``django_stubs_ext`` patches Django for type checkers; django_tasks_db only needs two classes to be
subscriptable. From ``typing_extensions`` it takes a name that ``typing`` has, and from
``importlib.metadata`` its own version, which the name of its folder contains.
"""

from __future__ import annotations

import importlib
import sys
import typing
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from django import VERSION

SPARED = "django_tasks_db"


class _Stand(ModuleType):
    """Acts as the module itself, except for ``django_tasks_db``, which gets the attributes in
    ``given``.
    """

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.__given = given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        asking = sys._getframe(1).f_globals.get("__name__", "")
        if name in self.__given and asking.partition(".")[0] == SPARED:
            return self.__given[name]
        _give_back(self.__name__)
        return getattr(importlib.import_module(self.__name__), name)


def _give_back(name: str) -> None:
    """From here on, imports get the module itself."""
    if isinstance(sys.modules.get(name), _Stand):
        del sys.modules[name]
        package, _, part = name.rpartition(".")
        if package:
            delattr(sys.modules[package], part)


def _let_tasks_be_subscripted() -> None:
    from django.tasks.base import Task, TaskResult

    for one in (Task, TaskResult):
        if not hasattr(one, "__class_getitem__"):
            one.__class_getitem__ = classmethod(lambda cls, *args: cls)


def _version(name: str) -> str:
    """Of an installed package. Called once, when ``django_tasks_db`` is imported."""
    _give_back("importlib.metadata")
    for folder in sys.path:
        for found in Path(folder).glob(f"{name}-*.dist-info"):
            return found.name[len(name) + 1 : -len(".dist-info")]
    return importlib.import_module("importlib.metadata").version(name)


GIVEN: dict[str, dict[str, Any]] = {
    "django_stubs_ext": {"monkeypatch": _let_tasks_be_subscripted},
    "typing_extensions": {"ParamSpec": typing.ParamSpec},
    "importlib.metadata": {"version": _version},
}


def avoid() -> None:
    """Call before ``django_tasks_db`` is imported. A project that uses the modules itself keeps
    them.

    Not on Django 5.2, where the tasks backport needs more of them.
    """
    if VERSION < (6, 0) or SPARED in sys.modules:
        return
    for name, given in GIVEN.items():
        if name not in sys.modules:
            stand = sys.modules[name] = _Stand(name, given)
            package, _, part = name.rpartition(".")
            if package:
                setattr(sys.modules[package], part, stand)
