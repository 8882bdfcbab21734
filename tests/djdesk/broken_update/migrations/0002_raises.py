from django.db import migrations


def fail(apps, schema_editor):
    raise ValueError("this data migration cannot go on")


class Migration(migrations.Migration):
    dependencies = [("broken_update", "0001_initial")]
    operations = [migrations.RunPython(fail, migrations.RunPython.noop)]
