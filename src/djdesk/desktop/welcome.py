"""The first page of an app that has none yet. Included last: an app's own "" comes before it."""

from django.shortcuts import render
from django.urls import path


def welcome(request):
    return render(request, "desktop/welcome.html")


urlpatterns = [path("", welcome, name="desktop-welcome")]
