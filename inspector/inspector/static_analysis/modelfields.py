"""One field of a model, read from the call that creates it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Literal

from djdesk.projects.code.classbody import assignments
from djdesk.projects.code.source import dotted, string, text_of
from djdesk.projects.code.tree import Place
from djdesk.projects.redact import MASK, scrub, secret_name
from inspector.sections.models import Field, Relation, RelationKind
from inspector.static_analysis.modellabels import Labels

CHOICES_SHOWN = 50
Flag = Literal["pk", "null", "blank", "unique", "index"]
FLAGS: tuple[tuple[Flag, str], ...] = (
    ("pk", "primary_key"),
    ("null", "null"),
    ("blank", "blank"),
    ("unique", "unique"),
    ("index", "db_index"),
)


@dataclass(frozen=True)
class Defaults:
    """What one of Django's own fields has although the call does not show it."""

    flags: tuple[Flag, ...] = ()
    max_length: int | None = None
    editable: bool = True


BY_TYPE = {
    "AutoField": Defaults(("blank",)),
    "BigAutoField": Defaults(("blank",)),
    "SmallAutoField": Defaults(("blank",)),
    "SlugField": Defaults(("index",), 50),
    "EmailField": Defaults(max_length=254),
    "URLField": Defaults(max_length=200),
    "FileField": Defaults(max_length=100),
    "ImageField": Defaults(max_length=100),
    "FilePathField": Defaults(max_length=100),
    "UUIDField": Defaults(max_length=32),
    "ForeignKey": Defaults(("index",)),
    "OneToOneField": Defaults(("unique", "index")),
    "NullBooleanField": Defaults(("null", "blank")),
    "GeneratedField": Defaults(("blank",), editable=False),
    "CompositePrimaryKey": Defaults(("pk", "blank"), editable=False),
    "GenericForeignKey": Defaults(editable=False),
    "GenericRelation": Defaults(("null", "blank"), editable=False),
}

BY_RELATION = {
    "fk": "ForeignKey",
    "o2o": "OneToOneField",
    "generic": "GenericForeignKey",
    "generic-relation": "GenericRelation",
}


def build_field(
    labels: Labels,
    place: Place,
    name: str,
    call: ast.Call,
    line: int,
    found: tuple[str, str, RelationKind | None],
) -> Field:
    """The field as in the snapshot. ``found``: class, type and relation kind."""
    full, kind, relation = found
    keywords = keywords_of(labels, place, call)
    many = relation in {"m2m", "generic", "generic-relation"}
    column: str | None = None
    if not many and kind != "CompositePrimaryKey":
        column = string(keywords.get("db_column")) or (f"{name}_id" if relation else name)
    field: Field = {
        "name": name,
        "class": full,
        "type": kind,
        "column": column,
        "file": labels.tree.relative(place.module.file),
        "line": line,
    }
    # A subclass has the defaults of its base class.
    defaults = BY_TYPE.get(kind) or BY_TYPE.get(BY_RELATION.get(relation or "", ""), Defaults())
    for flag in defaults.flags:
        field[flag] = True
    if defaults.max_length is not None:
        field["max_length"] = defaults.max_length
    if not defaults.editable:
        field["editable"] = False
    for key, option in FLAGS:
        value = keywords.get(option)
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            if value.value:
                field[key] = True
            else:
                field.pop(key, None)
    if field.get("pk"):
        field["unique"] = True
    if isinstance(value := keywords.get("editable"), ast.Constant) and value.value is False:
        field["editable"] = False
    for option in ("auto_now", "auto_now_add"):
        value = keywords.get(option)
        if isinstance(value, ast.Constant) and value.value:
            field["editable"] = False
            field["blank"] = True
    if (length := keywords.get("max_length")) is not None:
        number = _literal(labels, place, length)
        # Drop Django's default too, since the value is unknown.
        field.pop("max_length", None)
        if type(number) is int:
            field["max_length"] = number
    _texts(labels, place, field, keywords, call, relation)
    _choices(labels, field, place, keywords)
    if relation:
        field["rel"] = _relation(labels, place, call, keywords, relation)
    return field


def _literal(labels: Labels, place: Place, node: ast.expr) -> Any:
    """The value of a literal, or of a name assigned to one, in this module or where
    it is imported from.
    """
    if isinstance(node, ast.Constant):
        return node.value
    name = dotted(node)
    if not name:
        return None
    value = place.module.assigned.get(name)
    if value is None and (found := labels.tree.find(labels.tree.qualify(place.module, name))):
        value = found.module.assigned.get(found.name)
    return value.value if isinstance(value, ast.Constant) else None


def keywords_of(labels: Labels, place: Place, call: ast.Call) -> dict[str, ast.expr]:
    """The keyword arguments of a call, including those from a mapping such as ``**OPTIONAL``."""
    found: dict[str, ast.expr] = {}
    for item in call.keywords:
        if item.arg:
            found[item.arg] = item.value
        else:
            found.update(_mapping(labels, place, item.value, 0))
    return found


def _mapping(labels: Labels, place: Place, node: ast.expr, depth: int) -> dict[str, ast.expr]:
    """The items of a dictionary literal, given directly or by name; else empty."""
    if depth > 4:
        return {}
    found: dict[str, ast.expr] = {}
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is None:
                    found.update(_mapping(labels, place, value, depth + 1))
                elif name := string(key):
                    found[name] = value
        case ast.Call(func=ast.Name(id="dict"), args=args):
            for one in args:
                found.update(_mapping(labels, place, one, depth + 1))
            for item in node.keywords:
                inner = {item.arg: item.value} if item.arg else None
                found.update(inner or _mapping(labels, place, item.value, depth + 1))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            found.update(_mapping(labels, place, left, depth + 1))
            found.update(_mapping(labels, place, right, depth + 1))
        case ast.Name() | ast.Attribute():
            name = dotted(node) or ""
            own = labels.classes.node(place)
            for target, value, _ in assignments(own) if own else ():
                if target == name:
                    return _mapping(labels, place, value, depth + 1)
            target_place = labels.tree.find(labels.tree.qualify(place.module, name))
            if target_place and target_place.name in target_place.module.assigned:
                value = target_place.module.assigned[target_place.name]
                return _mapping(labels, target_place, value, depth + 1)
    return found


def _default(labels: Labels, place: Place, node: ast.expr) -> str:
    """The default in the format of the live section: a literal, or `name()` for a callable."""
    if isinstance(node, ast.Lambda):
        return "lambda"
    if not isinstance(node, ast.Name | ast.Attribute):
        return text_of(node)
    name = dotted(node) or text_of(node)
    head, _, member = name.rpartition(".")
    if head:
        for target, value, _ in _members_of(labels, place, head):
            if target == member:
                return text_of(value)
    if name in {"list", "dict", "set", "str", "int"} or member in {"now", "uuid4", "today"}:
        return f"{member}()"
    target_place = labels.tree.find(labels.tree.qualify(place.module, name))
    if target_place and target_place.name in target_place.module.functions:
        return f"{member}()"
    constant = _constant(labels, place, node)
    return text_of(node if constant is None else constant)


def _constant(labels: Labels, place: Place, node: ast.expr) -> ast.Constant | None:
    """The literal assigned to a name in the class or the module."""
    if isinstance(node, ast.Name):
        own = labels.classes.node(place)
        for target, value, _ in assignments(own) if own else ():
            if target == node.id and isinstance(value, ast.Constant):
                return value
        value_at_top = place.module.assigned.get(node.id)
        if isinstance(value_at_top, ast.Constant):
            return value_at_top
    return None


def _texts(
    labels: Labels,
    place: Place,
    field: Field,
    keywords: dict[str, ast.expr],
    call: ast.Call,
    relation: RelationKind | None,
) -> None:
    if "default" in keywords:
        text = _default(labels, place, keywords["default"])
        field["default"] = MASK if secret_name(field["name"]) and text != "''" else scrub(text)
    if "db_default" in keywords:
        field["db_default"] = scrub(text_of(keywords["db_default"]))
    if field["type"] == "GeneratedField" and "expression" in keywords:
        field["generated"] = scrub(text_of(keywords["expression"]))
    if help_text := string(keywords.get("help_text")):
        field["help"] = scrub(help_text)
    verbose = string(keywords.get("verbose_name"))
    composite = field["type"] == "CompositePrimaryKey"  # its arguments are field names
    if verbose is None and not relation and call.args and not composite:
        verbose = string(call.args[0])
    if verbose and verbose != field["name"].replace("_", " "):
        field["verbose"] = scrub(verbose)


def _choices(labels: Labels, field: Field, place: Place, keywords: dict[str, ast.expr]) -> None:
    value = keywords.get("choices")
    if value is None:
        return
    pairs = _choice_pairs(labels, place, value)
    if pairs:
        field["choices"] = len(pairs)
        field["choice_values"] = [[scrub(one), scrub(two)] for one, two in pairs[:CHOICES_SHOWN]]


def _choice_pairs(
    labels: Labels, place: Place, node: ast.expr, depth: int = 0
) -> list[tuple[str, str]]:
    if depth > 4:
        return []
    if isinstance(node, ast.List | ast.Tuple):
        pairs = []
        for item in node.elts:
            if isinstance(item, ast.List | ast.Tuple) and len(item.elts) == 2:
                one, two = item.elts
                if isinstance(two, ast.List | ast.Tuple):  # a named group
                    pairs += _choice_pairs(labels, place, two, depth + 1)
                    continue
                known = one if isinstance(one, ast.Constant) else _constant(labels, place, one)
                raw = known.value if known is not None else text_of(one)
                label = string(two)
                pairs.append((str(raw), label if label is not None else text_of(two)))
        return pairs
    if isinstance(node, ast.Attribute) and node.attr == "choices":
        return _enumeration(labels, place, dotted(node.value) or "")
    name = dotted(node) or ""
    own = labels.classes.node(place)
    if own is not None and "." not in name:
        for target, value, _ in assignments(own):
            if target == name:
                return _choice_pairs(labels, place, value, depth + 1)
    if name in place.module.assigned:
        return _choice_pairs(labels, place, place.module.assigned[name], depth + 1)
    if name:
        return _enumeration(labels, place, name)
    return []


def _members_of(labels: Labels, place: Place, name: str) -> list[tuple[str, ast.expr, str | None]]:
    """(member, value, label) of a TextChoices or IntegerChoices class, nested or imported."""
    own = labels.classes.node(place)
    node: ast.ClassDef | None = None
    for item in own.body if own else []:
        if isinstance(item, ast.ClassDef) and item.name == name:
            node = item
    if node is None:
        target = labels.tree.find(labels.tree.qualify(place.module, name))
        node = labels.classes.node(target) if target else None
    if node is None or not any("Choices" in (dotted(base) or "") for base in node.bases):
        return []
    rows: list[tuple[str, ast.expr, str | None]] = []
    for member, value, _ in assignments(node):
        if member.startswith("__"):
            continue
        if isinstance(value, ast.Tuple) and value.elts:
            rows.append((member, value.elts[0], string(value.elts[-1])))
        else:
            rows.append((member, value, None))
    return rows


def _enumeration(labels: Labels, place: Place, name: str) -> list[tuple[str, str]]:
    return [
        (
            str(raw.value) if isinstance(raw, ast.Constant) else text_of(raw),
            label or member.replace("_", " ").title(),
        )
        for member, raw, label in _members_of(labels, place, name)
    ]


def _called_target(call: ast.Call) -> ast.expr | None:
    """The model for `get_user_model()`, and for `swapper.get_model_name("app",
    "Model")` if not swapped.
    """
    name = (dotted(call.func) or "").rpartition(".")[2]
    if name == "get_user_model":
        return ast.Name("get_user_model", ast.Load())
    parts = [string(item) for item in call.args]
    if name == "getattr" and dotted(call.args[0]) == "settings" and len(parts) > 1 and parts[1]:
        return ast.Attribute(ast.Name("settings", ast.Load()), parts[1], ast.Load())
    if name == "get_model_name" and len(parts) == 2 and all(parts):
        return ast.Constant(".".join(part for part in parts if part))
    return None


def _relation(
    labels: Labels,
    place: Place,
    call: ast.Call,
    keywords: dict[str, ast.expr],
    kind: RelationKind,
) -> Relation:
    rel: Relation = {"kind": kind, "to": None}
    if kind == "generic":
        names = [string(item) for item in call.args]
        rel["ct_field"] = string(keywords.get("ct_field")) or ([*names, None])[0] or "content_type"
        rel["fk_field"] = (
            string(keywords.get("fk_field")) or ([*names, None, None])[1] or "object_id"
        )
        return rel
    target = call.args[0] if call.args else keywords.get("to")
    if target is not None:
        if isinstance(target, ast.Call):
            target = _called_target(target)
            if target is None:
                rel["to"] = text_of(call.args[0])[:200] if call.args else None
        if target is not None:
            rel["to"] = labels.label_for(place, target)
    elif (dotted(call.func) or "").endswith("TaggableManager"):
        rel["to"] = "taggit.Tag"
        rel["through"] = "taggit.TaggedItem"
    on_delete = keywords.get("on_delete")
    if on_delete is None and kind in {"fk", "o2o"} and len(call.args) > 1:
        on_delete = call.args[1]
    if on_delete is not None:
        text = on_delete.func if isinstance(on_delete, ast.Call) else on_delete
        rel["on_delete"] = (dotted(text) or text_of(text)).rpartition(".")[2]
    if related := string(keywords.get("related_name")):
        own = labels.owner or ""
        app, _, name = own.partition(".")
        if own:
            related = related.replace("%(class)s", name.lower()).replace("%(app_label)s", app)
        rel["related_name"] = related
    if "through" in keywords:
        rel["through"] = labels.label_for(place, keywords["through"])
    elif kind == "m2m" and "through" not in rel:
        rel["through_auto"] = True
    if isinstance(value := keywords.get("parent_link"), ast.Constant) and value.value:
        rel["parent_link"] = True
    if isinstance(value := keywords.get("db_constraint"), ast.Constant) and value.value is False:
        rel["db_constraint"] = False
    return rel
