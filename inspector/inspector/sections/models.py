"""The section about models."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import BOTH, Disagreement, EventOf, Origin, Place, Problem, Section

_Class = TypedDict("_Class", {"class": Annotated[str, "dotted name of the class"]})

RelationKind = Literal["fk", "o2o", "m2m", "generic", "generic-relation"]


class Relation(TypedDict):
    """The relation of a field."""

    kind: Annotated[RelationKind, "kind of relation"]
    to: Annotated[str | None, "label of the model; `null` for `generic`"]
    on_delete: NotRequired[Annotated[str, "`CASCADE`, `PROTECT`, `SET_NULL`, …"]]
    related_name: NotRequired[Annotated[str, "as written"]]
    through: NotRequired[Annotated[str, "label of the through model"]]
    through_auto: NotRequired[Annotated[bool, "Django created the through model"]]
    parent_link: NotRequired[Annotated[bool, "links a model to its parent's table"]]
    db_constraint: NotRequired[Annotated[bool, "only when false"]]
    ct_field: NotRequired[Annotated[str, "`generic`: field with the content type"]]
    fk_field: NotRequired[Annotated[str, "`generic`: field with the key"]]


class Field(_Class, Place):
    """A field of a model."""

    name: Annotated[str, "`title`"]
    type: Annotated[str, "`CharField`"]
    column: Annotated[str | None, "database column; `null` for many-to-many and generic relations"]
    file: Annotated[
        str | None,
        "where it is defined (possibly in an abstract base); `null` for implicit fields",
    ]
    inherited_from: NotRequired[Annotated[str, "name of the abstract base it comes from"]]
    pk: NotRequired[Annotated[bool, "primary key"]]
    null: NotRequired[Annotated[bool, "may be NULL"]]
    blank: NotRequired[Annotated[bool, "may be empty in forms"]]
    unique: NotRequired[Annotated[bool, "values are unique"]]
    index: NotRequired[Annotated[bool, "has an index"]]
    auto: NotRequired[Annotated[bool, "added by Django"]]
    editable: NotRequired[Annotated[bool, "only when false"]]
    max_length: NotRequired[Annotated[int | None, "as written"]]
    default: NotRequired[Annotated[str, 'as text (`"0"`, `"list()"`); callables are not called']]
    db_default: NotRequired[Annotated[str, "the same for the database default"]]
    generated: NotRequired[Annotated[str, "expression of a generated column"]]
    help: NotRequired[Annotated[str, "help text"]]
    verbose: NotRequired[Annotated[str, "verbose name"]]
    choices: NotRequired[Annotated[int, "number of choices"]]
    choice_values: NotRequired[Annotated[list[list[str]], "the first 50 as `[value, label]`"]]
    rel: NotRequired[Annotated[Relation, "its relation"]]


class Base(TypedDict):
    """A base class of a model."""

    name: Annotated[str, "of the class"]
    module: Annotated[str, "dotted"]
    kind: Annotated[
        Literal["abstract", "multi-table", "proxy-of", "mixin", "unresolved"],
        "kind of base",
    ]
    label: Annotated[str | None, "label if it is a model with a table"]


class Manager(_Class):
    """A manager of a model."""

    name: Annotated[str, "`objects`"]


class Index(_Class):
    """An index of a model."""

    name: Annotated[str | None, "of the index"]
    fields: Annotated[list[str], "names"]
    expressions: NotRequired[Annotated[str | None, "as text"]]
    condition: Annotated[str | None, "as text"]


class Constraint(_Class):
    """A constraint of a model."""

    name: Annotated[str | None, "of the constraint"]
    fields: Annotated[list[str], "names"]
    condition: Annotated[str | None, "as text"]


class Model(Place):
    """A model."""

    label: Annotated[str, "`catalog.Book`"]
    app: Annotated[str, "`catalog`"]
    name: Annotated[str, "`Book`"]
    module: Annotated[str, "`catalog.models`"]
    origin: Annotated[Origin, "whose code it is"]
    table: Annotated[str, "database table"]
    verbose_name: Annotated[str, "singular name"]
    doc: NotRequired[Annotated[str, "first paragraph of the docstring"]]
    proxy: NotRequired[Annotated[bool, "a proxy model"]]
    managed: NotRequired[Annotated[bool, "only when false"]]
    swapped: NotRequired[Annotated[str, "the setting's value"]]
    auto_created: NotRequired[
        Annotated[
            str,
            "label of the model whose many-to-many field created it (live only), or "
            "its own if its `Meta` says so",
        ]
    ]
    bases: Annotated[list[Base], "in order"]
    ordering: NotRequired[Annotated[list[str], "as written"]]
    unique_together: NotRequired[Annotated[list[list[str]], "names of fields"]]
    index_together: NotRequired[Annotated[list[list[str]], "names of fields"]]
    indexes: NotRequired[Annotated[list[Index], "of `Meta.indexes`"]]
    constraints: NotRequired[Annotated[list[Constraint], "of `Meta.constraints`"]]
    permissions: NotRequired[Annotated[list[list[str]], "`[[codename, name]]`"]]
    managers: Annotated[list[Manager], "in order"]
    fields: Annotated[list[Field], "in order"]
    methods: Annotated[list[str], "names defined on the class itself"]
    properties: Annotated[list[str], "the same"]


class Abstract(Place):
    """An abstract model."""

    name: Annotated[str, "of the class"]
    module: Annotated[str, "dotted"]
    origin: Annotated[Origin, "whose code it is"]
    fields: Annotated[list[str], "names"]


class Models(TypedDict):
    models: Annotated[list[Model], "all of them"]
    abstract: Annotated[list[Abstract], "abstract bases"]
    disagreements: NotRequired[Annotated[list[Disagreement], "live, see Disagreements"]]
    errors: Annotated[list[Problem], "as everywhere"]


class ModelSections(TypedDict, total=False):
    models: Annotated[Section[Models], BOTH, "models, fields, relations"]


ModelSectionEvent = EventOf[Literal["models"], Models]
