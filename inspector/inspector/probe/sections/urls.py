"""The routes of the URLconf."""

import sys

from ..errors import describe
from ..values import text_of
from .routes import EMPTY, one_route, params_of


def section_urls():
    from django.conf import settings
    from django.urls import get_resolver

    facts = {"routes": [], "errors": []}
    root = getattr(settings, "ROOT_URLCONF", None)
    if root:
        resolver = get_resolver(root)
        converters = converter_names()
        protected = any(
            str(one).endswith("LoginRequiredMiddleware")
            for one in getattr(settings, "MIDDLEWARE", [])
        )
        resolver.url_patterns  # noqa: B018 - a broken root URLconf fails the section
        walk_urls(resolver, "", [], str(root), facts, converters, protected, 0)
    names = names_of(facts["routes"])
    hosts = hosts_of(settings, facts["errors"])
    for host in hosts:
        if root and host["urlconf"] != str(root):
            there = {"routes": [], "errors": facts["errors"]}
            resolver = get_resolver(host["urlconf"])
            walk_urls(resolver, "", [], host["urlconf"], there, converters, protected, 0)
            facts["routes"] += [dict(route, host=host["name"]) for route in there["routes"]]
    return {
        "root": [str(root)] if root else [],
        "hosts": hosts,
        "routes": facts["routes"],
        "unresolved": [],
        "duplicate_names": {name: count for name, count in names.items() if count > 1},
        "errors": facts["errors"],
    }


def names_of(routes):
    """How many patterns share a name and parameters: others differ in their parameters."""
    groups = {}
    for route in routes:
        if route["full_name"] and route["kind"] == "route":
            key = (route["full_name"], tuple(sorted(route["params"])))
            groups.setdefault(key, set()).add(route["pattern"])
    names = {}
    for (name, _), patterns in groups.items():
        names[name] = max(names.get(name, 0), len(patterns))
    return names


def hosts_of(settings, errors):
    """The URLconfs that django-hosts serves per host, in matching order."""
    if not getattr(settings, "ROOT_HOSTCONF", None) or "django_hosts" not in sys.modules:
        return []
    try:
        from django_hosts.resolvers import get_host_patterns

        return [
            {
                "name": text_of(one.name),
                "pattern": text_of(one.regex),
                "urlconf": one.urlconf
                if isinstance(one.urlconf, str)
                else getattr(one.urlconf, "__name__", ""),
            }
            for one in get_host_patterns()
        ]
    except Exception as error:
        fault = describe(error)
        text = "ROOT_HOSTCONF: %s" % fault["message"]
        errors.append({"text": text, "file": fault["file"], "line": fault["line"]})
        return []


def converter_names():
    try:
        from django.urls.converters import get_converters

        return {id(one): name for name, one in get_converters().items()}
    except Exception:
        return {}


def pattern_text(pattern):
    if type(pattern).__name__ == "LocalePrefixPattern":
        return "<language>/"
    return text_of(pattern)


def walk_urls(resolver, prefix, spaces, urlconf, facts, converters, protected, depth):
    if depth > 30 or len(facts["routes"]) > 50000:
        return
    try:
        patterns = list(resolver.url_patterns)
    except Exception as error:
        fault = describe(error)
        facts["errors"].append(
            {
                "text": "%s: %s" % (urlconf, fault["message"]),
                "file": fault["file"],
                "line": fault["line"],
            }
        )
        return
    for pattern in patterns:
        text = pattern_text(pattern.pattern)
        if prefix and text.startswith("^"):
            text = text[1:]
        whole = prefix + text
        if hasattr(pattern, "url_patterns") or hasattr(pattern, "urlconf_name"):
            inner = spaces + ([pattern.namespace] if pattern.namespace else [])
            name = pattern.urlconf_name
            name = name if isinstance(name, str) else getattr(name, "__name__", urlconf)
            facts["routes"].append(
                dict(
                    EMPTY,
                    pattern=whole,
                    kind="include",
                    ns=":".join(inner) or None,
                    params=params_of(pattern.pattern, converters),
                    urlconf=name,
                )
            )
            walk_urls(pattern, whole, inner, name, facts, converters, protected, depth + 1)
            continue
        try:
            facts["routes"].append(
                one_route(pattern, whole, spaces, urlconf, converters, protected)
            )
        except Exception as error:
            facts["errors"].append(
                {"text": "%s: %s" % (whole, text_of(error)), "file": None, "line": None}
            )
