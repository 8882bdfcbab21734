from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspector", "0012_pastscan")]

    operations = [
        migrations.RenameField(model_name="scan", old_name="insights", new_name="findings"),
        migrations.RenameField(
            model_name="pastscan", old_name="findings", new_name="finding_count"
        ),
    ]
