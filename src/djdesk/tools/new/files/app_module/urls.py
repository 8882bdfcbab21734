from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import path

from . import views

urlpatterns = [
    path("", views.DocumentList.as_view(), name="documents"),
    path("add/", views.DocumentCreate.as_view(), name="add"),
    path("<int:pk>/", views.DocumentUpdate.as_view(), name="edit"),
    path("count/", views.count, name="count"),
    path("progress/", views.progress, name="progress"),
    path("admin/", admin.site.urls),
    # Only with "manage.py runserver"; the desktop app serves them itself.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
