"""Migrations and tables in a database, compared with the files."""

from .loader import migration_loader, whole


def compare(row, alias, applied, tables):
    """Pending and ghost migrations and tables. Django's own loader decides which
    squash replaces what.
    """
    from django.apps import apps
    from django.db import router
    from django.db.migrations import loader as module

    class Recorder:
        def __init__(self, connection):
            pass

        def applied_migrations(self):
            return {key: None for key in applied}

    original = module.MigrationRecorder
    module.MigrationRecorder = Recorder
    row["applied"] = ["%s.%s" % key for key in applied]
    row["applied_count"] = len(applied)
    try:
        loader = migration_loader(object(), [])
    finally:
        module.MigrationRecorder = original
    broken = getattr(loader, "broken", set())
    pending = []
    if getattr(loader, "failure", None) is None:
        done = set(loader.applied_migrations)
        plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), True)
        pending = [key for key in plan if key not in done]
        row["pending"] = ["%s.%s" % key for key in pending]
    files = whole(loader)
    replaced = {one for migration in files.values() for one in migration.replaces}
    row["ghosts"] = [
        "%s.%s" % key
        for key in applied
        # For an app with a broken file the complete list is unknown.
        if key not in files and key not in replaced and key[0] not in broken
    ]
    failed = getattr(loader, "failure", None) is not None
    if tables is None or failed:
        return
    waiting = {app for app, _ in pending} | broken
    present = {one.lower() for one in tables}
    claimed = {"django_migrations"}
    missing = []
    state = None
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        claimed.add(meta.db_table.lower())
        if meta.proxy or not meta.managed or meta.swapped or meta.app_label in waiting:
            continue
        try:
            wanted = router.allow_migrate_model(alias, model)
        except Exception:
            wanted = False
        if row["state"] != "ok":
            continue  # nothing was applied yet
        if wanted and meta.db_table.lower() not in present:
            state = state or loader.project_state()
            if made(state, meta):
                missing.append(meta.db_table)
    row["missing_tables"] = sorted(missing)
    row["unclaimed_tables"] = sorted(
        one for one in tables if one.lower() not in claimed and not one.startswith("sqlite_")
    )


def made(state, meta):
    """Whether migrations make this table: not where a model is newer than they, or has none."""
    owner = meta.auto_created._meta if meta.auto_created else meta
    known = state.models.get((owner.app_label, owner.model_name))
    if known is None or not known.options.get("managed", True):
        return False
    if meta.auto_created:
        names = {
            one.name for one in owner.local_many_to_many if one.remote_field.through is meta.model
        }
        return bool(names & set(dict(known.fields)))
    table = known.options.get("db_table") or "%s_%s" % (meta.app_label, meta.model_name)
    return table.lower() == meta.db_table.lower()
