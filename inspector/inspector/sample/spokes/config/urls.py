from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("bikes/", include("bikes.urls")),
    path("stock/", include("stock.urls", namespace="stock")),
    path("", include("workshop.urls")),
]
