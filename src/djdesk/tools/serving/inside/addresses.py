"""Print the app's pages that take no arguments, as a JSON list of ``{"path", "view", "file",
"line"}``; the last three are empty if a view is not Python."""

import inspect
import json
import os
import re
from pathlib import Path


def main() -> None:
    if watched := os.environ.get("DJDESK_PROVE"):
        # Loading the app may write into it, which must not happen while it is proved.
        from djdesk.tools.prove import watch

        watch.begin(Path(watched))
    import django

    django.setup()
    from django.urls import get_resolver

    pages: dict[str, object] = {}
    for path, pattern in addresses(get_resolver()):
        pages.setdefault(f"/{path}", pattern.callback)
    print(json.dumps([{"path": path, **described(pages[path])} for path in sorted(pages)]))


def addresses(resolver, before=""):
    """``(path, pattern)``, depth first; patterns with arguments are skipped, and so is everything
    below them."""
    for entry in resolver.url_patterns:
        part = literal(entry.pattern)
        if part is None:
            continue
        if hasattr(entry, "url_patterns"):
            yield from addresses(entry, before + part)
        else:
            yield before + part, entry


def literal(pattern):
    """The text of a route or of a regular expression that matches only one text, else None."""
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


def described(view) -> dict[str, object]:
    """A view's name and location."""
    code = getattr(view, "view_class", None) or inspect.unwrap(view)
    name = f"{getattr(code, '__module__', '')}.{getattr(code, '__qualname__', '')}".strip(".")
    try:
        file = inspect.getsourcefile(code) or ""
        line = inspect.getsourcelines(code)[1]
    except (OSError, TypeError):
        file, line = "", 0
    return {"view": name, "file": file, "line": line}


if __name__ == "__main__":
    main()
