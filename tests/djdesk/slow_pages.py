"""The child processes' settings with pages that are slow or hold the GIL."""

import ctypes
import time

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.djdesk.child_settings import *  # noqa: F403

ROOT_URLCONF = __name__


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["s"]))
    return HttpResponse("slow")


def gil(request: HttpRequest) -> HttpResponse:
    """Sleeps in C while holding the GIL, as a long library call may."""
    ctypes.PyDLL(None).usleep(int(float(request.GET["s"]) * 1e6))
    return HttpResponse("kept")


urlpatterns = [
    path("slow/", slow),
    path("gil/", gil),
    path("", include("djdesk.desktop.urls")),
]
