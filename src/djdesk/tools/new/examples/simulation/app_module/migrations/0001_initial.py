import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Scenario",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "carbon_price",
                    models.FloatField(
                        default=80,
                        help_text="euros for a tonne in 2025",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2000),
                        ],
                        verbose_name="carbon price",
                    ),
                ),
                (
                    "growth",
                    models.FloatField(
                        default=3,
                        help_text="per cent a year",
                        validators=[
                            django.core.validators.MinValueValidator(-10),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="growth of the price",
                    ),
                ),
                (
                    "plants",
                    models.PositiveIntegerField(
                        default=500,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                    ),
                ),
                (
                    "draws",
                    models.PositiveIntegerField(
                        default=300,
                        help_text="possible futures: more of them take longer and make the range more certain",
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Year",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("emissions", models.FloatField(help_text="Mt of CO2")),
                ("emissions_low", models.FloatField()),
                ("emissions_high", models.FloatField()),
                ("cost", models.FloatField(help_text="euros for a tonne")),
                (
                    "clean",
                    models.FloatField(help_text="share of the clean technology, from 0 to 1"),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="years",
                        to="app_module.scenario",
                    ),
                ),
            ],
            options={
                "ordering": ["year"],
                "constraints": [
                    models.UniqueConstraint(fields=("scenario", "year"), name="one_result_a_year")
                ],
            },
        ),
    ]
