from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector", "0006_preferences_time_limits")]

    operations = [
        migrations.AddField("scan", "without_jail", models.BooleanField(default=False)),
        migrations.AddField(
            "command",
            "jail",
            models.CharField(
                choices=[("wanted", "Wanted"), ("failed", "Failed"), ("waived", "Waived")],
                default="wanted",
                max_length=8,
            ),
        ),
    ]
