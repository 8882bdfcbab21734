"""A start page for apps without one. Included last, so the app's own "" takes precedence."""

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
