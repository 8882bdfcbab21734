"""Preferences that are not plain columns of the preferences row."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from djdesk.desktop.choices import MOST_BACKUPS

from .forms import absolute
from .models import Preferences
from .trusted_folders import LIMIT, accept


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
