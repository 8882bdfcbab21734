from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector", "0009_watch")]

    operations = [
        migrations.AddField("workspace", "removed", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("export", "removed", models.DateTimeField(blank=True, null=True)),
    ]
