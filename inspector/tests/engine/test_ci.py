# ruff: noqa: E501 - source texts of projects stand in long lines
"""`--fail-on`, `--baseline` and SARIF, as used in CI."""

import json
import re
import sys
from pathlib import Path

import pytest
from projects import make
from test_cli_inspect import POINT

from djdesk import cli
from inspector import facts
from inspector.facts.sarif import sarif
from inspector.facts.sarif_rules import TITLES

OLD = "ALLOWED_HOSTS = ['*']\nDEBUG = False\n"
CONFLICT = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = []\n"


@pytest.fixture
def djdesk(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_installed", lambda: [POINT])

    def run(*arguments):
        code = cli.main(["inspect", *map(str, arguments), "--python", sys.executable])
        return code, *capsys.readouterr()

    return run


def conflict(root):
    for name in ("__init__", "0001_a", "0001_b"):
        file = root / f"catalog/migrations/{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text("" if name == "__init__" else CONFLICT)


def test_findings_of_the_level_and_above_fail(tmp_path, djdesk):
    root = make(tmp_path, settings=OLD)
    assert djdesk(root, "--fail-on", "error")[0] == 0
    code, _, err = djdesk(root, "--fail-on", "warning")
    assert code == 5 and "djdesk: warning: ALLOWED_HOSTS accepts every host" in err
    conflict(root)
    code, _, err = djdesk(root, "--fail-on", "error")
    assert code == 5 and err == "djdesk: error: Migrations of catalog conflict\n"


def test_what_cannot_be_seen_is_no_failure(tmp_path, djdesk):
    root = make(tmp_path, settings="INSTALLED_APPS += more()\n")
    assert djdesk(root)[0] == 4
    assert djdesk(root, "--fail-on", "error")[0] == 0
    known = tmp_path / "known.json"
    assert djdesk(root, "--write-baseline", known)[0] == 0
    assert djdesk(root, "--fail-on", "warning", "--baseline", known)[0] == 0


def test_a_project_that_does_not_load_fails(tmp_path, djdesk):
    root = make(tmp_path, settings="import nowhere_at_all\n")
    assert djdesk(root, "--trust", "--fail-on", "error")[0] == 5


def test_only_what_the_baseline_does_not_know_counts(tmp_path, djdesk):
    root = make(tmp_path / "project", settings=OLD)
    known = tmp_path / "known.json"
    assert djdesk(root, "--write-baseline", known)[0] == 0
    text = known.read_text()
    assert djdesk(root, "--fail-on", "warning", "--baseline", known)[0] == 0
    # The same finding on another line.
    settings = root / "shop/settings.py"
    settings.write_text("# a comment\n" + settings.read_text())
    assert djdesk(root, "--fail-on", "warning", "--baseline", known)[0] == 0
    conflict(root)
    code, _, err = djdesk(root, "--fail-on", "warning", "--baseline", known)
    assert code == 5 and "conflict" in err and "ALLOWED_HOSTS" not in err
    assert known.read_text() == text
    djdesk(root, "--write-baseline", known)
    assert djdesk(root, "--fail-on", "warning", "--baseline", known)[0] == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "is not JSON"),
        ("[]", "is no baseline"),
        ('{"format": 1}', "is damaged"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_baseline_makes_nothing_known(tmp_path, djdesk, text, why):
    known = tmp_path / "known.json"
    if text is not None:
        known.write_text(text)
    code, _, err = djdesk(make(tmp_path / "p"), "--fail-on", "error", "--baseline", known)
    assert code == 2 and why in err


def test_a_baseline_that_cannot_be_written_is_a_failure(tmp_path, djdesk):
    code, _, err = djdesk(make(tmp_path), "--write-baseline", tmp_path / "no" / "known.json")
    assert code == 1 and "cannot be written" in err


def test_sarif_has_a_rule_and_a_place_for_each_result(tmp_path, djdesk):
    (tmp_path / ".git").mkdir()
    root = make(tmp_path / "web site", settings=OLD)
    conflict(root)
    known = tmp_path / "known.json"
    code, out, _ = djdesk(root, "--format", "sarif")
    assert code == 0
    data = json.loads(out)
    (run,) = data["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert data["version"] == "2.1.0" and run["tool"]["driver"]["name"] == "DJDesk"
    assert run["results"] and len({one["id"] for one in rules}) == len(rules)
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"] and one["message"]["text"]
        assert one["level"] in {"error", "warning", "note"} and "baselineState" not in one
        (place,) = one["locations"]
        place = place["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("web%20site/")
        assert place["region"]["startLine"] >= 1
    prints = [one["partialFingerprints"]["djdesk/v1"] for one in run["results"]]
    assert len(set(prints)) == len(prints)
    by_rule = {one["ruleId"]: one for one in run["results"]}
    assert by_rule["migrations.conflict"]["level"] == "error"
    hosts = by_rule["settings.allowed-hosts"]["locations"][0]["physicalLocation"]
    assert hosts["artifactLocation"]["uri"] == "web%20site/shop/settings.py"
    djdesk(root, "--write-baseline", known)
    (root / "catalog/broken.py").write_text("x = (\n")
    _, out, _ = djdesk(root, "--format", "sarif", "--baseline", known)
    states = {one["ruleId"]: one["baselineState"] for one in json.loads(out)["runs"][0]["results"]}
    assert states["code.unparsable"] == "new" and states["migrations.conflict"] == "unchanged"


def test_a_rule_of_sarif_is_called_the_same_however_much_is_found(tmp_path, djdesk):
    root = make(tmp_path, settings=OLD)
    titles = []
    for name in ("one", "two"):
        (root / f"{name}.py").write_text("x = (\n")
        (run,) = json.loads(djdesk(root, "--format", "sarif")[1])["runs"]
        titles += [
            one["shortDescription"]["text"]
            for one in run["tool"]["driver"]["rules"]
            if one["id"] == "code.unparsable"
        ]
    assert titles == ["File cannot be parsed"] * 2
    # The count is given separately from each location.
    texts = [one["message"]["text"] for one in run["results"] if one["ruleId"] == "code.unparsable"]
    assert len(texts) == 2 and all(text.startswith("2 files cannot be parsed: ") for text in texts)


def test_every_kind_of_finding_has_a_title_as_a_rule():
    source = "".join(
        file.read_text("utf-8") for file in Path(facts.__file__).parent.glob("findings/*.py")
    )
    found = set(
        re.findall(r'^ +(?:yield \w+\()?f?"([a-z0-9]+(?:\.[a-z-]+)?)[:"]', source, re.MULTILINE)
    )
    computed = {f"lifecycle.{one}" for one in ("django", "python")}
    computed |= {f"checks.{one}" for one in ("error", "warning")}
    written = {one for one in found if "." in one or one == "drift"}
    assert written | computed == set(TITLES)


def test_a_place_in_an_installed_package_is_none_in_the_repository():
    """An absolute path is useless to a code host and reveals a location on this machine."""
    facts = [
        {"text": "one", "file": "/home/ada/env/lib/page.py", "line": 7},
        {"text": "two", "file": "shop/urls.py", "line": 9},
    ]
    finding = {
        "id": "source.gaps",
        "severity": "info",
        "title": "T",
        "text": "",
        "why": "",
        "facts": facts,
    }
    project = {"root": "/home/ada/shop", "manage_py": "manage.py", "settings_modules": []}
    found = sarif({"project": project, "status": "partial"}, [finding], None, "1.0")
    places = [
        (one["artifactLocation"]["uri"], one["region"]["startLine"])
        for result in found["runs"][0]["results"]
        for one in [result["locations"][0]["physicalLocation"]]
    ]
    assert places == [("manage.py", 1), ("shop/urls.py", 9)]
