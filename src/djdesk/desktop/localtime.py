"""The machine's own time zone. Django sets the process's TZ to TIME_ZONE, which would turn every
local time into UTC, in our processes and in those that they start."""

from __future__ import annotations

import os
import time
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def restore(zone: str | None) -> None:
    """Restore the TZ that the process was started with; unset it if there was none."""
    if not hasattr(time, "tzset"):
        return  # Windows: Django does not set it
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()


def written(when: datetime | None) -> str:
    """Date and time to the second, in the machine's time zone and the reader's format."""
    if when is None:
        return _("never")
    # Translators: Django's date format for a moment, see the documentation of the filter "date".
    return date_format(when.astimezone(), pgettext("date format", "Y-m-d H:i:s"), use_l10n=False)
