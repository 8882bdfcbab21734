from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import DetailView, ListView

from bikes.models import Bike


class BikeList(LoginRequiredMixin, ListView):
    model = Bike
    paginate_by = 50


class BikeDetail(LoginRequiredMixin, DetailView):
    model = Bike
    slug_field = "frame_number"
