"""Import Django without the modules that a desktop process seldom uses, such as asyncio and ssl.

They cost each process 5 MB and 25 ms. While the parts of Django that import them are loaded, a
stand-in takes their place and loads the real module on first use. Later imports, such as the app's,
get the real module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

# Modules whose submodules are imported by name are left out, with one exception.
SELDOM = ("ast", "asyncio", "asyncio.coroutines", "ipaddress", "multiprocessing", "psutil", "ssl")
# The modules that import them; none of these needs settings.
DJANGO = (
    "http.client", "urllib.parse", "django.utils.asyncio", "asgiref.sync",
    "django.db.models", "django.db.backends.sqlite3.base", "django.core.handlers.asgi",
)  # fmt: skip
# Python's time zone folders, unless it was built otherwise.
ZONES = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"


def import_django() -> None:
    """Call before any other part of Django is imported. Modules already loaded are kept."""
    _import_zones()
    import_without(DJANGO)


def import_without(modules: Iterable[str]) -> None:
    """Import these modules while replacing the seldom-used ones that they import."""
    stand_ins = {name: _StandIn(name) for name in SELDOM if name not in sys.modules}
    if "asyncio" in stand_ins:
        # The functions that Django calls around each query.
        vars(stand_ins["asyncio"]).update(
            get_running_loop=_get_running_loop, iscoroutine=_iscoroutine
        )
    sys.modules.update(stand_ins)
    try:
        for name in modules:
            import_module(name)
    except ImportError:
        # This version of Django imports a name from one of them: import it normally.
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
            # Used during import: a version of Django that this list was not made for.
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def _get_running_loop() -> Any:
    """Django holds a reference to this function instead of the module's."""
    loaded = sys.modules.get("asyncio.events")
    if loaded is None or not hasattr(loaded, "get_running_loop"):
        # Code that runs an event loop has loaded the real module.
        raise RuntimeError("no running event loop")
    return loaded.get_running_loop()


def _iscoroutine(found: object) -> bool:
    return isinstance(found, Coroutine)


def _import_zones() -> None:
    """Import zoneinfo without Python's build configuration (0.7 MB), of which it needs only this
    path.
    """
    if os.name != "posix" or "PYTHONTZPATH" in os.environ or "zoneinfo" in sys.modules:
        return
    os.environ["PYTHONTZPATH"] = ZONES
    try:
        import_module("zoneinfo")
    finally:
        del os.environ["PYTHONTZPATH"]
