"""Names removed from Django since 2.2 that have a direct replacement.

For projects with ``older-django = true`` in their table: they were written for a Django that the
desktop does not support, and are not changed. Names without a compatible replacement are not here.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

# Module -> {removed name: its replacement, as module:name}.
NAMES = {
    "django.conf.urls": {"url": f"{__name__}:url"},
    "django.core.files.storage": {"get_storage_class": "django.utils.module_loading:import_string"},
    "django.db.models.fields": {"FieldDoesNotExist": "django.core.exceptions:FieldDoesNotExist"},
    "django.http.multipartparser": {"parse_header": f"{__name__}:parse_header"},
    "django.utils.decorators": {"ContextDecorator": "contextlib:ContextDecorator"},
    "django.utils.encoding": {
        "force_text": "django.utils.encoding:force_str",
        "smart_text": "django.utils.encoding:smart_str",
    },
    "django.utils.functional": {"curry": "functools:partial"},
    "django.utils.http": {
        "is_safe_url": "django.utils.http:url_has_allowed_host_and_scheme",
        "urlquote": "urllib.parse:quote",
        "urlquote_plus": "urllib.parse:quote_plus",
        "urlunquote": "urllib.parse:unquote",
        "urlunquote_plus": "urllib.parse:unquote_plus",
    },
    "django.utils.safestring": {"SafeText": "django.utils.safestring:SafeString"},
    "django.utils.timezone": {"utc": "datetime:UTC"},
    "django.utils.translation": {
        "ugettext": "django.utils.translation:gettext",
        "ugettext_lazy": "django.utils.translation:gettext_lazy",
        "ugettext_noop": "django.utils.translation:gettext_noop",
        "ungettext": "django.utils.translation:ngettext",
        "ungettext_lazy": "django.utils.translation:ngettext_lazy",
    },
}
# Removed modules -> the modules that now hold their content.
MODULES = {
    "django.core.urlresolvers": "django.urls",
    "django.utils.datetime_safe": "datetime",
    "django.utils.lru_cache": "functools",
}
# Removed template tag libraries -> their replacements.
LIBRARIES = {
    "admin_static": "django.templatetags.static",
    "staticfiles": "django.templatetags.static",
}


def knows(module: str, name: str = "") -> bool:
    """Whether `provide` restores ``name`` of ``module``, or the module itself."""
    return name in NAMES.get(module, ()) or module in MODULES


def provide() -> None:
    """Call before the project's settings are loaded."""
    for module, names in NAMES.items():
        place = importlib.import_module(module)
        for name, target in names.items():
            if not hasattr(place, name):
                home, _, now = target.partition(":")
                setattr(place, name, getattr(importlib.import_module(home), now))
    for gone, now in MODULES.items():
        sys.modules.setdefault(gone, importlib.import_module(now))
    _signals()
    _index_together()
    _on_delete()
    from django.http import HttpRequest

    if not hasattr(HttpRequest, "is_ajax"):
        HttpRequest.is_ajax = _is_ajax


def url(
    regex: str, view: Any, kwargs: dict[str, Any] | None = None, name: str | None = None
) -> Any:
    """`re_path`, whose first parameter has another name."""
    from django.urls import re_path

    return re_path(regex, view, kwargs, name)


def parse_header(line: bytes) -> tuple[str, dict[str, bytes]]:
    """``b"text/html; q=1"`` -> ``("text/html", {"q": b"1"})``; its replacement uses only str."""
    from django.utils.http import parse_header_parameters

    key, parameters = parse_header_parameters(line.decode("latin-1"))
    return key, {name: value.encode("latin-1") for name, value in parameters.items()}


def _is_ajax(request: Any) -> bool:
    return bool(request.headers.get("x-requested-with") == "XMLHttpRequest")


def _index_together() -> None:
    """Accept the option in ``class Meta``; migrations create these indexes as before."""
    from django.db.models import options

    if "index_together" in options.DEFAULT_NAMES:
        return
    options.DEFAULT_NAMES = (*options.DEFAULT_NAMES, "index_together")
    begin = options.Options.contribute_to_class

    def contribute(self: Any, cls: Any, name: str) -> None:
        begin(self, cls, name)
        if "index_together" in self.original_attrs:
            # A single pair may be written without an outer list.
            pairs = options.normalize_together(self.original_attrs["index_together"])
            self.index_together = self.original_attrs["index_together"] = pairs

    options.Options.contribute_to_class = contribute


def _on_delete() -> None:
    """Relations without on_delete: CASCADE, the former default."""
    from django.db.models import CASCADE, ForeignKey, OneToOneField

    for field in (ForeignKey, OneToOneField):
        _with_default(field, CASCADE)


def _with_default(field: Any, default: Any) -> None:
    begin = field.__init__

    def made(self: Any, to: Any, on_delete: Any = default, *args: Any, **more: Any) -> None:
        begin(self, to, on_delete, *args, **more)

    field.__init__ = made


def _signals() -> None:
    """``Signal(providing_args=["user"])`` was only documentation."""
    from django.dispatch import Signal

    begin: Callable[..., None] = Signal.__init__

    def started(self: Signal, providing_args: Any = None, use_caching: bool = False) -> None:
        begin(self, use_caching=use_caching)

    Signal.__init__ = started
