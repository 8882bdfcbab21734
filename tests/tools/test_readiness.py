"""The lines of the readiness report, and the resulting level."""

from __future__ import annotations

import json

import pytest

from djdesk.projects.readiness.report import Decision, as_text, from_json, level, to_json, union

QUIET = Decision("SET1", "", "shop.settings", "manage.py names it.", "manage.py:9")
REDUCED = Decision("TASK1", "B", "Celery's tasks run at once.", "There is no broker.")
BLOCKED = Decision("DB2", "C", "PostgreSQL is needed.", "", "shop/migrations/0002.py:8", "Ask.")


def test_the_worst_decision_gives_the_level_and_none_gives_the_best():
    assert level([]) == level([QUIET]) == "A"
    assert level([QUIET, REDUCED]) == "B"
    assert level([BLOCKED, QUIET, REDUCED]) == "C"
    assert level([Decision("SET1", "D", "No settings."), BLOCKED]) == "D"


def test_two_reports_become_one_with_the_gravest_first_and_nothing_twice():
    assert union([QUIET, REDUCED], [BLOCKED, REDUCED]) == [BLOCKED, REDUCED, QUIET]


def test_a_report_survives_json_and_a_strange_one_is_refused():
    report = to_json([QUIET, BLOCKED])
    assert report["level"] == "C"
    assert from_json(json.loads(json.dumps(report))) == [QUIET, BLOCKED]
    for strange in ({}, {"format": 1, "decisions": [{"rule": "X"}]}, report | {"format": 2}):
        with pytest.raises(ValueError, match="not a readiness report"):
            from_json(strange)
    odd = {"format": 1, "decisions": [{"rule": "X1", "level": "E", "what": "?"}]}
    with pytest.raises(ValueError, match="not a readiness report"):
        from_json(odd)


def test_the_text_says_place_and_remedy():
    text = as_text([QUIET, BLOCKED])
    assert text.startswith("Level C: needs these decisions from you first.")
    assert text.index("DB2") < text.index("SET1")
    assert "shop/migrations/0002.py:8" in text and "→ Ask." in text
