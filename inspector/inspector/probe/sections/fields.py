"""The fields of a model and their relations."""

from ..places import definitions, module_file, relative
from ..redact import MASK, scrub, secret_name
from ..values import dotted, literal, text_of


def one_field(model, field):
    kind = type(field)
    auto = bool(getattr(field, "auto_created", False))
    row = {
        "name": field.name,
        "class": dotted(kind),
        "type": kind.__name__,
        "column": None if field.many_to_many else getattr(field, "column", None),
        "file": None,
        "line": None,
    }
    if not auto:
        for owner in model.__mro__:
            file = module_file(owner.__module__)
            line = (
                definitions(file).get("%s.%s" % (owner.__qualname__, field.name)) if file else None
            )
            if line is not None:
                row["file"], row["line"] = relative(file), line
                if owner is not model:
                    row["inherited_from"] = owner.__name__
                break
    many = getattr(field, "many_to_many", False)
    for key, name in (
        ("pk", "primary_key"),
        ("null", "null"),
        ("blank", "blank"),
        ("unique", "unique"),
    ):
        if getattr(field, name, False):
            row[key] = True
    if getattr(field, "db_index", False) and not many:
        row["index"] = True
    if auto:
        row["auto"] = True
    if not getattr(field, "editable", True):
        row["editable"] = False
    if getattr(field, "max_length", None) is not None:
        row["max_length"] = field.max_length
    has_default = getattr(field, "has_default", None)
    if has_default and has_default():
        row["default"] = default_text(field)
    database = vars(field).get("db_default")
    if database is not None and type(database).__name__ not in ("NOT_PROVIDED", "type"):
        row["db_default"] = text_of(getattr(database, "value", database))
    if getattr(field, "generated", False) and hasattr(field, "expression"):
        row["generated"] = text_of(field.expression)
    # Convert to text first: truth-testing a lazy object would run project code.
    if help_text := text_of(getattr(field, "help_text", "")):
        row["help"] = help_text
    verbose = getattr(field, "verbose_name", None)
    verbose = "" if verbose is None else text_of(verbose)
    if verbose and not auto and verbose != field.name.replace("_", " "):
        row["verbose"] = verbose
    try:
        choices = list(getattr(field, "flatchoices", None) or [])
    except Exception:
        choices = []
    if choices:
        row["choices"] = len(choices)
        row["choice_values"] = [[text_of(one), text_of(two)] for one, two in choices[:50]]
    rel = relation_of(field)
    if rel:
        row["rel"] = rel
    return row


def default_text(field):
    value = field.default
    if secret_name(field.name) and value not in ("", None):
        return MASK
    if callable(value):
        name = getattr(value, "__qualname__", type(value).__name__)
        return "lambda" if "<lambda>" in name else name.rpartition(".")[2] + "()"
    return scrub(literal(value))


def label_of(model):
    return model if isinstance(model, str) else model._meta.label


def relation_of(field):
    name = type(field).__name__
    if name == "GenericForeignKey" or hasattr(field, "ct_field") and hasattr(field, "fk_field"):
        return {
            "kind": "generic",
            "to": None,
            "ct_field": field.ct_field,
            "fk_field": field.fk_field,
        }
    remote = getattr(field, "remote_field", None)
    if remote is None:
        return None
    if any(one.__name__ == "GenericRelation" for one in type(field).__mro__):
        kind = "generic-relation"
    elif field.many_to_many:
        kind = "m2m"
    elif field.one_to_one:
        kind = "o2o"
    else:
        kind = "fk"
    rel = {"kind": kind, "to": label_of(remote.model)}
    on_delete = getattr(remote, "on_delete", None)
    if on_delete is not None and kind in ("fk", "o2o"):
        text = getattr(on_delete, "__name__", None) or str(on_delete)
        rel["on_delete"] = "SET" if text == "set_on_delete" else text
    if getattr(remote, "related_name", None):
        rel["related_name"] = str(remote.related_name)
    if kind == "m2m":
        through = getattr(remote, "through", None)
        if through is not None and not isinstance(through, str) and through._meta.auto_created:
            rel["through_auto"] = True
        elif through is not None:
            rel["through"] = label_of(through)
    if getattr(remote, "parent_link", False):
        rel["parent_link"] = True
    if getattr(field, "db_constraint", True) is False:
        rel["db_constraint"] = False
    return rel
