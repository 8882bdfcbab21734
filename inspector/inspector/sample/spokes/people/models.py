from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Customer(Stamped):
    """Somebody who brings a bike."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="customer_name")]

    def __str__(self):
        return self.name

    @property
    def reachable(self):
        return bool(self.email or self.phone)


class Mechanic(models.Model):
    class Level(models.TextChoices):
        APPRENTICE = "apprentice", _("Apprentice")
        MECHANIC = "mechanic", _("Mechanic")
        MASTER = "master", _("Master")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.APPRENTICE)
    # A mentor has one apprentice at a time: OneToOneField would say so better.
    mentor = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        unique=True,
        related_name="apprentices",
    )

    def __str__(self):
        return str(self.user)
