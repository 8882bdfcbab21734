from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inspector", "0013_findings")]

    operations = [
        # A constraint does not follow a renamed field.
        migrations.RemoveConstraint("scan", "one_active_scan_per_workspace"),
        migrations.RemoveConstraint("pastscan", "one_row_per_past_scan"),
        migrations.RenameField("scan", "project", "discovered"),
        migrations.RenameModel("Workspace", "Project"),
        *(
            migrations.RenameField(name, "workspace", "project")
            for name in ("scan", "pastscan", "command", "export")
        ),
        migrations.AddConstraint(
            "scan",
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=["queued", "running"]),
                name="one_active_scan_per_project",
            ),
        ),
        migrations.AddConstraint(
            "pastscan",
            models.UniqueConstraint(fields=["project", "number"], name="one_row_per_past_scan"),
        ),
    ]
