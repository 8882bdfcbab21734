"""The first page of an app that has none yet. Included last: an app's own "" comes before it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse


def welcome(request: HttpRequest) -> HttpResponse:
    try:
        admin = reverse("admin:index")
    except NoReverseMatch:
        admin = ""
    return render(request, "desktop/welcome.html", {"admin": admin})


urlpatterns = [path("", welcome, name="desktop-welcome")]
