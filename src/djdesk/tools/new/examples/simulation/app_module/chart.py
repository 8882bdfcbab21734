"""Line charts over years, as SVG attributes for a template."""

from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 44, 20, 8, 24


@dataclass
class Line:
    """``middle``, ``low`` and ``high`` per year; low and high are optional."""

    name: str
    middle: list[float]
    low: list[float] | None = None
    high: list[float] | None = None


def chart(years: list[int], lines: list[Line]) -> dict | None:
    """Context of the template ``chart.html``; None without lines."""
    if not lines or len(years) < 2:
        return None
    top = _round_up(max(max(line.high or line.middle) for line in lines))

    def x(at: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * at / (len(years) - 1)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)

    def points(values: list[float], back: bool = False) -> str:
        found = [f"{x(at):.1f},{y(value):.1f}" for at, value in enumerate(values)]
        return " ".join(reversed(found) if back else found)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "base": HEIGHT - 6,
        "lines": [
            {
                "name": line.name,
                "number": number % 6 + 1,
                "points": points(line.middle),
                "band": f"{points(line.high)} {points(line.low, back=True)}"
                if line.low and line.high
                else "",
            }
            for number, line in enumerate(lines)
        ],
        "rows": [
            {"y": round(y(top * part / 4), 1), "text": f"{top * part / 4:g}"} for part in range(5)
        ],
        "columns": [
            {"x": round(x(at), 1), "text": year} for at, year in enumerate(years) if year % 10 == 0
        ],
    }


def _round_up(value: float) -> float:
    """Round up to a number with round quarters."""
    if value <= 0:
        return 1.0
    power = 10.0 ** ceil(log10(value) - 1)
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * power >= value)
