"""Views that are imported on first request."""

import sys
from importlib import import_module

import pytest
from django.test import RequestFactory

from djdesk.desktop import urls
from djdesk.desktop.lazy_views import Views


def test_every_address_of_the_runtime_has_its_view():
    """They are imported on the first request, so only a user would notice a wrong name."""
    seen = set()
    for pattern in urls.urlpatterns:
        view = pattern.callback
        assert callable(getattr(import_module(view.__module__), view.__name__)), pattern
        seen.add(view.__module__)
    assert {"djdesk.desktop.views.data", "djdesk.desktop.views.help"} <= seen


def test_the_module_is_imported_with_the_first_request(tmp_path, monkeypatch):
    (tmp_path / "only_views.py").write_text(
        "from django.http import HttpResponse\n"
        "def shown(request, pk): return HttpResponse(f'number {pk}')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    view = Views("only_views").shown
    assert "only_views" not in sys.modules
    try:
        assert view(RequestFactory().get("/"), pk=3).content == b"number 3"
        with pytest.raises(AttributeError, match="absent"):
            Views("only_views").absent(RequestFactory().get("/"))
    finally:
        sys.modules.pop("only_views", None)
