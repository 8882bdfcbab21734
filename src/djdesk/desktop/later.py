"""Views whose module is imported when one of its pages is first asked for.

A start imports the URLconf, and with it all views and what they need; the first page needs few.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http.response import HttpResponseBase


class Views:
    """``Views("shop.views.exports").create`` is the view ``create`` of that module, for a URLconf.

    What a decorator tells Django's middlewares about a view, such as ``csrf_exempt``, is not seen.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., HttpResponseBase]:
        module = self._module

        def view(*args: Any, **kwargs: Any) -> HttpResponseBase:
            return getattr(import_module(module), name)(*args, **kwargs)

        view.__name__, view.__module__ = name, module
        return view
