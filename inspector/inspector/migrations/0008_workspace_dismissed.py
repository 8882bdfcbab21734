from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector", "0007_without_jail")]

    operations = [
        migrations.AddField("workspace", "dismissed", models.JSONField(blank=True, default=list)),
    ]
