"""The user's preferences for the whole app, in one row."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..projects.trusted_folders import trusted_folder_of

ONLY = 1  # primary key of that row


class Preferences(models.Model):
    """Times are in seconds. ``editor``: a key of ``inspector.projects.editors.EDITORS``,
    ``custom`` (uses ``editor_command``), or empty for none. ``trusted_folders``: absolute, resolved
    paths; a new project below one of them is trusted when it is opened.
    """

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Match system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        NORMAL = "normal", _("Normal")
        COMPACT = "compact", _("Compact")

    class Language(models.TextChoices):
        # Each in its own language, for readers who know no other.
        SYSTEM = "system", _("Match system")
        ENGLISH = "en", "English"
        GERMAN = "de", "Deutsch"

    class Trust(models.TextChoices):
        ASK = "ask", _("Ask for each folder")
        NEVER = "never", _("Never run code, only read files")

    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=8, choices=Density, default=Density.NORMAL)
    language = models.CharField(max_length=8, choices=Language, default=Language.SYSTEM)
    editor = models.CharField(max_length=20, blank=True)
    editor_command = models.CharField(max_length=500, blank=True)
    scan_limit = models.PositiveIntegerField(
        default=300, validators=[MinValueValidator(10), MaxValueValidator(7200)]
    )
    section_limit = models.PositiveIntegerField(
        default=60, validators=[MinValueValidator(5), MaxValueValidator(1800)]
    )
    notify = models.BooleanField(default=True)
    trust = models.CharField(max_length=8, choices=Trust, default=Trust.ASK)
    trusted_folders = models.JSONField(default=list, blank=True)
    # Seconds per preset of `commands.presets`; other presets use their own limit.
    time_limits = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [models.CheckConstraint(condition=models.Q(pk=ONLY), name="one_preferences")]

    def __str__(self) -> str:
        return "preferences"

    @classmethod
    def load(cls) -> Preferences:
        """The stored preferences, or the defaults; reading writes nothing."""
        return cls.objects.filter(pk=ONLY).first() or cls(pk=ONLY)

    @property
    def runs_code(self) -> bool:
        """Whether code of a trusted project may be run at all."""
        return self.trust != self.Trust.NEVER

    @property
    def trusts_folders(self) -> bool:
        """Whether opening a project may trust it automatically."""
        return self.runs_code and bool(self.trusted_folders)

    def trusted_folder_of(self, path: str) -> str:
        """The trusted folder that contains a new project, or an empty string."""
        return trusted_folder_of(self.trusted_folders, path) if self.runs_code else ""
