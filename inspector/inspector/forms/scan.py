"""How a project is scanned: interpreter, settings module, values of environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from djdesk.projects.discovery.env_files import RESERVED

from ..scans.secret_handoff import is_secret
from .open_folder import absolute

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class InterpreterForm(forms.Form):
    """Which Python and which settings module to run a project with.

    ``python`` is one of the interpreters from discovery, or ``other`` with a path.
    """

    python = forms.CharField(required=False, max_length=4096)
    python_path = forms.CharField(required=False, max_length=4096)
    settings_module = forms.CharField(required=False, max_length=255)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("python") == "other":
            self._clean_other(cleaned)
        elif cleaned.get("python"):
            self._check_python(cleaned["python"], "python")
        return cleaned

    def _clean_other(self, cleaned: dict[str, Any]) -> None:
        given = cleaned.get("python_path", "")
        if not given:
            self.add_error("python_path", _("Enter the path of a Python interpreter."))
            return
        try:
            path = absolute(given)
        except forms.ValidationError as error:
            self.add_error("python_path", error)
            return
        if path.is_dir():
            path = _in_environment(path) or path
        cleaned["python"] = str(path)
        self._check_python(str(path), "python_path")

    def _check_python(self, given: str, field: str) -> None:
        path = Path(given)
        if not path.is_absolute():
            self.add_error(field, _("Enter the full path of the interpreter."))
        elif path.is_dir():
            self.add_error(field, _("%s is a folder without an interpreter in it.") % path)
        elif not path.is_file():
            self.add_error(field, _("There is no interpreter at %s.") % path)
        elif not os.access(path, os.X_OK):
            self.add_error(field, _("%s cannot be executed.") % path)

    def clean_settings_module(self) -> str:
        value = self.cleaned_data["settings_module"]
        if value and not MODULE.fullmatch(value):
            raise forms.ValidationError(
                _("Enter it as Python imports it, for example shop.settings.production.")
            )
        return value


class ValuesForm(forms.Form):
    """Values for variables that a project needs to load: one field per name.

    ``kept`` may be stored; ``passing`` (values that look secret) only reaches the next scan. An
    empty field leaves its variable unchanged.
    """

    def __init__(self, data: Any, names: list[str]) -> None:
        super().__init__(data)
        for name in names:
            self.fields[f"value-{name}"] = forms.CharField(
                required=False, max_length=8192, strip=False, label=name
            )
        self.names = names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {name: cleaned.get(f"value-{name}") or "" for name in self.names}
        self.given = {name: value for name, value in given.items() if value}
        for name in self.given:
            if not VARIABLE.fullmatch(name) or RESERVED.match(name):
                self.add_error(
                    None, _("%s decides how programs start and cannot be set here.") % name
                )
        if not self.given and not self.errors:
            self.add_error(None, _("Enter at least one value."))
        return cleaned

    @property
    def kept(self) -> dict[str, str]:
        return {name: v for name, v in self.given.items() if not is_secret(name, v)}

    @property
    def passing(self) -> dict[str, str]:
        return {name: v for name, v in self.given.items() if is_secret(name, v)}


def _in_environment(folder: Path) -> Path | None:
    """The interpreter of a virtual environment that was given as a folder."""
    for inside in ("bin/python", "Scripts/python.exe"):
        if (folder / inside).is_file():
            return folder / inside
    return None
