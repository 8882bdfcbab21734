"""Projects and exported files that the user has removed: put aside, so that this can be undone, and
deleted some minutes later (`tasks.delete_removed`)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from . import environments, handover
from .exports import folder
from .models import Export, Preferences, Workspace

KEPT = timedelta(minutes=10)  # for which a removal can be undone


def put_aside(workspace: Workspace) -> None:
    """Off every page. What it is doing ends; values that it was given in secret are gone."""
    handover.take(workspace)
    Workspace.everything.filter(pk=workspace.pk).update(removed=timezone.now())
    for scan in workspace.scans.active():
        scan.cancel()
    for command in workspace.commands.active():
        command.stop()
    for export in workspace.exports.active():
        export.cancel()


def bring_back(pk: int) -> Workspace | None:
    """The project as it was, or None when it has been deleted meanwhile. Trust that came from a
    folder of the preferences comes back only if that is trusted still."""
    workspace = Workspace.everything.filter(pk=pk, removed__isnull=False).first()
    if workspace is None:
        return None
    workspace.removed = None
    inside = workspace.trusted_inside
    if inside and Preferences.load().holder_of(workspace.path) != inside:
        workspace.distrust()
    workspace.save()
    return workspace


def put_file_aside(export: Export) -> None:
    """Raises OSError when the file cannot be moved; then nothing has changed."""
    folder.put_aside(export.name)
    Export.everything.filter(pk=export.pk).update(removed=timezone.now())


def bring_file_back(workspace: int, pk: int) -> Export | None:
    """The line, and its file where there was one; None when they have been deleted meanwhile."""
    found = Export.everything.filter(workspace_id=workspace, pk=pk, removed__isnull=False)
    export = found.first()
    if export is None:
        return None
    folder.bring_back(export.name)
    export.removed = None
    export.save(update_fields=["removed"])
    return export


def delete_due() -> int:
    """Delete what was removed long enough ago; returns how many projects and files it was."""
    until = timezone.now() - KEPT
    workspaces = list(Workspace.everything.filter(removed__lte=until))
    for workspace in workspaces:
        for command in workspace.commands.all():
            command.output.unlink(missing_ok=True)
        for export in Export.everything.filter(workspace=workspace, removed__isnull=False):
            folder.delete_aside(export.name)
        environments.remove(workspace)
        workspace.delete()
    exports = list(Export.everything.filter(removed__lte=until))
    for export in exports:
        folder.delete_aside(export.name)
        export.delete()
    return len(workspaces) + len(exports)
