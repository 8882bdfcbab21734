"""One route and the view inside its decorators."""

import os
import re

from ..places import origin, place, relative

EMPTY = {
    "name": None,
    "full_name": None,
    "view": None,
    "view_kind": None,
    "file": None,
    "line": None,
    "route_file": None,
    "route_line": None,
    "methods": [],
    "login_required": None,
    "csrf_exempt": None,
    "origin": None,
}


def params_of(pattern, converters):
    found = {}
    for name, converter in getattr(pattern, "converters", {}).items():
        known = converters.get(id(converter))
        found[name] = known or type(converter).__name__.replace("Converter", "").lower()
    if type(pattern).__name__ == "RegexPattern":
        try:
            found.update({name: "regex" for name in pattern.regex.groupindex})
        except Exception:
            pass
    return found


def one_route(pattern, whole, spaces, urlconf, converters, protected):
    callback = pattern.callback
    view, login, methods = unwrap(callback)
    name = pattern.name
    space = ":".join(spaces)
    kind = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    target = kind or getattr(view, "view_class", None) or getattr(view, "cls", None)
    if target is not None:
        view_kind = "class"
    elif hasattr(view, "__code__"):
        view_kind, target = "function", view
    elif hasattr(view, "__func__"):
        view_kind, target = "function", view.__func__
    else:
        view_kind, target = "object", type(view)
    file, line = place(target)
    row = dict(
        EMPTY,
        pattern=whole,
        kind="route",
        name=str(name) if name else None,
        ns=space or None,
        full_name=("%s:%s" % (space, name) if space else str(name)) if name else None,
        params=params_of(pattern.pattern, converters),
        view="%s.%s" % (target.__module__, target.__qualname__),
        view_kind=view_kind,
        file=relative(file),
        line=line,
        methods=methods,
        csrf_exempt=bool(getattr(callback, "csrf_exempt", False)),
        origin=origin(file),
        urlconf=urlconf,
    )
    # Parameters of the enclosing includes count too.
    for one, two in re.findall(r"<(?:(\w+):)?(\w+)>", whole):
        if two != "language":
            row["params"].setdefault(two, one or "str")
    if view_kind == "class":
        login = login or needs_login(target)
        row["methods"] = methods or methods_of(target, callback)
        for key in ("permission_classes", "authentication_classes"):
            values = getattr(target, key, None)
            if isinstance(values, (list, tuple)):
                row[key] = [getattr(one, "__name__", type(one).__name__) for one in values]
        actions = getattr(callback, "actions", None)
        if isinstance(actions, dict) and actions:
            row["actions"] = {str(one): str(two) for one, two in actions.items()}
            row["methods"] = [str(one).upper() for one in actions]
    if protected and not login:
        login = bool(getattr(callback, "login_required", True))
    row["login_required"] = bool(login)
    return row


def unwrap(callback):
    """(innermost view, login required, methods), found through decorators and partials."""
    login, methods = False, []
    view = callback
    for _ in range(20):
        code = getattr(view, "__code__", None)
        if code is not None:
            file = code.co_filename.replace(os.sep, "/")
            if file.endswith(("contrib/auth/decorators.py", "contrib/admin/views/decorators.py")):
                login = True
            if "request_method_list" in code.co_freevars and view.__closure__:
                cell = view.__closure__[code.co_freevars.index("request_method_list")]
                if isinstance(cell.cell_contents, (list, tuple)):
                    methods = [str(one) for one in cell.cell_contents]
        if hasattr(view, "func") and hasattr(view, "keywords"):
            view = view.func
        elif getattr(view, "__wrapped__", None) is not None and not hasattr(view, "view_class"):
            view = view.__wrapped__
        elif hasattr(view, "view_class") or hasattr(view, "cls"):
            break
        else:
            inner = wrapped_by(view)
            if inner is None:
                break
            view = inner
    return view, login, methods


# Names that decorators use for the wrapped view.
VIEW_NAMES = ("view_func", "view", "function", "func", "viewfunc", "fn", "f", "callback")


def wrapped_by(view):
    """The view inside a decorator without `functools.wraps`, found in its closure."""
    code, cells = getattr(view, "__code__", None), getattr(view, "__closure__", None)
    if code is None or not cells:
        return None
    for name in VIEW_NAMES:
        if name in code.co_freevars:
            try:
                inner = cells[code.co_freevars.index(name)].cell_contents
            except ValueError:  # an empty cell
                continue
            if callable(inner) and not isinstance(inner, type) and inner is not view:
                return inner
    return None


def needs_login(kind):
    mixins = {"LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin", "AccessMixin"}
    return any(
        one.__name__ in mixins and one.__module__ == "django.contrib.auth.mixins"
        for one in kind.__mro__
    )


def methods_of(kind, callback):
    names = getattr(kind, "http_method_names", None) or []
    found = []
    for name in names:
        handler = getattr(kind, name, None)
        if handler is None:
            continue
        if name in ("options", "trace") and getattr(handler, "__module__", "").startswith(
            ("django.views", "rest_framework.views")
        ):
            continue
        found.append(name.upper())
    return found
