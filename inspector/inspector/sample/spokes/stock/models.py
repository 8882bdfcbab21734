from decimal import Decimal

from django.db import models
from people.models import Stamped


class Supplier(models.Model):
    name = models.CharField(max_length=120, unique=True)
    website = models.URLField(blank=True)

    def __str__(self):
        return self.name


class PartQuerySet(models.QuerySet):
    def running_out(self):
        return self.filter(on_hand__lte=models.F("reorder_at"))


class Part(Stamped):
    """Something on a shelf."""

    number = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal("0.00"))
    on_hand = models.IntegerField(default=0)
    reorder_at = models.PositiveIntegerField(default=2)
    # `null` means nothing on a many-to-many relation.
    suppliers = models.ManyToManyField(Supplier, through="Offer", null=True, related_name="parts")
    fits = models.ManyToManyField("bikes.Brand", blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="never_less_than_none"),
        ]


class Offer(models.Model):
    """What a supplier asks for a part."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE)
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="offers")
    price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "part"], name="one_offer_per_supplier"),
        ]


class Movement(models.Model):
    """Parts that came in or went out; the sum is what lies on the shelf."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="movements")
    amount = models.IntegerField(help_text="Negative when parts leave the shelf.")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at"]
        get_latest_by = "at"
