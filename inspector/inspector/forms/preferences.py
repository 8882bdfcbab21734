"""The preferences page: plain columns of the preferences row, trusted folders and backups."""

from __future__ import annotations

from pathlib import Path
from shutil import which
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from djdesk.desktop.choices import MOST_BACKUPS
from djdesk.desktop.message_translation import translated

from ..models import Preferences
from ..projects.editors import EDITORS, parse_command
from ..projects.trusted_folders import LIMIT, accept
from .open_folder import absolute


class PreferencesForm(forms.ModelForm):
    """All preferences, or only the fields in ``only``; the others keep their stored values."""

    class Meta:
        model = Preferences
        fields = [
            *("theme", "density", "language", "editor", "editor_command"),
            *("scan_limit", "section_limit", "notify", "trust"),
        ]

    def __init__(
        self, data: Any = None, *, instance: Preferences, only: list[str] | None = None
    ) -> None:
        if data is not None and only is not None:
            given = {name: data[name] for name in only if name in data}
            data = model_to_dict(instance, self.Meta.fields, exclude=only) | given
        super().__init__(data, instance=instance)

    def clean_editor(self) -> str:
        value = self.cleaned_data["editor"]
        if value and value != "custom" and value not in EDITORS:
            raise forms.ValidationError(_("Choose an editor from the list."))
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("editor") == "custom":
            try:
                parse_command(cleaned.get("editor_command") or "")
            except ValueError as error:
                self.add_error("editor_command", translated(str(error)))
        return cleaned

    @property
    def editors(self) -> list[tuple[str, str, bool]]:
        """(key, name, whether its program is installed)"""
        return [(key, name, bool(which(argv[0]))) for key, (name, argv) in EDITORS.items()]


class TrustedFolderForm(forms.Form):
    """A folder to add to ``preferences.trusted_folders``; ``save()`` adds it."""

    path = forms.CharField(
        max_length=4096,
        error_messages={"required": gettext_lazy("Enter the path of a folder.")},
    )

    def __init__(self, preferences: Preferences, data: object = None) -> None:
        super().__init__(data)
        self.preferences = preferences

    def clean_path(self) -> str:
        path: Path = absolute(self.cleaned_data["path"])
        known = self.preferences.trusted_folders
        try:
            folder = str(accept(path))
        except ValueError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if folder in known:
            raise forms.ValidationError(_("%s is on the list.") % folder)
        if len(known) >= LIMIT:
            raise forms.ValidationError(
                _("The list is full: it has %d folders. Remove one first.") % LIMIT
            )
        return folder

    def save(self) -> str:
        folder: str = self.cleaned_data["path"]
        self.preferences.trusted_folders = sorted([*self.preferences.trusted_folders, folder])
        self.preferences.save()
        return folder


class BackupsForm(forms.Form):
    backups_kept = forms.IntegerField(min_value=1, max_value=MOST_BACKUPS)
