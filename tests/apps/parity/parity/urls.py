from django.contrib import admin
from django.urls import include, path
from library import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("features/", include("features.urls")),
    path("", views.books, name="books"),
    path("books/<int:pk>/", views.book, name="book"),
]
