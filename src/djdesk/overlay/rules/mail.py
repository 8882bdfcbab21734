"""MAIL1: mail is written to a folder, because a desktop has no mail server."""

from __future__ import annotations

from typing import Any

from ..rule import DROPPED, Context, Decision, Settings

FILES = "django.core.mail.backends.filebased.EmailBackend"
OLDER = tuple(
    f"EMAIL_{name}"
    for name in (
        "BACKEND", "FILE_PATH", "HOST", "HOST_PASSWORD", "HOST_USER", "PORT", "SSL_CERTFILE",
        "SSL_KEYFILE", "TIMEOUT", "USE_SSL", "USE_TLS",
    )
)  # fmt: skip


def rule(settings: Settings, context: Context) -> Decision | None:
    if context.app.data.mail == "project":
        return Decision("Mail is sent as the project's settings say.")
    if context.mode == "test":
        return None  # Django keeps it in memory during tests
    folder = str(context.data_dir / "outbox")
    changes: dict[str, Any]
    if "MAILERS" in settings or context.django >= (6, 1):
        entry = {"BACKEND": FILES, "OPTIONS": {"file_path": folder}}
        # Empty if the project found no server: Django would then refuse to write at all.
        changes = {"MAILERS": dict.fromkeys(settings.get("MAILERS") or {"default": {}}, entry)}
        # Django refuses the older settings beside MAILERS.
        changes |= {name: DROPPED for name in OLDER if name in settings}
    else:
        changes = {"EMAIL_BACKEND": FILES, "EMAIL_FILE_PATH": folder}
        if settings.get("EMAIL_HOST", "named") in ("", None):
            changes["EMAIL_HOST"] = "localhost"  # Django's default
    return Decision("Mail is written to outbox in the data folder.", changes)
