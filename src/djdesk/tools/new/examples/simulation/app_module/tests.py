import numpy as np
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse
from djdesk.desktop.jobs import job

from .chart import Line, chart
from .model import YEARS, Assumptions, draw
from .models import Scenario
from .tasks import simulate


def last(price: float) -> np.ndarray:
    """Emissions, cost and clean share in the last year, averaged over some draws."""
    random = np.random.default_rng(1)
    given = Assumptions(plants=400, carbon_price=price, growth=0.03)
    return np.mean([draw(given, random)[:, -1] for _ in range(20)], axis=0)


class ModelTests(TestCase):
    def test_a_higher_carbon_price_means_less_emissions(self) -> None:
        cheap, dear = last(20), last(200)
        self.assertLess(dear[0], cheap[0] / 2)
        self.assertGreater(dear[2], 0.8)

    def test_without_a_price_the_old_technology_stays(self) -> None:
        self.assertLess(last(0)[2], 0.2)

    def test_the_same_seed_gives_the_same_future(self) -> None:
        given = Assumptions(plants=50, carbon_price=80, growth=0.03)
        first, second = (draw(given, np.random.default_rng(7)) for _ in range(2))
        np.testing.assert_array_equal(first, second)

    def test_an_empty_chart_is_none(self) -> None:
        self.assertIsNone(chart([2025, 2026], []))
        drawn = chart([2020, 2025, 2030], [Line("a", [1.0, 2.0, 3.0])])
        self.assertEqual([column["text"] for column in drawn["columns"]], [2020, 2030])


class ScenarioTests(TestCase):
    def setUp(self) -> None:
        self.client.force_login(get_user_model().objects.create_superuser("reader"))
        self.scenario = Scenario.objects.create(name="Base", plants=50, draws=10)

    def test_a_run_leaves_results_that_the_pages_show(self) -> None:
        result = simulate.call(self.scenario.pk)
        self.assertEqual(self.scenario.years.count(), len(YEARS))
        self.assertEqual(
            result["emissions 2060"], round(self.scenario.years.get(year=2060).emissions, 6)
        )
        self.assertTrue(job.file("years.csv").read_text().startswith("year,emissions"))
        page = self.client.get(reverse("scenario", args=[self.scenario.pk]))
        self.assertContains(page, "<svg")
        self.assertContains(page, "2060")
        self.assertContains(self.client.get(reverse("scenarios")), "<svg")

    def test_a_scenario_without_a_run_says_so(self) -> None:
        page = self.client.get(reverse("scenario", args=[self.scenario.pk]))
        self.assertContains(page, "no results yet")

    def test_assumptions_that_cannot_be_are_refused(self) -> None:
        answer = self.client.post(
            reverse("add"),
            {"name": "X", "carbon_price": -1, "growth": 3, "plants": 5, "draws": 10},
        )
        self.assertContains(answer, "greater than or equal to 0")
        self.assertContains(answer, "greater than or equal to 10")
        self.assertEqual(Scenario.objects.count(), 1)

    def test_nobody_sees_scenarios_without_a_login(self) -> None:
        self.client.logout()
        self.assertEqual(self.client.get(reverse("scenarios")).status_code, 302)
