from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspector", "0015_sandbox")]

    operations = [
        migrations.RenameField("scan", "ask", "connect_to"),
        migrations.RenameField("command", "shelter", "protection"),
    ]
