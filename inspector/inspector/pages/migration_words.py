"""Describes the operations of a migration in sentences, with irreversible steps and data loss."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspector.facts.migration_facts import loses

if TYPE_CHECKING:
    from inspector.sections.migrations import Migration, Step

# Statements that delete rows or columns. Only a hint: SQL has other ways to do it.
LOSING = re.compile(r"\b(DROP\s+(TABLE|COLUMN|SCHEMA)|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """``irreversible`` and ``loses`` hold the reason, or are empty."""

    text: str
    kind: str
    line: int | None
    irreversible: str = ""
    loses: str = ""
    only: str = ""


def sentences(facts: Migration) -> list[Sentence]:
    """Sentences for a migration of the snapshot; only kind and number if its file was not read."""
    one_way = {(one.get("op"), one.get("line")) for one in facts.get("irreversible") or []}
    steps = facts.get("operations")
    if steps is None:
        return [
            Sentence(f"{kind} \u00d7{number}" if number > 1 else kind, kind, None)
            for kind, number in (facts.get("op_kinds") or {}).items()
        ]
    return [_sentence(step, (step["op"], step.get("line")) in one_way) for step in steps]


def _sentence(step: Step, one_way: bool) -> Sentence:
    kind = step["op"]
    why = ""
    if one_way and kind == "RunPython":
        why = _("It has no reverse_code: it cannot be reversed.")
    elif one_way:
        why = _("It has no reverse_sql: it cannot be reversed.")
    return Sentence(_text(kind, step), kind, step.get("line"), why, _loss(kind, step), _only(step))


def _only(step: Step) -> str:
    if step.get("only") == "database":
        return _("in the database only")
    return _("in Django's state only") if step.get("only") == "state" else ""


def _loss(kind: str, step: Step) -> str:
    if not loses(step):
        return ""
    if kind == "DeleteModel":
        return _("The table is dropped with all its rows.")
    if kind == "RemoveField":
        return _(
            "The column is dropped with all its values. Reversing the migration adds an empty one."
        )
    if kind == "RunSQL" and LOSING.search(step.get("sql") or ""):
        return _("The SQL removes rows, columns or tables.")
    return ""


def _text(kind: str, step: Step) -> str:
    model, name, new = (step.get(key) or "?" for key in ("model", "name", "new"))
    words = {"model": model, "name": name, "new": new, "type": step.get("type") or ""}
    if kind == "CreateModel":
        number = step.get("fields")
        if number is None:
            return _("Create the model %(name)s") % words
        return ngettext(
            "Create the model %(name)s with %(number)s field",
            "Create the model %(name)s with %(number)s fields",
            number,
        ) % {**words, "number": number}
    if kind == "RunPython":
        return _("Run the Python function %(code)s") % {"code": step.get("code") or "?"}
    if kind == "RunSQL":
        return _("Run SQL: %(sql)s") % {"sql": step.get("sql") or "?"}
    if kind in ("AddField", "AlterField") and not words["type"]:
        words["type"] = _("field")
    patterns = {
        "DeleteModel": _("Delete the model %(name)s"),
        "RenameModel": _("Rename the model %(name)s to %(new)s"),
        "AddField": _("Add %(name)s to %(model)s, a %(type)s"),
        "AlterField": _("Change %(name)s of %(model)s to a %(type)s"),
        "RemoveField": _("Remove %(name)s from %(model)s"),
        "RenameField": _("Rename %(name)s of %(model)s to %(new)s"),
        "AddIndex": _("Add the index %(name)s to %(model)s"),
        "AddIndexConcurrently": _("Add the index %(name)s to %(model)s without locking it"),
        "RemoveIndex": _("Remove the index %(name)s from %(model)s"),
        "RemoveIndexConcurrently": _("Remove the index %(name)s from %(model)s without locking it"),
        "RenameIndex": _("Rename an index of %(model)s to %(new)s"),
        "AddConstraint": _("Add the constraint %(name)s to %(model)s"),
        "AddConstraintNotValid": _("Add the constraint %(name)s to %(model)s, not yet validated"),
        "ValidateConstraint": _("Validate the constraint %(name)s of %(model)s"),
        "RemoveConstraint": _("Remove the constraint %(name)s from %(model)s"),
        "AlterUniqueTogether": _("Change unique_together of %(name)s"),
        "AlterIndexTogether": _("Change index_together of %(name)s"),
        "AlterOrderWithRespectTo": _("Change order_with_respect_to of %(name)s"),
        "AlterModelTable": _("Rename the table of %(name)s"),
        "AlterModelTableComment": _("Change the table comment of %(name)s"),
        "AlterModelOptions": _("Change the options of %(name)s"),
        "AlterModelManagers": _("Change the managers of %(name)s"),
    }
    if kind in patterns:
        return patterns[kind] % words
    about = " ".join(word for word in (step.get("model"), step.get("name")) if word)
    return f"{kind} {about}".strip()
