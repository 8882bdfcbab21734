import django.db.models.deletion
from django.db import migrations, models

import djdesk.desktop.message_fields


class Migration(migrations.Migration):
    dependencies = [("inspector", "0011_workspace_lists")]

    operations = [
        migrations.CreateModel(
            name="PastScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("finished", models.DateTimeField(null=True)),
                ("source", models.CharField(max_length=8)),
                ("git", models.JSONField(blank=True, null=True)),
                ("counts", models.JSONField(blank=True, default=dict)),
                ("findings", models.PositiveIntegerField(null=True)),
                ("compared_with", models.PositiveBigIntegerField(null=True)),
                (
                    "differences",
                    djdesk.desktop.message_fields.MessageJSONField(blank=True, default=list),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_scans",
                        to="inspector.workspace",
                    ),
                ),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.AddConstraint(
            model_name="pastscan",
            constraint=models.UniqueConstraint(
                fields=("workspace", "number"), name="one_row_per_past_scan"
            ),
        ),
    ]
