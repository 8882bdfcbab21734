"""UPLOAD1: partial uploads are on the same disk as the finished ones."""

from __future__ import annotations

from ..rule import Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision:
    limit = context.app.data.upload_limit
    return Decision(
        f"Uploads wait in the data folder while they arrive; {limit / 1e6:.0f} MB at most.",
        {
            "FILE_UPLOAD_TEMP_DIR": str(context.data_dir / "uploads"),
            "DESKTOP_UPLOAD_LIMIT": limit,
        },
    )
