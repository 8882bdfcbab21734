"""MIG1: the database is migrated at startup, by the project's own ``migrate``."""

from __future__ import annotations

from ..rule import Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision | None:
    modules = settings.get("MIGRATION_MODULES") or {}
    # None disables an app's migrations, as test settings do; a user's data needs them.
    off = sorted(label for label, module in modules.items() if module is None)
    if not off or context.mode == "test":
        return None
    kept = {label: module for label, module in modules.items() if module is not None}
    return Decision(
        f"Migrations of {', '.join(off)} are switched on: data must survive an update.",
        {"MIGRATION_MODULES": kept},
    )
