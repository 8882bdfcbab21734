"""The URL map: what belongs to the desktop first, then the app, then the page shown without one."""

from django.urls import include, path

urlpatterns = [
    path("", include("djdesk.desktop.urls")),
    path("", include("inspector.urls")),
    path("", include("djdesk.desktop.welcome")),
]
