"""What the user chose for the whole app: one row."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

ONLY = 1  # the primary key of the one row


class Preferences(models.Model):
    """Times in seconds. ``editor`` is a key of ``inspector.editors.EDITORS``, ``custom`` (then
    ``editor_command`` says how), or empty for none."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "Like the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        NORMAL = "normal", "Normal"
        COMPACT = "compact", "Compact"

    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=8, choices=Density, default=Density.NORMAL)
    editor = models.CharField(max_length=20, blank=True)
    editor_command = models.CharField(max_length=500, blank=True)
    scan_limit = models.PositiveIntegerField(
        default=300, validators=[MinValueValidator(10), MaxValueValidator(7200)]
    )
    section_limit = models.PositiveIntegerField(
        default=60, validators=[MinValueValidator(5), MaxValueValidator(1800)]
    )
    notify = models.BooleanField(default=True)
    # Seconds per preset of `commands.presets`; a preset that is not here has its own.
    time_limits = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [models.CheckConstraint(condition=models.Q(pk=ONLY), name="one_preferences")]

    def __str__(self) -> str:
        return "preferences"

    @classmethod
    def load(cls) -> Preferences:
        """The stored ones, or the defaults; reading writes nothing."""
        return cls.objects.filter(pk=ONLY).first() or cls(pk=ONLY)
