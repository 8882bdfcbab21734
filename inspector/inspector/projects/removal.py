"""Projects, environments and exported files the user has removed: put aside so that this can be
undone, and deleted some minutes later (`tasks.delete_removed`).
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ..exports import folder
from ..models import Export, Preferences, Project
from ..scans import secret_handoff
from . import environments

KEPT = timedelta(minutes=10)  # how long a removal can be undone


def put_aside(project: Project) -> None:
    """Hide it on every page, cancel its scans and commands, and delete its waiting secrets."""
    secret_handoff.take(project)
    Project.everything.filter(pk=project.pk).update(removed=timezone.now())
    for scan in project.scans.active():
        scan.cancel()
    for command in project.commands.active():
        command.stop()
    for export in project.exports.active():
        export.cancel()


def bring_back(pk: int) -> Project | None:
    """Restore the project; None if it has been deleted meanwhile.

    Trust that came from a trusted folder returns only if that folder is still trusted.
    """
    project = Project.everything.filter(pk=pk, removed__isnull=False).first()
    if project is None:
        return None
    project.removed = None
    inside = project.trusted_inside
    if inside and Preferences.load().trusted_folder_of(project.path) != inside:
        project.distrust()
    project.save()
    return project


def put_file_aside(export: Export) -> None:
    """Raises OSError when the file cannot be moved; nothing has changed then."""
    folder.put_aside(export.name)
    Export.everything.filter(pk=export.pk).update(removed=timezone.now())


def put_entries_aside(exports: list[Export]) -> None:
    """Put aside several exports whose files are gone; they are restored together."""
    found = Export.everything.filter(pk__in=[export.pk for export in exports])
    found.update(removed=timezone.now())


def bring_file_back(project: int, pk: int) -> list[Export]:
    """Restore the row, its file if it had one, and everything put aside together with it. Empty if
    they have been deleted meanwhile.
    """
    removed = Export.everything.filter(project_id=project, removed__isnull=False)
    one = removed.filter(pk=pk).first()
    found = list(removed.filter(removed=one.removed)) if one else []
    for export in found:
        folder.bring_back(export.name)
        export.removed = None
        export.save(update_fields=["removed"])
    return found


def delete_due() -> int:
    """Delete everything whose undo period is over; returns the number of projects and files."""
    until = timezone.now() - KEPT
    projects = list(Project.everything.filter(removed__lte=until))
    for project in projects:
        for command in project.commands.all():
            command.output.unlink(missing_ok=True)
        for export in Export.everything.filter(project=project, removed__isnull=False):
            folder.delete_aside(export.name)
        environments.remove(project)
        project.delete()
    exports = list(Export.everything.filter(removed__lte=until))
    for export in exports:
        folder.delete_aside(export.name)
        export.delete()
    return len(projects) + len(exports) + environments.delete_aside(until)
