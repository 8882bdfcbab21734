from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector", "0008_workspace_dismissed")]

    operations = [
        migrations.AddField("workspace", "watch", models.BooleanField(default=False)),
        migrations.AddField("scan", "watched", models.BooleanField(default=False)),
        migrations.AddField("scan", "tree", models.CharField(blank=True, max_length=64)),
    ]
