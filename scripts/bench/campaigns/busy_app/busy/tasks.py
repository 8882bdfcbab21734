import time

from django.db import connection, transaction
from django.tasks import task


@task()
def quiet(seconds: float) -> str:
    """Touches no data."""
    time.sleep(seconds)
    return "done"


@task(queue_name="second")
def one_transaction(seconds: float) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS marks (at)")
        cursor.execute("INSERT INTO marks VALUES (%s)", [time.time()])
        time.sleep(seconds)
    return "done"


@task(queue_name="second")
def writer(seconds: float) -> str:
    """Writes ten times a second, each time in its own statement."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS marks (at)")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            cursor.execute("INSERT INTO marks VALUES (%s)", [str(time.time()) * 500])
            time.sleep(0.1)
    return "done"
