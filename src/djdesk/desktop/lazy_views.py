"""Views whose module is imported on the first request for one of its pages.

A start imports the URLconf and with it all views and their imports; the first page needs few.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http.response import HttpResponseBase


class Views:
    """``Views("shop.views.exports").create`` is the view ``create`` of that module, for a URLconf.

    Attributes that decorators set for Django's middlewares, such as ``csrf_exempt``, have no
    effect.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., HttpResponseBase]:
        module = self._module

        def view(*args: Any, **kwargs: Any) -> HttpResponseBase:
            return getattr(import_module(module), name)(*args, **kwargs)

        view.__name__, view.__module__ = name, module
        return view
