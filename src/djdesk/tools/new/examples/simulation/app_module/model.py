"""A small model of an industry over decades: old plants are replaced by the cheaper technology.

Each plant has a capacity, an age and one of two technologies. Every year the plants at the end of
their life choose anew, by the cost of a tonne including the carbon price, and by chance. The clean
technology becomes cheaper the more it is used. One draw is one possible future; many draws show the
uncertainty. The numbers are invented but plausible in proportion.
"""

from dataclasses import dataclass

import numpy as np

FIRST_YEAR, LAST_YEAR = 2025, 2060
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)

LIFE = 40  # years that a plant lasts
EMISSIONS = np.array([1.9, 0.25])  # tonnes of CO2 per tonne of product: old, clean
COST = np.array([420.0, 610.0])  # euros per tonne without carbon, in the first year
LEARNING = 0.12  # share by which the clean technology's cost falls per doubling of capacity
CHANCE = 35.0  # euros: spread between the choices of two plants


@dataclass(frozen=True)
class Assumptions:
    """``carbon_price``: euros per tonne in the first year; ``growth``: per year, 0.04 is 4 %."""

    plants: int
    carbon_price: float
    growth: float


def draw(given: Assumptions, random: np.random.Generator) -> np.ndarray:
    """One possible future: per year emissions in Mt, euros per tonne, share of the clean
    technology. Shape ``(3, years)``."""
    capacity = random.lognormal(0.0, 0.6, given.plants)  # Mt of product per year
    age = random.integers(0, LIFE, given.plants)
    clean = (random.random(given.plants) < 0.03).astype(int)
    built = first = max(capacity[clean == 1].sum(), capacity.sum() * 0.01)
    result = np.empty((3, len(YEARS)))
    for at in range(len(YEARS)):
        cost = COST.copy()
        cost[1] *= (built / first) ** np.log2(1 - LEARNING)
        cost += EMISSIONS * given.carbon_price * (1 + given.growth) ** at
        old = age >= LIFE
        taste = random.gumbel(0.0, CHANCE, (int(old.sum()), 2))
        clean[old] = np.argmax(taste - cost, axis=1)
        built += capacity[old][clean[old] == 1].sum()
        age[old] = 0
        age += 1
        total = capacity.sum()
        result[0, at] = (capacity * EMISSIONS[clean]).sum()
        result[1, at] = (capacity * cost[clean]).sum() / total
        result[2, at] = capacity[clean == 1].sum() / total
    return result
