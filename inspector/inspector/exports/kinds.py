"""What the page says about each kind of file, and how it is previewed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inspector.lab import files


@dataclass(frozen=True)
class Offer:
    """``preview``: ``html``, ``notebook``, ``tables`` or ``text``."""

    key: str
    title: str | Promise
    note: str | Promise
    preview: str

    @property
    def ending(self) -> str:
        return files.KINDS[self.key].ending


GROUPS: tuple[tuple[str | Promise, tuple[Offer, ...]], ...] = (
    (
        _("To read"),
        (
            Offer(
                "report",
                _("Report"),
                _("One HTML file with diagrams and charts, for any browser and for printing"),
                "html",
            ),
        ),
    ),
    (
        _("Notebooks for Jupyter"),
        (
            Offer(
                "notebook-overview",
                _("Overview and findings"),
                _("Numbers, findings, apps, checks"),
                "notebook",
            ),
            Offer(
                "notebook-models",
                _("Models and relations"),
                _("Hubs, widest models, what a deletion cascades to"),
                "notebook",
            ),
            Offer(
                "notebook-migrations",
                _("Migrations"),
                _("Timeline, operations, irreversible steps, drift"),
                "notebook",
            ),
            Offer(
                "notebook-urls",
                _("URLs and settings"),
                _("Routes, access, settings, environment"),
                "notebook",
            ),
            Offer(
                "notebook-changes",
                _("What changed"),
                _("Two scans side by side"),
                "notebook",
            ),
        ),
    ),
    (
        _("Data"),
        (
            Offer(
                "tables",
                _("Tables"),
                _("A ZIP of CSV files: models, fields, relations, migrations, URLs and more"),
                "tables",
            ),
            Offer("snapshot", _("Snapshot"), _("Everything, as JSON"), "text"),
        ),
    ),
    (
        _("Schema for other tools"),
        (
            Offer("mermaid", _("Mermaid"), _("For Markdown and wikis"), "text"),
            Offer("dbml", _("DBML"), _("For dbdiagram.io and similar tools"), "text"),
            Offer("dot", _("Graphviz"), _("For dot and compatible tools"), "text"),
        ),
    ),
)
OFFERS = {offer.key: offer for _title, offers in GROUPS for offer in offers}
DATA = "data"  # a file that a command wrote to the folder
