"""The export form: which kinds, from which scan, with what scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Export, Project, Scan
from ..tasks import queue_export
from .kinds import OFFERS

CHANGES = "notebook-changes"


class ExportForm(forms.Form):
    """``kinds``, ``scan`` (empty: the newest), ``before`` (only for comparisons), ``scope``."""

    kinds = forms.MultipleChoiceField(
        choices=[(key, offer.title) for key, offer in OFFERS.items()],
        error_messages={
            "required": _("Choose at least one file to create."),
            "invalid_choice": _("There is no such kind of file."),
        },
    )
    scan = forms.ModelChoiceField(
        Scan.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("That scan is no longer stored. Choose another one.")},
    )
    before = forms.ModelChoiceField(
        Scan.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("That scan is no longer stored. Choose another one.")},
    )
    scope = forms.ChoiceField(choices=[("all", ""), ("own", "")], required=False)

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scans = project.scans.with_results().order_by("-pk")
        for name in ("scan", "before"):
            self.fields[name].queryset = self.scans

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        scan = data["scan"] or self.scans.first()
        if scan is None:
            raise forms.ValidationError(_("There is no finished scan yet. Scan the project first."))
        data["scan"] = scan
        if CHANGES in data["kinds"]:
            before = data["before"] or self.scans.filter(pk__lt=scan.pk).first()
            if before is None or before == scan:
                self.add_error(
                    "before",
                    _("A comparison needs two different scans. Choose another one, or scan again."),
                )
            data["before"] = before
        return data

    def request(self) -> list[Export]:
        """Queue everything that was chosen."""
        data = self.cleaned_data
        own_only = data["scope"] == "own"
        made = []
        for kind in data["kinds"]:
            scan, before = data["scan"], None
            if kind == CHANGES:
                # Whichever order they were chosen in, the earlier scan is the old one.
                before, scan = sorted((scan, data["before"]), key=lambda s: s.pk)
            made.append(queue_export(scan, kind, own_only=own_only, compared_with=before))
        return made
