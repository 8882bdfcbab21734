"""The handbook as pages, and as fragments for the drawer (``?part=drawer``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from ..handbook import markdown, online, search, topics

LONGEST_QUERY = 200


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All topics, or the results for ``?q=``."""
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    found = topics.current()
    hits = search.search(found.values(), query) if query else []
    return _answer(request, found, {"query": query, "hits": hits})


@require_safe
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """One topic. The name is looked up among the loaded topics, never used as a path."""
    found = topics.current()
    if name not in found:
        return _answer(request, found, {"unknown": name}, status=404)
    return _answer(request, found, {"topic": found[name]})


def _answer(
    request: HttpRequest, found: dict[str, topics.Topic], context: dict[str, Any], status: int = 200
) -> HttpResponse:
    drawer = request.GET.get("part") == "drawer"
    context |= {"groups": topics.contents(found), "drawer": drawer, "level": 2 if drawer else 1}
    if shown := context.get("topic"):
        html = markdown.render(shown.document, _address, below=1 if drawer else 0)
        # Produced by our renderer from our files: HTML in them is escaped.
        context["html"] = mark_safe(html)  # noqa: S308
        context["online"] = online.address(shown.name, shown.language)
    template = "desktop/help_content.html" if drawer else "desktop/help.html"
    return render(request, template, context, status=status)


def _address(name: str, anchor: str) -> str:
    return topics.address(f"{name}#{anchor}" if anchor else name)
