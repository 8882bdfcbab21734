"""The primary key that Django adds to a model without one: a link to its parent, or `id`."""

from __future__ import annotations

from inspector.sections.models import Base, Field


def parent_links(parents: list[Base], fields: list[Field]) -> list[Field]:
    """One-to-one fields to those ``parents`` (bases in the snapshot) that
    ``fields`` does not link to.
    """
    links: list[Field] = []
    for parent in parents:
        linked = any(
            "rel" in field
            and field["rel"]["kind"] == "o2o"
            and field["rel"].get("parent_link")
            and field["rel"]["to"] == parent["label"]
            for field in fields
        )
        if linked or not parent["label"]:
            continue
        name = f"{parent['name'].lower()}_ptr"
        links.append(
            {
                "name": name,
                "class": "django.db.models.OneToOneField",
                "type": "OneToOneField",
                "column": f"{name}_id",
                "file": None,
                "line": None,
                "pk": not links,
                "auto": True,
                "unique": True,
                "index": True,
                "rel": {
                    "kind": "o2o",
                    "to": parent["label"],
                    "on_delete": "CASCADE",
                    "parent_link": True,
                },
            }
        )
    return links


def automatic(full: str) -> Field:
    """The field `id` of the class ``full``."""
    return {
        "name": "id",
        "class": full,
        "type": full.rpartition(".")[2],
        "column": "id",
        "file": None,
        "line": None,
        "pk": True,
        "auto": True,
        "unique": True,
        "blank": True,
    }


def automatic_class(django: str | None) -> str:
    """The class of `id` if no setting names one: Django 6.0 made BigAutoField the default."""
    major = (django or "6").partition(".")[0]
    big = not major.isdigit() or int(major) >= 6
    return "django.db.models.BigAutoField" if big else "django.db.models.AutoField"
