from django.db import migrations
from django.utils.text import slugify


def fill_slugs(apps, schema_editor):
    customer_model = apps.get_model("people", "Customer")
    for customer in customer_model.objects.filter(slug=""):
        customer.slug = slugify(customer.name)[:50]
        customer.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_customer_slug"),
    ]

    operations = [
        migrations.RunPython(fill_slugs),
    ]
