"""Django without what it imports and a desktop process seldom uses: asyncio, ssl and the like.

They take 5 MB and 25 ms of each process. While the parts of Django that ask for them are imported,
something stands in their place that loads the module when it is used. Whoever imports one of them
later, such as the app, gets the module itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

# Not ones whose submodules are imported by name, but for this one.
SELDOM = ("ast", "asyncio", "asyncio.coroutines", "ipaddress", "multiprocessing", "psutil", "ssl")
# Who asks for them; none of these needs settings.
DJANGO = (
    "http.client", "urllib.parse", "django.utils.asyncio", "asgiref.sync",
    "django.db.models", "django.db.backends.sqlite3.base", "django.core.handlers.asgi",
)  # fmt: skip
# Where Python looks for time zones, unless it was built otherwise.
ZONES = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"


def import_django() -> None:
    """Before anything else imports a part of Django. What is loaded already stays."""
    _import_zones()
    import_without(DJANGO)


def import_without(modules: Iterable[str]) -> None:
    """Import these, and of what they import not the modules that are seldom used."""
    stand_ins = {name: _StandIn(name) for name in SELDOM if name not in sys.modules}
    if "asyncio" in stand_ins:
        # What Django asks before each query and of each answer.
        vars(stand_ins["asyncio"]).update(
            get_running_loop=_get_running_loop, iscoroutine=_iscoroutine
        )
    sys.modules.update(stand_ins)
    try:
        for name in modules:
            import_module(name)
    except ImportError:
        # A version of Django that imports a part of one of them: it is imported as usual.
        pass
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            # Used while it is imported: by a version of Django that this was not made for.
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def _get_running_loop() -> Any:
    """Django has this function, not the module's."""
    loaded = sys.modules.get("asyncio.events")
    if loaded is None or not hasattr(loaded, "get_running_loop"):
        # Who runs a loop has loaded the module.
        raise RuntimeError("no running event loop")
    return loaded.get_running_loop()


def _iscoroutine(found: object) -> bool:
    return isinstance(found, Coroutine)


def _import_zones() -> None:
    """Without Python's record of how it was built (0.7 MB), where its only use is this path."""
    if os.name != "posix" or "PYTHONTZPATH" in os.environ or "zoneinfo" in sys.modules:
        return
    os.environ["PYTHONTZPATH"] = ZONES
    try:
        import_module("zoneinfo")
    finally:
        del os.environ["PYTHONTZPATH"]
