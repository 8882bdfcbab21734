from django.contrib import admin
from django.urls import path

from . import views

urlpatterns = [
    path("", views.ScenarioList.as_view(), name="scenarios"),
    path("add/", views.ScenarioCreate.as_view(), name="add"),
    path("<int:pk>/", views.ScenarioDetail.as_view(), name="scenario"),
    path("<int:pk>/edit/", views.ScenarioUpdate.as_view(), name="edit"),
    path("<int:pk>/run/", views.run, name="run"),
    path("results/", views.results, name="results"),
    path("admin/", admin.site.urls),
]
