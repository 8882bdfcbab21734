"""Which workers are alive. Not data: exports leave it out."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """Until when the others consider this worker alive, by the database's clock."""

    name = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    class Meta:
        # Packages are checked by importing every module, and most projects do not install this app.
        app_label = "djdesk_web"

    def __str__(self) -> str:
        return self.name
