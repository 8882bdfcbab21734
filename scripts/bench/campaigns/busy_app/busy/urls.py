from django.urls import path

from . import views

urlpatterns = [
    path("", views.home),
    path("slow/", views.slow),
    path("gil/", views.gil),
    path("enqueue/", views.enqueue),
    path("status/", views.status),
]
