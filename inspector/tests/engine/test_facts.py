import copy

import pytest
from projects import events, make

from inspector.facts import snapshot, summarize
from inspector.facts.shape import fault
from inspector.facts.summary import counts

ERROR = {"type": "X", "message": "broke", "trace": [], "hint": "do this", "file": "a.py", "line": 3}


@pytest.fixture(scope="module")
def folded(tmp_path_factory):
    return snapshot(events(make(tmp_path_factory.mktemp("shop"))))


def texts(result):
    return [one["text"] for one in summarize(result)["warnings"]]


def section(name, source, ok, data=None):
    row = {"event": "section", "name": name, "source": source, "ok": ok, "seconds": 0.1}
    return {**row, "data": data} if ok else {**row, "error": ERROR}


def test_live_replaces_static_but_a_failure_does_not():
    one = snapshot(
        [section("urls", "static", True, {"a": 1}), section("urls", "live", True, {"a": 2})]
    )
    assert one["sections"]["urls"] == {
        "ok": True,
        "source": "live",
        "seconds": 0.1,
        "data": {"a": 2},
    }
    two = snapshot([section("urls", "static", True, {"a": 1}), section("urls", "live", False)])
    assert two["sections"]["urls"]["data"] == {"a": 1}
    assert two["sections"]["urls"]["live_error"] == ERROR


def test_counts_are_none_where_nothing_is_known(folded):
    found = summarize(folded)["counts"]
    assert (found["models"], found["checks"], found["pending"]) == (1, None, None)
    assert summarize(snapshot([]))["counts"]["models"] is None


@pytest.mark.parametrize(
    ("routes", "unresolved", "told"),
    [([], ["admin.site.urls"], None), ([], [], 0), ([{"kind": "route"}], ["x"], 1)],
)
def test_urls_that_could_not_be_followed_are_not_none_at_all(routes, unresolved, told):
    urls = {"routes": routes, "unresolved": unresolved, "errors": []}
    section = {"data": urls, "ok": True, "error": None, "source": "static"}
    assert counts({"sections": {"urls": section}})["routes"] == told


def test_a_changed_file_is_the_first_warning(folded):
    changed = {**folded, "changed": ["shop/settings.py"]}
    first = summarize(changed)["warnings"][0]
    assert first["severity"] == "error" and "changed during the scan" in first["text"]


def test_conflicts_and_failures_are_warnings(folded):
    broken = copy.deepcopy(folded)
    broken["sections"]["migrations"]["data"]["conflicts"] = {"catalog": ["0002_a", "0002_b"]}
    broken["sections"]["runtime"] = {"ok": False, "source": "live", "seconds": 0, "error": ERROR}
    found = texts(broken)
    assert "Conflicting migrations in catalog: 0002_a, 0002_b" in found
    assert "Not loaded: do this" in found


def test_models_without_migrations_are_a_warning(folded):
    assert "catalog has models but no migrations" in texts(folded)


def test_third_party_findings_are_one_line(folded):
    noisy = copy.deepcopy(folded)
    finding = {
        "id": "models.W042",
        "level": "warning",
        "msg": "m",
        "hint": None,
        "obj": "a.B",
        "origin": "third-party",
        "file": None,
        "line": None,
        "deploy": False,
        "silenced": False,
    }
    noisy["sections"]["checks"] = {
        "ok": True,
        "source": "live",
        "seconds": 0,
        "data": {"messages": [finding] * 30, "failed": [], "ran": 1, "slow": [], "silenced": []},
    }
    assert [one for one in texts(noisy) if "W042" in one] == [
        "30 findings models.W042 in third-party apps: m"
    ]


@pytest.mark.parametrize("data", [None, [], {}, {"routes": [{}], "unresolved": [], "errors": []}])
def test_a_section_of_the_wrong_shape_is_refused(data):
    assert fault("urls", data)


def test_sections_that_a_project_forges_do_not_pass(tmp_path):
    forged = (
        "import os\nfor fd in range(3, 40):\n    try:\n"
        '        os.write(fd, b\'\\n{"section": "urls", "ok": true, "data": {"routes": 5}}\\n\')\n'
        "    except OSError:\n        pass\n"
    )
    found = events(make(tmp_path, settings=forged), trust=True)
    first = next(one for one in found if one.get("name") == "urls" and one["source"] == "live")
    assert first["ok"] is False and first["error"]["type"] == "Malformed"
    summarize(snapshot(found))
