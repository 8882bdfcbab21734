"""Rules of ``djdesk init`` that read settings, variables and databases: who needs them and who does
not.
"""

from __future__ import annotations

import pytest

from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.options import Options
from djdesk.projects.readiness.report import level
from djdesk.projects.readiness.rules import (
    databases,
    environment,
    settings_module,
)
from djdesk.tools.init.find import candidates
from tests.tools.init_projects import ask, find, make

POSTGRES = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}\n'


# ---- SET1


def chosen(root):
    return [
        one.module for one in settings_module.candidates(find(root, settings=None, manage=None))
    ]


def test_set1_what_runs_it_for_others_comes_before_what_its_developers_use(tmp_path):
    settings = "INSTALLED_APPS = []\n"
    wsgi = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.production")\n'
    manage = (
        "import os\nfrom django.core.management import execute_from_command_line\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.dev")\n'
    )
    files = {f"config/{name}.py": settings for name in ("base", "dev", "production", "test")}
    root = make(tmp_path, files | {"config/__init__.py": "", "manage.py": manage,
                                   "config/wsgi.py": wsgi})  # fmt: skip
    found = chosen(root)
    assert found[0] == "config.production" and "config.test" not in found
    assert found.index("config.base") < found.index("config.dev")


def test_set1_asks_where_as_much_speaks_for_several(tmp_path):
    files = {f"config/{name}.py": "INSTALLED_APPS = []\n" for name in ("prod", "production", "dev")}
    manage = (
        "import sys\nfrom django.core.management import execute_from_command_line\n"
        "execute_from_command_line(sys.argv)\n"
    )
    root = make(tmp_path, files | {"config/__init__.py": "", "manage.py": manage})
    project = find(root, settings=None, manage=None)
    asked = Questions(quiet=True)
    assert candidates(project, Options(root), asked)[0].module == "config.prod"
    assert asked.taken == ["Which settings are for users? config.prod (the default)."]
    answers = {"Which settings are for users?": "config.production"}
    first, *others = candidates(project, Options(root), Questions(False, answers=answers))
    assert first.module == "config.production"
    told = settings_module.decision(first, others, "")
    assert told.why.endswith("There is as much evidence for config.prod."), told
    # If what starts the project names one, the user is not asked.
    plain = find(make(tmp_path / "plain"), settings=None, manage=None)
    asked = Questions(quiet=True)
    assert candidates(plain, Options(root), asked)[0].module == "shop.settings"
    assert asked.taken == []


def test_set1_settings_of_one_service_are_not_production_as_such(tmp_path):
    files = {"shop/heroku.py": "from shop.settings import *\n", "Procfile": "web: x\n"}
    assert chosen(make(tmp_path, files))[0] == "shop.settings"


# ---- ENV1


def test_env1_a_variable_without_a_default_gets_a_typed_value(tmp_path):
    root = make(
        tmp_path,
        {".env.example": "SHOP_TITLE=My shop\nSHOP_TOKEN=changeme\n"},
        settings="""
            import os
            KEY = os.environ["DJANGO_SECRET_KEY"]
            LIMIT = int(os.environ["SHOP_LIMIT"])
            HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
            TITLE = os.environ["SHOP_TITLE"]
            EXPORTS = os.environ["EXPORT_DIR"]
        """,
    )
    values, decisions = ask(environment.rule, root)
    assert values == {
        "environment.DJANGO_SECRET_KEY": "{secret}",
        "environment.SHOP_LIMIT": "1",
        "environment.ALLOWED_HOSTS": "127.0.0.1",
        "environment.SHOP_TITLE": "My shop",
        "environment.EXPORT_DIR": "{data}/export_dir",
    }
    assert {one.rule for one in decisions} == {"ENV1"} and level(decisions) == "A"
    assert all(one.where.startswith("shop/settings.py:") for one in decisions)


def test_env1_one_with_a_default_or_in_a_condition_is_left_alone(tmp_path):
    root = make(
        tmp_path,
        settings="""
            import os, sys
            TITLE = os.environ.get("SHOP_TITLE", "Shop")
            if "special" in sys.argv:
                OTHER = os.environ["SHOP_OTHER"]
        """,
    )
    assert ask(environment.rule, root) == ({}, [])


def test_env1_a_given_value_is_kept_unless_it_is_a_secret(tmp_path):
    root = make(
        tmp_path,
        settings="""
            import os
            TITLE = os.environ.get("SHOP_TITLE", "Shop")
            KEY = os.environ["SHOP_API_KEY"]
        """,
    )
    given = {"SHOP_TITLE": "Ours", "SHOP_API_KEY": "abc", "UNREAD": "1"}
    values, _ = ask(environment.rule, root, given)
    assert values == {"environment.SHOP_TITLE": "Ours", "environment.SHOP_API_KEY": "{secret}"}


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("DATABASE_URL", "database", "sqlite:///app.sqlite3"),
        ("REDIS_URL", None, "redis://127.0.0.1:6379/0"),
        ("SENTRY_DSN", "url", ""),
        ("EMAIL_PORT", "int", "8000"),
        ("USE_S3", "bool", "False"),
        ("FIELD_ENCRYPTION_KEY", None, "{key}"),
        ("DJANGO_ADMIN_URL", None, "admin/"),
        ("WORKERS", "int", "1"),
        ("FEATURES", "json", "{}"),
    ],
)
def test_env1_values_by_name_and_kind(name, kind, value):
    assert environment.value_for(name, kind) == value


# ---- DB2


def test_db2_a_server_becomes_a_file_where_the_migrations_allow_it(tmp_path):
    values, decisions = ask(databases.rule, make(tmp_path, settings=POSTGRES))
    assert values == {"data.database": "sqlite"} and level(decisions) == "A"
    assert decisions[0].where == "shop/settings.py:8"


def test_db2_sqlite_is_left_alone(tmp_path):
    assert ask(databases.rule, make(tmp_path)) == ({}, [])


MIGRATION = """
    from django.contrib.postgres.{module} import {name}
    from django.db import migrations
    class Migration(migrations.Migration):
        operations = [{operation}]
"""


@pytest.mark.parametrize(
    ("module", "name", "operation"),
    [
        ("fields", "ArrayField", 'migrations.AddField("a", "b", ArrayField(base_field=None))'),
        ("fields", "HStoreField", 'migrations.AddField("a", "b", HStoreField())'),
        ("indexes", "GinIndex", 'migrations.RunSQL("CREATE INDEX a ON b USING gin (c)")'),
        ("indexes", "GinIndex", 'cursor.execute("SELECT nextval(x)")'),
    ],
)
def test_db2_a_migration_of_postgres_alone_is_named(tmp_path, module, name, operation):
    text = MIGRATION.format(module=module, name=name, operation=operation)
    root = make(tmp_path, {"shop/migrations/0002_more.py": text}, settings=POSTGRES)
    values, decisions = ask(databases.rule, root)
    assert level(decisions) == "C" and values == {}
    assert "shop.0002_more needs PostgreSQL" in decisions[0].what
    assert decisions[0].where == "shop/migrations/0002_more.py:5"


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.AddIndex("a", GinIndex(fields=["b"], name="x"))',
        "migrations.RunSQL(\"UPDATE shop_book SET title = '' WHERE title IS NULL\")",
        "TrigramExtension()",
        'migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm")',
        'postgres_only(lambda e: e.execute("DO $$ BEGIN END $$"))',
        'cursor.execute("SELECT last_value from shop_book_id_seq")',
    ],
)
def test_db2_what_sqlite_runs_or_passes_over_is_none(tmp_path, operation):
    text = MIGRATION.format(module="indexes", name="GinIndex", operation=operation)
    root = make(tmp_path, {"shop/migrations/0002_more.py": text}, settings=POSTGRES)
    assert level(ask(databases.rule, root)[1]) == "A"


def test_db2_a_project_that_names_sqlite_itself_has_run_there(tmp_path):
    operation = 'migrations.RunSQL("CREATE MATERIALIZED VIEW a AS SELECT 1")'
    text = MIGRATION.format(module="indexes", name="GinIndex", operation=operation)
    files = {"shop/migrations/0002_more.py": text}
    assert ask(databases.rule, make(tmp_path, files)) == ({}, [])
    both = "import os\nif os.environ.get('DB') == 'pg':\n    " + POSTGRES
    values, found = ask(databases.rule, make(tmp_path / "both", files, settings=both))
    assert values == {"data.database": "sqlite"} and level(found) == "A"


def test_db2_queries_of_postgres_are_a_reduction(tmp_path):
    view = "from django.contrib.postgres.search import SearchVector\n"
    root = make(tmp_path, {"shop/views.py": view}, settings=POSTGRES)
    found = ask(databases.rule, root)[1]
    assert level(found) == "B" and found[1].where == "shop/views.py:1"
