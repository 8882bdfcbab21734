import ctypes
import time

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from . import tasks


def home(request):
    """A form that writes to the database."""
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS typed (text)")
            cursor.execute("INSERT INTO typed VALUES (%s)", [request.POST["text"] * 1000])
        return HttpResponse("written")
    return HttpResponse(
        '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" '
        f'value="{get_token(request)}"><input name="text"></form>'
    )


def slow(request):
    time.sleep(float(request.GET["s"]))
    return HttpResponse("slow")


def gil(request):
    """Sleeps in C while holding the GIL, as a long library call may."""
    ctypes.PyDLL(None).sleep(int(float(request.GET["s"])))
    return HttpResponse("kept")


def enqueue(request):
    task = getattr(tasks, request.GET["task"])
    return HttpResponse(task.enqueue(float(request.GET["s"])).id)


def status(request):
    from django_tasks_db.models import DBTaskResult

    rows = DBTaskResult.objects.values_list("id", "status", "traceback")
    return JsonResponse({str(key): [state, traceback] for key, state, traceback in rows})
