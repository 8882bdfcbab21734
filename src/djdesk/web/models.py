"""Which workers are alive. No data: an export leaves it out."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """Until when the others take this worker for alive, by the clock of the database."""

    name = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
