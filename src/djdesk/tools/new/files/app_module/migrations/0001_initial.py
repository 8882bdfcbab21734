from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("notes", models.TextField(blank=True)),
                ("file", models.FileField(upload_to="documents/")),
                ("added", models.DateTimeField(auto_now_add=True)),
                (
                    "words",
                    models.PositiveIntegerField(
                        editable=False, help_text="empty: not counted", null=True
                    ),
                ),
            ],
            options={"ordering": ["title"]},
        ),
    ]
