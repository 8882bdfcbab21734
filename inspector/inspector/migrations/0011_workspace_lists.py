from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector", "0010_removed")]

    operations = [
        migrations.AddField("workspace", "lists", models.JSONField(blank=True, default=dict)),
    ]
