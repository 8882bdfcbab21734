"""Time limits of commands, as set in the preferences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .presets import PRESETS, TIME_LIMIT, asked_limit

SHORTEST, LONGEST = 1, 86400  # seconds
OWN = "own"  # every command defined by the project


class TimeLimitsForm(forms.Form):
    """One field ``limit-<preset>`` each, in seconds. Empty means the preset's own limit."""

    def __init__(self, data: Any, stored: dict[str, float]) -> None:
        super().__init__(data, initial={f"limit-{k}": _number(v) for k, v in stored.items()})
        for key in (*PRESETS, OWN):
            self.fields[f"limit-{key}"] = forms.IntegerField(
                required=False, min_value=SHORTEST, max_value=LONGEST
            )

    @property
    def chosen(self) -> dict[str, int]:
        """The limits to store, once the form is valid."""
        found = {key: self.cleaned_data.get(f"limit-{key}") for key in (*PRESETS, OWN)}
        return {key: value for key, value in found.items() if value}

    @property
    def rows(self) -> Iterator[tuple[str, str, int, forms.BoundField]]:
        """Yield (key, title, default limit, field)."""
        for key, preset in PRESETS.items():
            yield key, preset.title, int(preset.limit or TIME_LIMIT), self[f"limit-{key}"]
        yield OWN, str(_("Commands of a project")), int(TIME_LIMIT), self[f"limit-{OWN}"]

    @property
    def asked(self) -> float | None:
        """The limit from the environment, which overrides all others."""
        return asked_limit()


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None
