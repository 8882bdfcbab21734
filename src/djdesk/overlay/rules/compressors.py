"""STAT2: no bundling at run time: pages reference the individual files."""

from __future__ import annotations

from ..rule import DROPPED, Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision | None:
    apps = settings.get("INSTALLED_APPS", [])
    # Precompiled files, such as Sass, have no plain file to reference; offline compression can
    # handle them.
    in_advance = settings.get("COMPRESS_PRECOMPILERS") and settings.get("COMPRESS_OFFLINE")
    if "compressor" not in apps:
        return None
    if in_advance and context.mode != "packaged":
        said = "django-compressor compiles what pages ask for."
        return Decision(said, {"COMPRESS_ENABLED": True, "COMPRESS_OFFLINE": False})
    if in_advance:
        files = "compressor.storage.CompressorFileStorage"
        return Decision(
            "django-compressor makes its files when the static files are collected.",
            {
                "COMPRESS_ROOT": context.app.root / ".djdesk" / "static",
                "COMPRESS_STORAGE": files,
                "COMPRESS_OFFLINE_MANIFEST_STORAGE": DROPPED,
                "COMPRESS_URL": DROPPED,
            },
        )
    return Decision(
        "django-compressor is off: pages load the original files.",
        # With precompilers it would still read every file, by the hashed name that pages have.
        {"COMPRESS_ENABLED": False, "COMPRESS_OFFLINE": False, "COMPRESS_PRECOMPILERS": ()},
    )
