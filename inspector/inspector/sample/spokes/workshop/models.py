from django.db import models
from people.models import Stamped


class Service(models.Model):
    """Something on the price list."""

    name = models.CharField(max_length=120)
    minutes = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self):
        return self.name


class Job(Stamped):
    """A bike on the stand."""

    class State(models.IntegerChoices):
        WAITING = 1, "Waiting"
        ON_THE_STAND = 2, "On the stand"
        DONE = 3, "Done"
        COLLECTED = 4, "Collected"

    bike = models.ForeignKey("bikes.Bike", on_delete=models.CASCADE, related_name="jobs")
    mechanic = models.ForeignKey(
        "people.Mechanic", on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    state = models.IntegerField(choices=State.choices, default=State.WAITING, db_index=True)
    services = models.ManyToManyField(Service, related_name="jobs")
    note = models.TextField(blank=True)
    promised_for = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["promised_for", "pk"]
        permissions = [("hand_over", "Can hand a bike over to its owner")]

    @property
    def is_open(self):
        return self.state < self.State.DONE


class OpenJobManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(state__lt=Job.State.DONE)


class OpenJob(Job):
    """What the board in the workshop shows."""

    objects = OpenJobManager()

    class Meta:
        proxy = True


class JobPart(models.Model):
    """A part used for a job."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="used")
    part = models.ForeignKey("stock.Part", on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField(default=1)

    class Meta:
        unique_together = [("job", "part")]


class Invoice(Stamped):
    job = models.OneToOneField(Job, on_delete=models.PROTECT)
    number = models.CharField(max_length=20, unique=True)
    total = models.DecimalField(max_digits=10, decimal_places=2)
    paid_on = models.DateField(null=True, blank=True)
