"""A small model of an industry over decades: plants grow old and are replaced by what is cheaper.

Each plant has a capacity, an age and one of two technologies. Every year the plants that have come
to the end of their life choose anew, by what a tonne costs with the price of carbon, and by chance.
The clean technology becomes cheaper the more of it there is. One draw is one possible future; many
draws show how sure the result is. The numbers are made up, and their proportions are plausible.
"""

from dataclasses import dataclass

import numpy as np

FIRST_YEAR, LAST_YEAR = 2025, 2060
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)

LIFE = 40  # years that a plant lasts
EMISSIONS = np.array([1.9, 0.25])  # tonnes of CO2 for a tonne of product: old, clean
COST = np.array([420.0, 610.0])  # euros for a tonne, without carbon, in the first year
LEARNING = 0.12  # the share by which the cost of the clean one falls when there is twice as much
CHANCE = 35.0  # euros: how much the choices of two plants differ


@dataclass(frozen=True)
class Assumptions:
    """``carbon_price`` in euros a tonne in the first year; ``growth`` of it, 0.04 is 4 % a year."""

    plants: int
    carbon_price: float
    growth: float


def draw(given: Assumptions, random: np.random.Generator) -> np.ndarray:
    """One possible future: for each year emissions in Mt, euros for a tonne, share of the clean
    technology. Shape ``(3, years)``."""
    capacity = random.lognormal(0.0, 0.6, given.plants)  # Mt of product a year
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
