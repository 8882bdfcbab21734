import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Bike",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("city", "City"), ("road", "Road"), ("cargo", "Cargo")],
                        default="city",
                        max_length=10,
                    ),
                ),
                ("frame_number", models.CharField(max_length=40, unique=True)),
                ("bought_on", models.DateField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="people.customer",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="bikes.brand"
                    ),
                ),
            ],
            options={
                "ordering": ["frame_number"],
            },
        ),
        migrations.CreateModel(
            name="ElectricBike",
            fields=[
                (
                    "bike_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="bikes.bike",
                    ),
                ),
                ("battery_wh", models.PositiveIntegerField(verbose_name="battery capacity in Wh")),
                ("charge_cycles", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("battery_wh__gt", 0)), name="battery_holds_something"
                    )
                ],
            },
            bases=("bikes.bike",),
        ),
    ]
