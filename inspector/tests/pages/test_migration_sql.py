"""The SQL of a migration: generated from files alone, without touching or creating a database."""

from __future__ import annotations

import sys

import pytest
from django.urls import reverse

from inspector import tasks
from inspector.engine import stages
from inspector.models import Command
from inspector.pages.sql import pieces
from inspector.run import fingerprint, sandbox

from . import data

pytestmark = pytest.mark.django_db
SQLITE = "django.db.backends.sqlite3"
FIRST = """\
from django.db import migrations, models


def fill(apps, editor):
    raise SystemExit("it ran")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel("Book", [
            ("id", models.BigAutoField(primary_key=True)),
            ("title", models.CharField(max_length=50)),
        ]),
        migrations.RunPython(fill),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunPython(fill)]),
    ]
"""
SECOND = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField("book", "isbn", models.CharField(max_length=13, default="it's")),
        migrations.AlterUniqueTogether("book", {("title", "isbn")}),
    ]
"""
THIRD = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_more")]
    operations = [migrations.AlterUniqueTogether("book", set())]
"""


@pytest.fixture
def shop(trusted, project_folder):
    """A trusted project with migrations and a missing database."""
    folder = project_folder / "shop" / "migrations"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (project_folder / "shop" / "__init__.py").touch()
    for name, text in (("0001_initial", FIRST), ("0002_more", SECOND), ("0003_less", THIRD)):
        (folder / f"{name}.py").write_text(text)
    settings = project_folder / "config" / "settings.py"
    settings.write_text(
        settings.read_text().replace("APPS = []", 'APPS = ["shop"]') + "from pathlib import Path\n"
        'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3",'
        ' "NAME": Path(__file__).parent.parent / "db.sqlite3"}}\n'
    )
    chosen = {"path": sys.executable, "chosen": True, "usable": True}
    scan = trusted.scans.create(
        status="complete", trusted=True, discovered={"interpreters": [chosen]}
    )
    rows = [
        data.migration("0001_initial"),
        data.migration("0002_more", deps=["shop.0001_initial"]),
        data.migration("0003_less", deps=["shop.0002_more"]),
    ]
    scan.sections.create(
        name="migrations", source="live", ok=True, seconds=0, data=data.migrations(*rows)
    )
    yield trusted
    for command in trusted.commands.all():
        command.output.unlink(missing_ok=True)


def ask(client, project, name, engine=SQLITE, **more):
    url = reverse("inspector:migration-sql", args=[project.pk])
    return client.post(url, {"mig": f"shop.{name}", "engine": engine, **more})


def make(client, project, name, engine=SQLITE, **more):
    """Request it like the page, and run it here like the worker."""
    response = ask(client, project, name, engine, **more)
    assert response.status_code == 302, response.content.decode()
    command = project.commands.previews().first()
    tasks.run_command.call(command.pk)
    command.refresh_from_db()
    return command, client.get(response.url).content.decode()


def test_sql_without_a_database_and_without_running_the_migration(client, shop, project_folder):
    before = fingerprint(project_folder)
    command, page = make(client, shop, "0001_initial")
    assert command.status == "done", command.reason
    text = command.output.read_text()
    assert 'CREATE TABLE "shop_book"' in text and "varchar(50)" in text
    assert text.count("Here the Python function fill runs") == 2
    assert command.changed == [] and fingerprint(project_folder) == before
    assert not (project_folder / "db.sqlite3").exists()
    assert 'class="sql-keyword">CREATE<' in page and "For SQLite" in page


def test_names_that_sqlite_looks_up_are_there(client, shop):
    command, _ = make(client, shop, "0003_less")
    assert command.status == "done", command.reason
    assert 'DROP INDEX "shop_book_title_isbn_' in command.output.read_text()


def test_the_same_files_are_asked_once_and_changed_ones_again(client, shop, project_folder):
    first, page = make(client, shop, "0002_more")
    assert "it''s" in first.output.read_text() and "depends on have changed" not in page
    ask(client, shop, "0002_more")
    assert shop.commands.previews().count() == 1
    file = project_folder / "shop" / "migrations" / "0001_initial.py"
    file.write_text(file.read_text().replace("50", "60"))
    url = reverse("inspector:migrations", args=[shop.pk])
    query = {"view": "graph", "mig": "shop.0002_more"}
    assert "depends on have changed" in client.get(url, query).content.decode()
    second, page = make(client, shop, "0002_more")
    assert "varchar(60)" in second.output.read_text() and "depends on have changed" not in page


def test_a_driver_that_is_missing_is_named(client, shop):
    command, page = make(client, shop, "0001_initial", "django.db.backends.mysql")
    assert command.status == "failed" and "MySQLdb" in command.reason
    assert "driver is not installed" in page


def test_a_migration_that_is_gone_meanwhile(client, shop, project_folder):
    (project_folder / "shop" / "migrations" / "0003_less.py").unlink()
    command, page = make(client, shop, "0003_less")
    assert command.status == "failed" and "This migration no longer exists" in page


def test_a_project_that_does_not_load_says_why(client, shop, project_folder):
    (project_folder / "config" / "settings.py").write_text("import nowhere_to_be_found\n")
    command, page = make(client, shop, "0001_initial")
    assert command.status == "failed" and "nowhere_to_be_found is missing" in command.reason, (
        command.reason
    )
    assert "The SQL could not be generated" in page


def test_it_needs_trust_to_ask_and_to_run(client, shop):
    ask(client, shop, "0001_initial")
    shop.distrust()
    shop.save()
    assert ask(client, shop, "0001_initial").status_code == 403
    command = Command.objects.get()
    tasks.run_command.call(command.pk)
    command.refresh_from_db()
    assert command.status == "failed" and "not trusted" in command.reason
    url = reverse("inspector:migrations", args=[shop.pk])
    page = client.get(url, {"view": "graph", "mig": "shop.0001_initial"}).content.decode()
    assert "the folder has to be trusted" in page and "Show SQL" not in page


@pytest.mark.parametrize("engine", ["", "os", "django.db.backends.oracle", "../x"])
def test_only_known_engines_are_loaded(client, shop, engine):
    assert ask(client, shop, "0001_initial", engine).status_code == 400
    assert not Command.objects.exists()


def test_only_known_migrations_are_asked_for(client, shop):
    assert ask(client, shop, "0009_none").status_code == 400
    url = reverse("inspector:migration-sql", args=[shop.pk])
    assert client.get(url).status_code == 405


def test_one_that_waits_is_cancelled_and_is_not_among_the_runs(client, shop):
    ask(client, shop, "0001_initial")
    command = Command.objects.get()
    assert not shop.commands.runs().exists()
    client.post(reverse("inspector:stop-command", args=[shop.pk, command.pk]))
    command.refresh_from_db()
    assert command.status == "stopped"


def test_pieces_are_the_text_again():
    text = """BEGIN;\n-- Add 'x'\nINSERT INTO "a b" VALUES (1, 'it''s', 2.5); /* x */ é - 'open"""
    found = list(pieces(text))
    assert "".join(part for _, part in found) == text
    assert ("comment", "-- Add 'x'") in found and ("string", "'it''s'") in found
    assert (
        ("keyword", "INSERT") in found and ("name", '"a b"') in found and ("number", "2.5") in found
    )


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap")
def test_where_the_sandbox_does_not_start_the_page_offers_to_do_without_it_once(
    client, shop, tmp_path, monkeypatch
):
    gone = sandbox.Sandbox("guard + bubblewrap", str(tmp_path / "none"))
    monkeypatch.setattr(stages, "detect", lambda: gone)
    command, page = make(client, shop, "0001_initial")
    assert command.status == "failed" and command.sandbox == "failed"
    assert "bubblewrap did not start, so nothing of the project was run" in page
    assert "Run it once without the sandbox" in page and 'name="without-sandbox"' in page

    command, page = make(client, shop, "0001_initial", **{"without-sandbox": "1"})
    assert command.status == "done", command.reason
    assert command.protection == "guard" and "CREATE" in page
    assert 'name="without-sandbox"' not in page

    command, page = make(client, shop, "0002_more")
    assert command.sandbox == "failed", "it was said for the other one only"
