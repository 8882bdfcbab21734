from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, DetailView, ListView, UpdateView
from djdesk.desktop.live import event_stream

from .chart import Line, chart
from .models import Scenario, Year
from .tasks import simulate


class ScenarioList(LoginRequiredMixin, ListView):
    queryset = Scenario.objects.prefetch_related("years")

    def get_context_data(self, **kwargs):
        done = [(one, list(one.years.all())) for one in self.object_list]
        lines = [Line(one.name, [year.emissions for year in years]) for one, years in done if years]
        shown = next(([year.year for year in years] for _, years in done if years), [])
        rows = [(one, years[-1] if years else None) for one, years in done]
        return super().get_context_data(chart=chart(shown, lines), rows=rows, **kwargs)


class ScenarioDetail(LoginRequiredMixin, DetailView):
    model = Scenario

    def get_context_data(self, **kwargs):
        years = list(self.object.years.all())
        line = Line(
            self.object.name,
            [year.emissions for year in years],
            [year.emissions_low for year in years],
            [year.emissions_high for year in years],
        )
        drawn = chart([year.year for year in years], [line] if years else [])
        return super().get_context_data(chart=drawn, years=years, **kwargs)


class ScenarioForm(LoginRequiredMixin):
    model = Scenario
    fields = ["name", "carbon_price", "growth", "plants", "draws"]

    def get_success_url(self) -> str:
        return reverse("scenario", args=[self.object.pk])


class ScenarioCreate(ScenarioForm, CreateView):
    pass


class ScenarioUpdate(ScenarioForm, UpdateView):
    pass


@login_required
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = get_object_or_404(Scenario, pk=pk)
    simulate.enqueue(scenario.pk)
    messages.success(request, f"“{scenario}” is queued. The results appear here when it is done.")
    return redirect("scenario", pk)


@login_required
def results(request: HttpRequest) -> HttpResponse:
    """An event stream: one event per new result."""

    def changes(before):
        now = list(Year.objects.filter(year=2060).values_list("pk", flat=True))
        return now, [("results", now)] if before is not None and now != before else []

    return event_stream(request, changes)
