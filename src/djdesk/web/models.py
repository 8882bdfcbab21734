"""Which workers are alive. No data: an export leaves it out."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """Until when the others take this worker for alive, by the clock of the database."""

    name = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    class Meta:
        # Packages check that every module can be imported, and most have no use for this app.
        app_label = "djdesk_web"

    def __str__(self) -> str:
        return self.name
