"""Versions and version ranges, by major and minor number."""

from __future__ import annotations

import re


def allows(specifier: str, python: str) -> bool:
    """Whether ``>=3.10,<3.13`` (or Poetry's ``^3.10``) allows ``3.13``."""
    have = tuple(map(int, python.split(".")))
    for part in specifier.replace(" ", "").split(","):
        match = re.match(r"(>=|<=|==|~=|!=|>|<|\^|~)?(\d+)(?:\.(\d+))?", part)
        if match is None:
            continue
        sign, want = match[1] or "==", (int(match[2]), int(match[3] or 0))
        holds = {
            ">=": have >= want, "<=": have <= want, "==": have == want, "!=": have != want,
            ">": have >= want, "<": have < want, "~": have == want,
            "~=": have >= want and have[0] == want[0], "^": have >= want and have[0] == want[0],
        }  # fmt: skip
        if match[3] is None and sign == "==":
            holds["=="] = have[0] == want[0]
        if not holds[sign]:
            return False
    return True


def numbers(version: str) -> tuple[int, ...]:
    """Major and minor of ``5.2.3``; empty if the text has no numbers."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def same(version: str) -> str:
    """4.6 and 4.6.0 are the same version."""
    return re.sub(r"(\.0)+$", "", version.lower().removeprefix("v"))
