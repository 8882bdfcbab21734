"""Prints the addresses of the app that take no arguments, as a JSON list."""

import json
import re


def main() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    print(json.dumps(sorted({f"/{path}" for path in addresses(get_resolver())})))


def addresses(resolver, before=""):
    """Depth first; patterns with arguments, and below such ones, are left out."""
    for entry in resolver.url_patterns:
        part = literal(entry.pattern)
        if part is None:
            continue
        if hasattr(entry, "url_patterns"):
            yield from addresses(entry, before + part)
        else:
            yield before + part


def literal(pattern):
    """The text of a route or of a regular expression that matches one text only, else None."""
    route = getattr(pattern, "_route", None)
    if route is not None:
        return None if "<" in str(route) else str(route)
    expression = getattr(pattern, "_regex", None)
    if expression is None:
        # A language prefix.
        return str(pattern)
    text = re.sub(r"^\^|(\$|\\Z)$", "", str(expression))
    text = re.sub(r"\\([./_-])", r"\1", text)
    return text if re.fullmatch(r"[\w./-]*", text) and ".*" not in text else None


if __name__ == "__main__":
    main()
