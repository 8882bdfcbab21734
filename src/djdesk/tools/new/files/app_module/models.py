from pathlib import Path

from django.db import models


class Document(models.Model):
    title = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    file = models.FileField(upload_to="documents/")
    added = models.DateTimeField(auto_now_add=True)
    words = models.PositiveIntegerField(null=True, editable=False, help_text="empty: not counted")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_picture(self) -> bool:
        return Path(self.file.name).suffix.lower() in {".gif", ".jpeg", ".jpg", ".png", ".webp"}
