from django.urls import path

from bikes.views import BikeDetail, BikeList

app_name = "bikes"

urlpatterns = [
    path("", BikeList.as_view(), name="list"),
    path("<slug:slug>/", BikeDetail.as_view(), name="detail"),
]
