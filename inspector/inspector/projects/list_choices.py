"""How the user arranged the tables of a project's pages. Stored with the project, so that it is the
same on every page, in every window and after a restart.

``{"own": bool, "tables": {key: {"hidden": [columns, [position, …]], "saved": [Saved, …]}}}`` with
``Saved`` as ``{"name", "text", "facet"}``; defaults are left out. Positions start at 0. If a table
no longer has ``columns`` columns, the choice is outdated and all columns are shown.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

KEY = re.compile(r"[\w.-]{1,100}")
LONGEST_NAME = 60
LONGEST_TEXT = 300
MOST_SAVED = 30  # filters per table
MOST_TABLES = 100
MOST_COLUMNS = 100

Lists = dict[str, Any]


def chosen(lists: Lists, post: dict[str, str]) -> Lists:
    """``lists`` with the one choice in ``post`` applied; docs/pages.md ("Tables") lists the
    choices.

    Raises ValueError with a message for the user.
    """
    if "own" in post:
        return lists | {"own": post["own"] == "1"}
    key = post.get("table", "")
    if not KEY.fullmatch(key):
        raise ValueError(_("There is no such table."))
    tables = dict(lists.get("tables") or {})
    table = dict(tables.get(key) or {})
    if "hidden" in post:
        table["hidden"] = _columns(post)
    elif "save" in post:
        table["saved"] = _with_filter(table.get("saved") or [], post)
    elif "forget" in post:
        table["saved"] = [one for one in table.get("saved") or [] if one["name"] != post["forget"]]
    else:
        raise ValueError(_("Nothing was chosen."))
    tables[key] = table
    if len(tables) > MOST_TABLES:
        raise ValueError(_("Choices are kept for %d tables at most.") % MOST_TABLES)
    return lists | {"tables": tables}


def _columns(post: dict[str, str]) -> list[Any]:
    words = [post.get("columns", ""), *filter(None, post["hidden"].split(","))]
    if not all(re.fullmatch(r"[0-9]{1,3}", word) for word in words):
        raise ValueError(_("There is no such column."))
    total, *positions = map(int, words)
    # The first column identifies the row.
    if total > MOST_COLUMNS or not all(0 < one < total for one in positions):
        raise ValueError(_("There is no such column."))
    return [total, sorted(set(positions))]


def _with_filter(saved: list[Lists], post: dict[str, str]) -> list[Lists]:
    """Add a filter, sorted by name. A filter of the same name is replaced."""
    name = " ".join(post["save"].split())
    row = {"name": name, "text": post.get("text", ""), "facet": post.get("facet", "")}
    if not name:
        raise ValueError(_("Give the filter a name."))
    if len(name) > LONGEST_NAME or max(len(row["text"]), len(row["facet"])) > LONGEST_TEXT:
        raise ValueError(_("The name or the filter is too long."))
    if not row["text"].strip() and not row["facet"]:
        raise ValueError(_("Filter the table first, then save the filter."))
    others = [one for one in saved if one["name"] != name]
    if len(others) >= MOST_SAVED:
        raise ValueError(_("A table keeps %d filters. Remove one first.") % MOST_SAVED)
    return sorted([*others, row], key=lambda one: one["name"].casefold())
