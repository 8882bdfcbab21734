"""One model for each thing that a copy may get wrong."""

import json
import uuid

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import FileSystemStorage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


def secret():
    return FileSystemStorage(location=settings.DATA_DIR / "secret")


class Colour:
    """A value type of a third-party field."""

    def __init__(self, red: int, green: int, blue: int) -> None:
        self.parts = (red, green, blue)


class ColourField(models.CharField):
    """Stored reversed in the database, as an encrypting field would."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 30, **kwargs})

    def from_db_value(self, value, expression, connection):
        return None if value is None else Colour(*map(int, value[::-1].split(",")))

    def get_prep_value(self, value):
        if value is None:
            return None
        return ",".join(map(str, self.to_python(value).parts))[::-1]

    def to_python(self, value):
        return value if value is None or isinstance(value, Colour) else Colour(*json.loads(value))

    def value_to_string(self, obj):
        return json.dumps(self.value_from_object(obj).parts)


class Living(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(dead=False)


class Base(models.Model):
    """A multi-table parent; its manager hides rows."""

    name = models.CharField(max_length=100)
    dead = models.BooleanField(default=False)
    changed = models.DateTimeField(auto_now=True)
    partner = models.ForeignKey("self", models.SET_NULL, null=True)
    home = models.ForeignKey("Place", models.SET_NULL, null=True, related_name="+")

    objects = Living()


class Child(Base):
    friends = models.ManyToManyField("self", blank=True)
    mark = models.OneToOneField(Base, models.CASCADE, null=True, related_name="marked")


class Sleeper(Base):
    class Meta:
        proxy = True


class Place(models.Model):
    """Has a circular reference to another table."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(Base, models.CASCADE, null=True)
    members = models.ManyToManyField(Base, through="Membership", related_name="places")


class Membership(models.Model):
    place = models.ForeignKey(Place, models.CASCADE)
    base = models.ForeignKey(Base, models.CASCADE)
    role = models.TextField()


class Values(models.Model):
    code = models.CharField(max_length=20, primary_key=True)
    raw = models.BinaryField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    ratio = models.FloatField(null=True)
    big = models.BigIntegerField(null=True)
    took = models.DurationField(null=True)
    at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    hour = models.TimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    data = models.JSONField(null=True)
    special = models.JSONField(encoder=DjangoJSONEncoder, null=True)
    colour = ColourField(null=True)
    text = models.TextField(blank=True)
    double = models.GeneratedField(
        expression=models.F("big") * 2, output_field=models.BigIntegerField(), db_persist=True
    )


class Exact(models.Model):
    """More digits than SQLite stores."""

    number = models.DecimalField(max_digits=30, decimal_places=10)


class Pair(models.Model):
    pk = models.CompositePrimaryKey("left", "right")
    left = models.IntegerField()
    right = models.CharField(max_length=10)


class Tag(models.Model):
    kind = models.ForeignKey(ContentType, models.CASCADE)
    number = models.TextField()
    target = GenericForeignKey("kind", "number")
    needs = models.ForeignKey(Permission, models.CASCADE, null=True)


class Scan(models.Model):
    upload = models.FileField(upload_to="scans/%Y", blank=True)
    secret = models.FileField(storage=secret, blank=True)


class Legacy(models.Model):
    """A table that no migration creates."""

    id = models.IntegerField(primary_key=True)
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "legacy table"
