"""PostgreSQL sequence statements on SQLite."""

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection

from djdesk.desktop.sequences import translate, watch

pytestmark = pytest.mark.django_db


def test_the_counter_of_a_table_is_asked_for_and_set(django_user_model):
    Group.objects.create(pk=41, name="a")
    with connection.execute_wrapper(translate), connection.cursor() as cursor:
        cursor.execute("SELECT last_value from auth_group_id_seq")
        assert cursor.fetchone() == (41,)
        cursor.execute("alter sequence auth_group_id_seq restart with %s", [42])
        cursor.execute("SELECT setval('auth_group_id_seq', (SELECT max(id) FROM auth_group))")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT count(*) FROM auth_group WHERE name = %s", ["a"])
        assert cursor.fetchone() == (1,)
    assert Group.objects.create(name="b").pk == 42


def test_other_statements_of_servers_still_fail():
    with (
        connection.execute_wrapper(translate),
        connection.cursor() as cursor,
        pytest.raises(OperationalError),
    ):
        cursor.execute("CREATE SEQUENCE shelf_seq")


def test_only_connections_that_stand_in_for_a_server_translate(settings):
    before = list(connection.execute_wrappers)
    try:
        watch(None, connection)
        assert connection.execute_wrappers == before
        settings.DESKTOP_REPLACED_DATABASES = ["default"]
        watch(None, connection)
        watch(None, connection)
        assert connection.execute_wrappers == [*before, translate]
    finally:
        connection.execute_wrappers[:] = before
