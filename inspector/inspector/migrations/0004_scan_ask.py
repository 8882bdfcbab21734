from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspector", "0003_export")]

    operations = [
        migrations.AddField("scan", "ask", models.JSONField(blank=True, default=list)),
    ]
