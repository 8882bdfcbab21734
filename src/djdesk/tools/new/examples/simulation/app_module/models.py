from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .model import Assumptions


class Scenario(models.Model):
    """Assumptions, and their results."""

    name = models.CharField(max_length=100, unique=True)
    carbon_price = models.FloatField(
        "carbon price",
        default=80,
        validators=[MinValueValidator(0), MaxValueValidator(2000)],
        help_text="euros for a tonne in 2025",
    )
    growth = models.FloatField(
        "growth of the price",
        default=3,
        validators=[MinValueValidator(-10), MaxValueValidator(30)],
        help_text="per cent a year",
    )
    plants = models.PositiveIntegerField(
        default=500, validators=[MinValueValidator(10), MaxValueValidator(100_000)]
    )
    draws = models.PositiveIntegerField(
        default=300,
        validators=[MinValueValidator(10), MaxValueValidator(1_000_000)],
        help_text="possible futures: more of them take longer and make the range more certain",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def assumptions(self) -> Assumptions:
        return Assumptions(self.plants, self.carbon_price, self.growth / 100)


class Year(models.Model):
    """One year of a scenario's result: the median of all draws, and the 90 % range."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    emissions = models.FloatField(help_text="Mt of CO2")
    emissions_low = models.FloatField()
    emissions_high = models.FloatField()
    cost = models.FloatField(help_text="euros for a tonne")
    clean = models.FloatField(help_text="share of the clean technology, from 0 to 1")

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "year"], name="one_result_a_year")
        ]

    @property
    def clean_percent(self) -> float:
        return self.clean * 100
