"""Generates Django projects of any size for measuring inspections. The same size
gives the same project.
"""

from __future__ import annotations

import random
from pathlib import Path

PER_APP = 10
TEXT = ["title", "name", "note", "code", "street", "city", "label", "reference"]


def generate(root: Path, models: int) -> Path:
    """A project with that many models, ten per app, with views, admin, templates and migrations."""
    chance = random.Random(models)
    apps = [f"app{number:03}" for number in range(max(1, models // PER_APP))]
    names = {app: [f"Thing{number}" for number in range(PER_APP)] for app in apps}
    write(root / "manage.py", MANAGE)
    write(root / "site_/__init__.py", "")
    listed = "".join(f'    "{app}",\n' for app in apps)
    write(root / "site_/settings.py", SETTINGS.replace("@APPS@", listed))
    includes = "".join(f'    path("{app}/", include("{app}.urls")),\n' for app in apps)
    write(root / "site_/urls.py", URLS.replace("@INCLUDES@", includes))
    for index, app in enumerate(apps):
        earlier = apps[max(0, index - 3) : index]
        _app(root / app, app, names[app], earlier, chance)
    return root


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _app(
    folder: Path, app: str, names: list[str], earlier: list[str], chance: random.Random
) -> None:
    write(folder / "__init__.py", "")
    write(folder / "migrations/__init__.py", "")
    models = ["from django.db import models\n"]
    create = []
    for number, name in enumerate(names):
        fields = [
            (word, f"models.CharField(max_length={chance.randrange(20, 200)}, blank=True)")
            for word in chance.sample(TEXT, 5)
        ]
        fields += [
            ("count", "models.PositiveIntegerField(default=0)"),
            ("made", "models.DateTimeField(auto_now_add=True)"),
            ("price", "models.DecimalField(max_digits=8, decimal_places=2, null=True)"),
        ]
        targets = [f"{app}.{names[number - 1]}"] if number else []
        targets += [f"{one}.Thing{chance.randrange(PER_APP)}" for one in earlier[-1:]]
        fields += [
            (f"link{at}", f'models.ForeignKey("{to}", models.CASCADE, related_name="+")')
            for at, to in enumerate(targets)
        ]
        body = "".join(f"    {key} = {value}\n" for key, value in fields)
        models.append(MODEL.replace("@NAME@", name).replace("@BODY@", body))
        listed = "".join(f'                ("{key}", {value}),\n' for key, value in fields)
        create.append(CREATE.replace("@NAME@", name).replace("@FIELDS@", listed))
    write(folder / "models.py", "\n\n".join(models))
    deps = "".join(f'("{one}", "0001_initial"), ' for one in earlier[-1:])
    text = MIGRATION.replace("@DEPS@", deps).replace("@OPS@", "".join(create))
    write(folder / "migrations/0001_initial.py", text)
    write(
        folder / "views.py",
        VIEWS.replace("@APP@", app)
        + "".join(VIEW.replace("@NAME@", n).replace("@APP@", app) for n in names),
    )
    routes = "".join(
        f'    path("{n.lower()}/<int:pk>/", views.{n}Detail.as_view(), name="{n.lower()}"),\n'
        for n in names
    )
    write(folder / "urls.py", APP_URLS.replace("@APP@", app).replace("@ROUTES@", routes))
    write(folder / "admin.py", ADMIN + "".join(REGISTER.replace("@NAME@", n) for n in names))
    write(folder / "tests.py", TESTS + "".join(TEST.replace("@NAME@", n) for n in names))
    write(folder / f"templates/{app}/base.html", "<title>{% block title %}{% endblock %}</title>\n")
    for name in names:
        text = TEMPLATE.replace("@APP@", app).replace("@NAME@", name.lower())
        write(folder / f"templates/{app}/{name.lower()}_detail.html", text)


MANAGE = """\
import os, sys
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
SETTINGS = """\
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "generated-for-a-measurement-and-nothing-else-0123456789-abcdef"
ALLOWED_HOSTS = []
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
    "django.contrib.sessions", "django.contrib.messages",
@APPS@]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "site_.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": ["django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
URLS = """\
from django.contrib import admin
from django.urls import include, path
urlpatterns = [
    path("admin/", admin.site.urls),
@INCLUDES@]
"""
MODEL = '''class @NAME@(models.Model):
    """One @NAME@."""

@BODY@
    class Meta:
        ordering = ["-made"]

    def __str__(self):
        return f"@NAME@ {self.pk}"

    def total(self):
        if self.price is None:
            return 0
        return self.count * self.price
'''
MIGRATION = """\
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = [@DEPS@]
    operations = [
@OPS@    ]
"""
CREATE = """        migrations.CreateModel(
            name="@NAME@",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                    verbose_name="ID")),
@FIELDS@            ],
            options={"ordering": ["-made"]},
        ),
"""
VIEWS = """\
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import DetailView
from . import models
"""
VIEW = """

class @NAME@Detail(DetailView):
    model = models.@NAME@

    def get_context_data(self, **kwargs):
        data = super().get_context_data(**kwargs)
        data["others"] = [one.title_text for one in self.more() if one.pk != self.object.pk]
        data["back"] = reverse("@APP@:thing0", args=[1])
        return data

    def more(self):
        found = models.@NAME@.objects.filter(count__gt=0)
        for one in found:
            if one.count > 10 and one.price:
                yield one
            elif one.price is None:
                continue
"""
APP_URLS = """\
from django.urls import path
from . import views
app_name = "@APP@"
urlpatterns = [
@ROUTES@]
"""
ADMIN = "from django.contrib import admin\nfrom . import models\n"
REGISTER = """

@admin.register(models.@NAME@)
class @NAME@Admin(admin.ModelAdmin):
    list_display = ["pk", "count"]
    search_fields = ["pk"]
"""
TESTS = "from django.test import TestCase\nfrom . import models\n"
TEST = """

class @NAME@Test(TestCase):
    def test_is_made(self):
        self.assertEqual(models.@NAME@(count=2, price=3).total(), 6)

    def test_without_a_price(self):
        self.assertEqual(models.@NAME@(count=2).total(), 0)
"""
TEMPLATE = """\
{% extends "@APP@/base.html" %}
{% block title %}{{ object }}{% endblock %}
<a href="{% url "@APP@:@NAME@" object.pk %}">{{ object.count }}</a>
"""
