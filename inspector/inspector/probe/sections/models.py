"""The models in the app registry."""

from ..errors import describe, error_row
from ..places import module_file, origin, place, relative
from ..redact import scrub
from ..values import dotted, text_of
from .fields import one_field


def section_models():
    from django.apps import apps

    rows, errors, abstract = [], [], {}
    for model in apps.get_models(include_auto_created=True, include_swapped=True):
        try:
            rows.append(one_model(model, abstract, errors))
        except Exception as error:
            fault = describe(error)
            errors.append(
                {
                    "text": "%s: %s" % (model._meta.label, fault["message"]),
                    "file": fault["file"],
                    "line": fault["line"],
                }
            )
    return {"models": rows, "abstract": list(abstract.values()), "errors": errors}


def one_model(model, abstract, errors):
    meta = model._meta
    file, line = place(model)
    row = {
        "label": meta.label,
        "app": meta.app_label,
        "name": meta.object_name,
        "module": model.__module__,
        "file": relative(file),
        "line": line,
        "origin": origin(file or module_file(model.__module__)),
        "table": meta.db_table,
        "verbose_name": text_of(meta.verbose_name),
        "bases": bases_of(model, abstract),
        "managers": [{"name": one.name, "class": dotted(type(one))} for one in meta.managers],
        "fields": [],
        "methods": [],
        "properties": [],
    }
    doc = model.__doc__ or ""
    if doc.strip() and not doc.startswith(meta.object_name + "("):
        row["doc"] = scrub(" ".join(doc.strip().split("\n\n")[0].split()))
    if meta.proxy:
        row["proxy"] = True
    if not meta.managed:
        row["managed"] = False
    if meta.swapped:
        row["swapped"] = str(meta.swapped)
    if meta.auto_created:
        # A proxy may set `auto_created = True` itself, to have no migration.
        maker = getattr(meta.auto_created, "_meta", meta)
        row["auto_created"] = maker.label
    if meta.ordering:
        row["ordering"] = [one if isinstance(one, str) else text_of(one) for one in meta.ordering]
    for name in ("unique_together", "index_together"):
        value = getattr(meta, name, None)
        if value:
            row[name] = [list(one) if isinstance(one, (list, tuple)) else one for one in value]
    if meta.permissions:
        row["permissions"] = [[text_of(part) for part in one] for one in meta.permissions]
    if meta.indexes:
        row["indexes"] = [
            {
                "name": one.name,
                "class": type(one).__name__,
                "fields": list(one.fields),
                "expressions": ", ".join(text_of(x) for x in getattr(one, "expressions", ()))
                or None,
                "condition": text_of(one.condition) if one.condition else None,
            }
            for one in meta.indexes
        ]
    if meta.constraints:
        row["constraints"] = [
            {
                "name": one.name,
                "class": type(one).__name__,
                "fields": list(getattr(one, "fields", None) or ()),
                "condition": condition_of(one),
            }
            for one in meta.constraints
        ]
    for name, value in vars(model).items():
        func = getattr(value, "fget", None) or getattr(value, "func", None) or value
        prefix = model.__qualname__ + "."
        if not getattr(func, "__qualname__", "").startswith(prefix) or name.startswith("__"):
            continue
        if getattr(func, "__module__", None) != model.__module__ or isinstance(value, type):
            continue
        row["properties" if value is not func else "methods"].append(name)
    # Generic relations of concrete parents are copied to every child, but belong to the parent.
    above = {one.name for parent in meta.get_parent_list() for one in parent._meta.private_fields}
    fields = [one for one in meta.private_fields if one.model is model and one.name not in above]
    if not meta.proxy:
        fields = list(meta.local_fields) + list(meta.local_many_to_many) + fields
    for field in fields:
        try:
            row["fields"].append(one_field(model, field))
        except Exception as error:
            errors.append(error_row("%s.%s: " % (meta.label, field.name), error))
    return row


def condition_of(constraint):
    """The condition of a check constraint: `check` became `condition` in 5.1, and either may be a
    property that warns.
    """
    values = vars(constraint)
    value = values.get("condition")
    value = values.get("check") if value is None else value
    return text_of(value) if value is not None else None


def bases_of(model, abstract):
    rows = []
    for base in model.__bases__:
        meta = getattr(base, "_meta", None)
        if meta is None:
            if base.__module__ == "django.db.models.base" or base is object:
                continue
            rows.append(
                {"name": base.__name__, "module": base.__module__, "kind": "mixin", "label": None}
            )
        elif meta.abstract:
            rows.append(
                {
                    "name": base.__name__,
                    "module": base.__module__,
                    "kind": "abstract",
                    "label": None,
                }
            )
        else:
            kind = "proxy-of" if model._meta.proxy else "multi-table"
            rows.append(
                {
                    "name": base.__name__,
                    "module": base.__module__,
                    "kind": kind,
                    "label": meta.label,
                }
            )
    for base in model.__mro__[1:]:
        meta = getattr(base, "_meta", None)
        key = "%s.%s" % (base.__module__, base.__qualname__)
        if meta is not None and meta.abstract and key not in abstract:
            file, line = place(base)
            abstract[key] = {
                "name": base.__name__,
                "module": base.__module__,
                "file": relative(file),
                "line": line,
                "origin": origin(file or module_file(base.__module__)),
                "fields": [one.name for one in meta.local_fields + meta.local_many_to_many],
            }
    return rows
