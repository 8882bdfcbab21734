"""What a scope leaves out of a file, and what no file ever contains."""

from __future__ import annotations

from inspector.lab.scope import cleaned, narrowed

from ..pages import data
from .conftest import of


def test_only_what_is_the_projects_own():
    found = of(
        models=data.models(data.model("shop.Part"), data.model("auth.User", origin="django")),
        urls=data.urls(data.route("a"), data.route("b", origin="third-party")),
        packages={"packages": [{"name": "a", "direct": True}, {"name": "b", "direct": False}]},
        admin={
            "sites": [{"name": "admin", "registered": [{"origin": "django"}, {"origin": None}]}]
        },
    )
    own = narrowed(found)["sections"]
    assert [m["label"] for m in own["models"]["data"]["models"]] == ["shop.Part"]
    assert [r["pattern"] for r in own["urls"]["data"]["routes"]] == ["a"]
    assert [p["name"] for p in own["packages"]["data"]["packages"]] == ["a"]
    assert own["admin"]["data"]["sites"][0]["registered"] == [{"origin": None}]
    assert len(found["sections"]["models"]["data"]["models"]) == 2


def test_a_section_that_failed_stays_as_it_is():
    found = of()
    found["sections"]["urls"] = {"ok": False, "source": "live", "error": {"message": "x"}}
    assert narrowed(found)["sections"]["urls"]["error"] == {"message": "x"}


def test_no_unseen_character_is_left():
    assert cleaned({"a\x00": ["\u202eb\x1b[0m", 1, None, "line\nline\t"]}) == {
        "a": ["b[0m", 1, None, "line\nline\t"]
    }
    assert cleaned("\ud800x\u2066") == "x"
