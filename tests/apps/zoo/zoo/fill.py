"""One row for each thing that may go wrong; run with ``manage.py shell``."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import JSONField, Value

from .models import Child, Colour, Legacy, Membership, Pair, Place, Scan, Tag, Values

KEY = uuid.UUID(int=0x1234567890ABCDEF1234567890ABCDEF)


def fill() -> None:
    place = Place.objects.create(key=KEY)
    one = Child.objects.create(name="one — Ünï ☃ \U0001f40d", home=place)
    two = Child.objects.create(name="two", dead=True, partner_id=one.pk, mark_id=one.pk)
    one.partner_id = two.pk
    one.save()
    one.friends.add(two)
    place.owner_id = two.pk
    place.save()
    Membership.objects.create(place=place, base_id=two.pk, role="host")
    # A time that auto_now would never produce during a copy.
    Child._base_manager.update(changed=datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=UTC))
    # A deleted row's number is not reused.
    Child.objects.create(name="gone").delete()
    Values.objects.create(
        code="full",
        raw=bytes(range(256)),
        price=Decimal("-123456789.125"),
        ratio=0.1 + 0.2,
        big=-(2**62),
        took=timedelta(days=-3, microseconds=7),
        at=datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
        day=date(1, 1, 1),
        hour=time(23, 59, 59, 999999),
        address="2001:db8::1",
        data={"b": [1, 2.5, None, {"a": "ö"}], "a": {"json": 1}},
        special={"at": datetime(2020, 1, 1, tzinfo=UTC), "n": Decimal("1.10")},
        colour=Colour(1, 20, 255),
        text='line\nbreak\ttab "quote" %s {} \u2028',
    )
    Values.objects.create(code="empty", raw=b"", data=[], text="")
    Values.objects.create(code="null")
    Values.objects.create(code="json null", data=Value(None, JSONField()))
    Pair.objects.create(left=1, right="x")
    group = Group.objects.create(name="keepers")
    change = Permission.objects.get(codename="change_pair")
    group.permissions.add(change)
    user = User.objects.create_user("me", password="secret")
    user.groups.add(group)
    user.user_permissions.add(Permission.objects.get(codename="add_tag"))
    Tag.objects.create(target=place, needs=change)
    Tag.objects.create(
        kind=ContentType.objects.create(app_label="former", model="thing"), number="1"
    )
    scan = Scan()
    scan.upload.save("a file é.bin", ContentFile(bytes(1000)))
    scan.secret.save("deep/key.txt", ContentFile(b"secret"))
    for place in (settings.REPORTS["folder"] / "2026" / "a.csv", settings.REPORTS["queue"]):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("a;b")
    legacy()
    Legacy.objects.create(id=7, text="old")


def legacy() -> None:
    """The table that no migration creates."""
    with connection.schema_editor() as editor:
        Legacy._meta.managed = True
        editor.create_model(Legacy)
