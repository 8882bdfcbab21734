from django.urls import path, re_path

from stock import views

app_name = "stock"

urlpatterns = [
    path("running-out/", views.running_out, name="running-out"),
    re_path(r"^take/(?P<number>[A-Z]{2}-\d+)/$", views.take, name="take"),
]
