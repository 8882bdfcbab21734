from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="slug",
            field=models.SlugField(blank=True),
        ),
    ]
