from django.urls import path

from . import entrance, health

urlpatterns = [
    path("health/", health.health, name="desktop-health"),
    path("desktop/code/", entrance.code, name="desktop-code"),
    path("desktop/enter/", entrance.enter, name="desktop-enter"),
]
