from django.db import models
from people.models import Stamped


class Brand(models.Model):
    name = models.CharField(max_length=60, unique=True)

    def __str__(self):
        return self.name


class Bike(Stamped):
    """One bike, known by its frame number."""

    class Kind(models.TextChoices):
        CITY = "city", "City"
        ROAD = "road", "Road"
        CARGO = "cargo", "Cargo"

    owner = models.ForeignKey(
        "people.Customer", on_delete=models.PROTECT, related_name="%(class)ss"
    )
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CITY)
    frame_number = models.CharField(max_length=40, unique=True)
    bought_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["frame_number"]

    def __str__(self):
        return f"{self.brand} {self.frame_number}"


class ElectricBike(Bike):
    """A bike with a motor has a battery to look after as well."""

    battery_wh = models.PositiveIntegerField("battery capacity in Wh")
    charge_cycles = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(battery_wh__gt=0), name="battery_holds_something"
            ),
        ]
