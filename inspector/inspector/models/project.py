"""A folder that the user opened, and whether its code may be run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils import timezone

from djdesk.desktop.message_fields import MessageJSONField

if TYPE_CHECKING:
    from djdesk.projects.discovery.project import ProjectRow
    from inspector.sections.scan import DismissedRow


class ProjectQuerySet(models.QuerySet["Project"]):
    def open_folder(self, discovered: ProjectRow, *, is_sample: bool = False) -> Project:
        """The project for a folder that discovery accepted, created if it is new."""
        # Restore a project that was just removed.
        Project.everything.filter(path=discovered["root"]).update(removed=None)
        project, _ = self.get_or_create(
            path=discovered["root"],
            defaults={"name": discovered["name"], "is_sample": is_sample},
        )
        project.last_opened = timezone.now()
        project.save(update_fields=["last_opened"])
        return project

    def withdraw_inside(self, folders: list[str]) -> int:
        """Withdraw trust that came from these folders and end the projects' live scans.

        Returns the number of projects.
        """
        found = list(self.filter(trusted_inside__in=folders))
        for project in found:
            project.distrust()
            project.save()
            for running in project.scans.active().filter(trusted=True):
                running.cancel()
        return len(found)


class ProjectManager(models.Manager.from_queryset(ProjectQuerySet)):  # type: ignore[misc]
    """Projects that have not been removed."""

    def get_queryset(self) -> ProjectQuerySet:
        queryset: ProjectQuerySet = super().get_queryset().filter(removed__isnull=True)
        return queryset


class Project(models.Model):
    """One project folder. ``path`` is absolute and resolved.

    Trust covers a folder together with an interpreter. Both the chosen path of the interpreter and
    its resolved target are stored, so that a link whose target changed is not trusted.
    """

    path = models.CharField(max_length=4096, unique=True)
    name = models.CharField(max_length=255)
    is_sample = models.BooleanField(default=False)

    # Empty: use what discovery prefers.
    python = models.CharField(max_length=4096, blank=True)
    settings_module = models.CharField(max_length=255, blank=True)

    # Help for a project that does not load on its own (docs/engine.md, "Repairs"). Never holds
    # values that look like secrets: only their names are kept, to ask for them again.
    env = models.JSONField(default=dict, blank=True)
    asked_names = models.JSONField(default=list, blank=True)
    use_env_example = models.BooleanField(null=True, blank=True)
    private_copy = models.BooleanField(null=True, blank=True)

    # Names of the project's management commands that the user has marked as safe to run.
    safe_commands = models.JSONField(default=list, blank=True)

    # Findings that the user has dismissed: [{"id", "severity", "title", "reason", "when", "keys"}],
    # with keys from `facts.baseline.named` and times in ISO format.
    dismissed = MessageJSONField(default=list, blank=True)

    # The user's table layouts: see `list_choices`.
    lists = models.JSONField(default=dict, blank=True)

    # Scan again when files change, while one of the project's pages is open (see `watching`).
    watch = models.BooleanField(default=False)

    trusted_at = models.DateTimeField(null=True, blank=True)
    trusted_path = models.CharField(max_length=4096, blank=True)
    trusted_python = models.CharField(max_length=4096, blank=True)
    trusted_python_real = models.CharField(max_length=4096, blank=True)
    # The trusted folder that gave this trust; empty if the user trusted the project itself.
    trusted_inside = models.CharField(max_length=4096, blank=True)

    created = models.DateTimeField(default=timezone.now)
    last_opened = models.DateTimeField(default=timezone.now)

    # When the user removed it (see `removal`).
    removed = models.DateTimeField(null=True, blank=True)

    objects = ProjectManager()
    everything = models.Manager()  # noqa: DJ012 - the linter knows a manager by its name

    class Meta:
        ordering = ["-last_opened", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inspector:overview", args=[self.pk])

    def trust(self, python: str, inside: str = "") -> None:
        """Allow this folder's code to run with ``python``, an absolute path. ``inside``: the
        trusted folder that grants it.
        """
        self.trusted_at = timezone.now()
        self.trusted_path = os.path.realpath(self.path)
        self.trusted_python = python
        self.trusted_python_real = os.path.realpath(python)
        self.trusted_inside = inside

    def distrust(self) -> None:
        self.trusted_at = None
        self.trusted_path = self.trusted_python = self.trusted_python_real = ""
        self.trusted_inside = ""

    @property
    def is_trusted(self) -> bool:
        """Whether any interpreter was trusted, and the folder is still the same one."""
        return self.trusted_at is not None and self.trusted_path == os.path.realpath(self.path)

    def trusts(self, python: str | None) -> bool:
        """Whether the folder's code may run with exactly this interpreter."""
        return (
            self.is_trusted
            and python is not None
            and python == self.trusted_python
            and os.path.realpath(python) == self.trusted_python_real
        )

    def forget_repairs(self) -> None:
        """Drop all repairs and load the project as it is."""
        self.env, self.asked_names = {}, []
        self.use_env_example = self.private_copy = None

    @property
    def dismissed_keys(self) -> list[DismissedRow]:
        """All dismissed findings with their reasons, as rows of a baseline."""
        return [key | {"reason": one["reason"]} for one in self.dismissed for key in one["keys"]]

    @property
    def has_repairs(self) -> bool:
        return bool(self.env or self.asked_names or self.use_env_example or self.private_copy)

    @property
    def exists(self) -> bool:
        return Path(self.path).is_dir()

    @property
    def has_interpreter(self) -> bool:
        """Whether the trusted interpreter still exists."""
        return Path(self.trusted_python).is_file()
