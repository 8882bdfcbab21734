"""Link to the same topic on the web. The app itself never fetches it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register


def address(topic: str, language: str) -> str:
    """``HELP_URL`` with ``{language}`` filled in and the topic appended; empty if not set."""
    base = settings.HELP_URL
    if not base or problem(base):
        return ""
    base = base.replace("{language}", language).rstrip("/")
    return f"{base}/{topic}/" if topic else f"{base}/"


def problem(base: str) -> str:
    """What is wrong with HELP_URL, or an empty string. The shell opens https addresses only."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return "is not an address"
    if parts.scheme != "https" or not parts.hostname:
        return "must be an https address"
    if parts.query or parts.fragment or parts.username or parts.password:
        return "must end with a path"
    return ""


@register
def check_help_url(app_configs: object, **options: object) -> list[Error]:
    url = getattr(settings, "HELP_URL", "")  # undefined on a server
    wrong = problem(url) if url else ""
    if not wrong:
        return []
    hint = "Correct online-help in [tool.djdesk], or leave it out: then help has no link."
    return [Error(f"HELP_URL {wrong}.", hint=hint, id="desktop.E001")]
