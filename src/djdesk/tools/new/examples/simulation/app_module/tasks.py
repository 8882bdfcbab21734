"""Background work. The desktop app runs it beside the server, even while no page is open."""

import csv

import numpy as np
from django.db import transaction
from django.tasks import task
from djdesk.desktop.jobs import heavy, job

from .model import YEARS, draw
from .models import Scenario, Year

SEED = 2025


@task
@heavy(memory="512MiB", cores=1, resumable=True, title="Simulation")
def simulate(scenario: int) -> dict | None:
    """Draw possible futures of a scenario and store their median and range.

    The random numbers depend only on the scenario: after a checkpoint the same ones follow, so an
    interrupted job gives the same result as an uninterrupted one.
    """
    given = Scenario.objects.get(pk=scenario)
    random = np.random.default_rng(SEED)
    drawn: list[np.ndarray] = []
    if job.restored:
        drawn, random.bit_generator.state = job.restored
    while len(drawn) < given.draws:
        if job.cancelled:
            job.checkpoint((drawn, random.bit_generator.state))
            return None
        drawn.append(draw(given.assumptions, random))
        job.progress(len(drawn), given.draws, given.name)
        job.checkpoint((drawn, random.bit_generator.state), every=5)
    return keep(given, np.array(drawn))


def keep(scenario: Scenario, drawn: np.ndarray) -> dict:
    """Store the result: in the database for the pages, and as a table for other programs."""
    low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95], axis=0)
    years = [
        Year(
            scenario=scenario,
            year=int(year),
            emissions=middle[0, at],
            emissions_low=low[0, at],
            emissions_high=high[0, at],
            cost=middle[1, at],
            clean=middle[2, at],
        )
        for at, year in enumerate(YEARS)
    ]
    with transaction.atomic():
        scenario.years.all().delete()
        Year.objects.bulk_create(years)
    with job.file("years.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["year", "emissions", "low", "high", "cost", "clean"])
        for at, year in enumerate(YEARS):
            row = (middle[0, at], low[0, at], high[0, at], middle[1, at], middle[2, at])
            table.writerow([year, *(f"{value:.6f}" for value in row)])
    return {
        "emissions 2060": round(float(middle[0, -1]), 6),
        "cost 2060": round(float(middle[1, -1]), 6),
        "clean 2060": round(float(middle[2, -1]), 6),
    }
