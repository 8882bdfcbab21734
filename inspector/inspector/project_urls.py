"""ROOT_URLCONF. The desktop overlay adds the runtime's own pages around it."""

from django.urls import include, path

urlpatterns = [path("", include("inspector.urls"))]
