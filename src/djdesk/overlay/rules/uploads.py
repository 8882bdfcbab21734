"""UPLOAD1: partial uploads are on the same disk as the finished ones."""

from __future__ import annotations

from ..rule import Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision:
    limit = context.app.data.upload_limit
    return Decision(
        f"Uploads are buffered in the data folder. They may have up to {limit / 1e6:.0f} MB.",
        {
            "FILE_UPLOAD_TEMP_DIR": str(context.data_dir / "uploads"),
            "DESKTOP_UPLOAD_LIMIT": limit,
        },
    )
