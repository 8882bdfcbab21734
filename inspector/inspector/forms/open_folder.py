"""The form on the first page: which folder to open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from djdesk.desktop.message_translation import translated

if TYPE_CHECKING:
    from djdesk.projects.discovery.project import DiscoveryError


class OpenForm(forms.Form):
    """Takes a folder that should hold a Django project.

    ``discovered`` is discovery's result if valid; ``refusal`` is the DiscoveryError if the folder
    exists but is no project.
    """

    path = forms.CharField(
        max_length=4096,
        strip=True,
        error_messages={"required": gettext_lazy("Enter the path of a project folder.")},
    )

    discovered: Any = None
    refusal: DiscoveryError | None = None

    def clean_path(self) -> str:
        # Imported late: the empty form, shown on the first page at every start, does not need
        # discovery.
        from djdesk.projects.discovery.project import DiscoveryError, find_project

        path = absolute(self.cleaned_data["path"])
        try:
            if not path.exists():
                raise forms.ValidationError(_("There is nothing at %s. Check the spelling.") % path)
            if not path.is_dir():
                raise forms.ValidationError(
                    _("%(name)s is a file. Enter the folder that contains it: %(folder)s")
                    % {"name": path.name, "folder": path.parent}
                )
            self.discovered = find_project(path)
        except DiscoveryError as error:
            self.refusal = error
            raise forms.ValidationError(translated(error.reason)) from error
        except OSError as error:
            raise forms.ValidationError(
                _("%(path)s cannot be read: %(reason)s.")
                % {"path": path, "reason": error.strerror or error}
            ) from error
        return str(path)


def absolute(text: str) -> Path:
    """Make a typed or pasted path absolute. Raises ValidationError if it is not a path."""
    if "\0" in text:
        raise forms.ValidationError(_("That is not a path."))
    # Quotes come with paths pasted from a terminal or a file manager.
    text = text.strip().strip("\"'")
    text = text.removeprefix("file://") if text.startswith("file:///") else text
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise forms.ValidationError(_("That user has no home folder here.")) from error
    if not path.is_absolute():
        raise forms.ValidationError(
            _("Enter the full path, from the root of the disk or from ~ (your home folder).")
        )
    return path
