"""Contrast of the tokens: AAA for body text, AA for the rest, on every surface."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import djdesk.desktop

STATIC = Path(djdesk.desktop.__file__).parent / "static" / "desktop"
SURFACES = ("surface-1", "surface-2", "surface-3")


def themes() -> dict[str, dict[str, str]]:
    light, dark = ((STATIC / name).read_text() for name in ("tokens.css", "dark.css"))
    pattern = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    return {"light": dict(pattern.findall(light)), "dark": dict(pattern.findall(dark))}


def luminance(color: str) -> float:
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(theme):
    tokens = themes()[theme]
    wanted = [("text-1", s, 7.0) for s in SURFACES]
    wanted += [("text-2", s, 7.0) for s in SURFACES[:2]]
    texts = ("text-2", "text-3", "accent", "error", "warning", "info", "ok")
    wanted += [(t, s, 4.5) for t in texts for s in SURFACES]
    wanted += [(t, f"{t}-soft", 4.5) for t in ("accent", "error", "warning", "info", "ok")]
    wanted += [("text-1", f"{t}-soft", 7.0) for t in ("error", "warning", "info", "ok")]
    wanted += [("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5)]
    wanted += [("border-strong", s, 3.0) for s in SURFACES[:2]]
    wanted += [(f"graph-{n}", s, 3.0) for n in range(1, 13) for s in SURFACES]
    bad = [
        f"{a} on {b}: {contrast(tokens[a], tokens[b]):.2f} < {least}"
        for a, b, least in wanted
        if contrast(tokens[a], tokens[b]) < least
    ]
    assert not bad


def test_every_color_exists_in_both_themes():
    both = themes()
    assert set(both["light"]) == set(both["dark"])
