"""ROOT_URLCONF. Under the desktop's settings the runtime's pages are there anyway."""

from django.urls import include, path

urlpatterns = [path("", include("inspector.urls"))]
