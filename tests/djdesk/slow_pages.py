"""The children's settings with pages that take long, or keep the GIL."""

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
    """Sleeps in C without giving the GIL back, as a long call of a library may."""
    ctypes.PyDLL(None).usleep(int(float(request.GET["s"]) * 1e6))
    return HttpResponse("kept")


urlpatterns = [
    path("slow/", slow),
    path("gil/", gil),
    path("", include("djdesk.desktop.urls")),
]
