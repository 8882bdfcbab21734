"""Template names in one file: literal, rendered, or composed."""

from __future__ import annotations

import ast
import re

from djdesk.projects.code.source import FullName, string
from djdesk.projects.redact import scrub

RENDER = {  # functions that render a template, and which argument names it
    "django.shortcuts.render": 1,
    "django.template.response.TemplateResponse": 1,
    "django.template.loader.get_template": 0,
    "django.template.loader.render_to_string": 0,
}
# Their short names.
RENDERING = {name.rpartition(".")[2] for name in RENDER}
# Code that catches these expects that the template may be missing.
CAUGHT = {"TemplateDoesNotExist", "Exception", "BaseException"}
TEMPLATE = re.compile(
    r"^[\w./ -]{1,200}\.(html?|txt|xml|jinja2?|j2|eml|mjml|md|svg|tex|json|js|css|csv)$"
)
# A decorator may omit the part in braces: django-mobility's `{mobile/}page.html`.
OPTIONAL = re.compile(r"\{([\w./-]+/)\}")
TEMPLATE_END = re.compile(r"\.(html?|txt|xml|jinja2?|j2|eml|mjml)$")

# A template's name, or a pattern with `*` for what is computed, and the line.
At = tuple[str, int]


def with_optional(text: str) -> list[str]:
    """Both templates named by a text with an optional part, or none."""
    every = [OPTIONAL.sub("", text), OPTIONAL.sub(r"\1", text)]
    return [one for one in every if TEMPLATE.match(one)]


def rendered(full: FullName, node: ast.Call) -> At | None:
    """The template of a call that renders one."""
    value = _template(full, node)
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return (value.value, node.lineno)
    return None


def from_folder(full: FullName, node: ast.Call) -> At | None:
    """The pattern of a call that renders ``path.join(folder, name)``: any template."""
    value = _template(full, node)
    if isinstance(value, ast.Call) and full(value.func) in {"os.path.join", "posixpath.join"}:
        parts = [_piece(one) for one in value.args]
        return ("/".join(parts), node.lineno) if "*" in parts else None
    return None


def _template(full: FullName, node: ast.Call) -> ast.expr | None:
    """The argument that names the template."""
    index = RENDER.get(full(node.func))
    if index is None:
        return None
    keyword = next((k.value for k in node.keywords if k.arg == "template_name"), None)
    return node.args[index] if len(node.args) > index else keyword


def assigned(target: ast.expr, node: ast.Assign) -> At | None:
    """The same for ``template_name = …`` in a class."""
    if isinstance(target, ast.Name) and target.id in {"template_name", "template"}:
        text = string(node.value)
        if text and TEMPLATE_END.search(text):
            return (text, node.lineno)
    return None


def suffixed(target: ast.expr, node: ast.Assign) -> At | None:
    """The pattern of ``template_name_suffix = "_all"`` in a generic view."""
    text = string(node.value)
    if isinstance(target, ast.Name) and target.id == "template_name_suffix" and text:
        return (f"*{scrub(text)}.html", node.lineno)
    return None


def formatted(node: ast.JoinedStr) -> At | None:
    """The pattern of a composed name."""
    parts = [str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values]
    return _computed("".join(parts), node.lineno)


def filled(node: ast.Call) -> At | None:
    """The same for ``"…{}".format(x)``."""
    match node.func:
        case ast.Attribute(attr="format", value=ast.Constant(value=str() as text)):
            return _computed(re.sub(r"\{[^{}]*\}", "*", text), node.lineno)
    return None


def joined(node: ast.BinOp) -> At | None:
    """The same for ``"…%s" % x`` and ``"…" + x``."""
    if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        if isinstance(node.left.value, str):
            return _computed(re.sub(r"%(\(\w+\))?[sd]", "*", node.left.value), node.lineno)
    elif isinstance(node.op, ast.Add):
        parts = [_piece(node.left), _piece(node.right)]
        return _computed("".join(parts), node.lineno) if "*" in parts else None
    return None


def _computed(pattern: str, line: int) -> At | None:
    if "*" not in pattern or not TEMPLATE_END.search(pattern) or len(pattern) >= 200:
        return None
    if re.search(r"[\s:<>{}]", pattern) or "//" in pattern:
        return None
    return (scrub(pattern), line)


def _piece(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "*"
