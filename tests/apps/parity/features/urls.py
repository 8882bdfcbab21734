from django.contrib.auth import views as auth
from django.urls import path

from . import views

app_name = "features"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", auth.LoginView.as_view(template_name="features/login.html"), name="login"),
    path("members/", views.members, name="members"),
    path("upload/", views.upload, name="upload"),
    path("works.csv", views.works_csv, name="csv"),
    path("works.pdf", views.works_pdf, name="pdf"),
    path("stream/", views.stream, name="stream"),
    path("events/", views.events, name="events"),
    path("slow/<int:seconds>/", views.slow, name="slow"),
    path("page/<slug:name>/", views.page, name="page"),
]
