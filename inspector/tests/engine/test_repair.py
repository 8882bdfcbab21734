# ruff: noqa: E501 - source texts of projects stand in long lines
"""What is assumed so that a project loads, and what never is."""

import json
import sys

import pytest
from projects import make, scan

from djdesk.projects.discovery.env_files import find_examples, parse
from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot
from tests.long import LONG

READS = "import os\nNAME = os.environ['SHOP_NAME']\nPORT = int(os.environ['SHOP_PORT'])\n"


def loaded(root, settings="", files=None, **options):
    make(root, files, settings=settings)
    result = scan(root, trust=True, **options)
    runtime = result["sections"]["runtime"]
    assert runtime["ok"], runtime["error"]
    rows = result["sections"]["settings"]["data"]["variables"]
    return runtime["data"], {one["name"]: one["value"] for one in rows}, result


def test_variables_come_from_the_example_file(tmp_path):
    files = {".env.example": "HOST=shop.test\nSHOP_NAME=${HOST}-one\nSHOP_PORT=81\n"}
    runtime, values, result = loaded(tmp_path, READS, files)
    assert (values["NAME"], values["PORT"]) == ("'shop.test-one'", "81")
    assert runtime["attempts"] == 3 and result["changed"] == []
    assert runtime["repairs"] == [
        {
            "kind": "env-example",
            "names": ["SHOP_NAME", "SHOP_PORT"],
            "file": ".env.example",
            "text": "SHOP_NAME, SHOP_PORT taken from .env.example.",
            "asked": ["SHOP_NAME", "SHOP_PORT"],
        }
    ]
    assert "SHOP_NAME, SHOP_PORT taken from .env.example." in runtime["assumed"]


def test_the_example_is_used_from_the_start_when_asked_for(tmp_path):
    files = {".env.example": "SHOP_NAME=one\nSHOP_PORT=81\nPATH=/nowhere\n"}
    runtime, values, _ = loaded(tmp_path, READS, files, use_env_example=True)
    assert runtime["attempts"] == 1 and values["PORT"] == "81"


def test_the_example_is_never_used_against_the_users_will(tmp_path):
    files = {".env.example": "SHOP_NAME=one\nSHOP_PORT=81\n"}
    runtime, values, _ = loaded(tmp_path, READS, files, use_env_example=False)
    assert {one["kind"] for one in runtime["repairs"]} == {"placeholder"}
    assert values["NAME"] == "'inspection-placeholder'" and values["PORT"] == "1"


def test_placeholders_get_the_type_that_the_code_wants(tmp_path):
    text = (
        "import json, os\nLEVEL = int(os.environ['SHOP_LEVEL'])\n"
        "RATES = json.loads(os.environ['SHOP_RATES'])\n"
    )
    runtime, values, _ = loaded(tmp_path, text)
    assert values["LEVEL"] == "1" and values["RATES"] == "{}"
    assert runtime["repairs"][0]["names"] == ["SHOP_LEVEL", "SHOP_RATES"]
    assert runtime["attempts"] == 3  # the source shows the types


@LONG
def test_placeholders_of_the_wrong_type_are_replaced(tmp_path):
    text = (
        "import json, os\nread = os.environ.__getitem__\nLEVEL = int(read('SHOP_LEVEL'))\n"
        "RATES = json.loads(read('SHOP_RATES'))\n"
    )
    runtime, values, _ = loaded(tmp_path, text)
    assert values["LEVEL"] == "1" and values["RATES"] == "{}"
    assert runtime["attempts"] == 5


def test_a_secret_key_that_is_not_set_gets_a_placeholder(tmp_path):
    text = "import os\nif 'SHOP_SECRET_KEY' not in os.environ:\n    raise ValueError('SHOP_SECRET_KEY is not set')\nSECRET_KEY = os.environ['SHOP_SECRET_KEY']\n"
    runtime, values, _ = loaded(tmp_path, text)
    assert runtime["repairs"][0]["kind"] == "secret-key"
    assert values["SECRET_KEY"] == "••••••"


def test_all_variables_of_the_example_are_given_when_none_is_named(tmp_path):
    text = "import os\nTLS = os.environ.get('REDIS_URL').startswith('rediss')\n"
    files = {"deploy/.env.example": "REDIS_URL=redis://r:6379\nEMPTY=\n"}
    runtime, values, _ = loaded(tmp_path, text, files)
    assert values["TLS"] == "False"
    assert runtime["repairs"][0]["names"] == ["REDIS_URL"]


def test_values_of_the_user_reach_the_project_and_nothing_else(tmp_path):
    text = READS + "import sys\nprint(NAME)\nSEEN = 'x' + NAME\n"
    files = {".env.example": "SHOP_NAME=one\nSHOP_PORT=81\n"}
    text = text.replace("SHOP_NAME", "SHOP_TOKEN")
    runtime, values, result = loaded(
        tmp_path, text, files, env={"SHOP_TOKEN": "sesame-open", "HOME": "/nowhere"}
    )
    assert runtime["repairs"][0] == {
        "kind": "values", "names": ["SHOP_TOKEN"], "file": None, "text": "You gave SHOP_TOKEN."
    }  # fmt: skip
    assert any("HOME cannot be set" in one for one in runtime["assumed"])
    assert values["SEEN"] == "'x••••••'"
    assert "sesame-open" not in json.dumps(result)


def test_a_secret_of_the_user_is_not_in_the_error_either(tmp_path):
    make(tmp_path, settings="import os\nraise ValueError('bad ' + os.environ['SHOP_TOKEN'])\n")
    result = scan(tmp_path, trust=True, env={"SHOP_TOKEN": "sesame-open"})
    assert not result["sections"]["runtime"]["ok"] and "sesame-open" not in json.dumps(result)


def test_a_database_file_beside_the_sources_leads_to_a_copy(tmp_path):
    text = "import sqlite3\nsqlite3.connect(BASE_DIR / 'tasks.sqlite3').execute('create table t (a)')\n"
    runtime, _, result = loaded(tmp_path, text)
    assert [one["kind"] for one in runtime["repairs"]] == ["copy"]
    assert result["changed"] == [] and not (tmp_path / "tasks.sqlite3").exists()


def test_a_write_hidden_behind_another_error_leads_to_a_copy(tmp_path):
    text = "try:\n    (BASE_DIR / 'key.pem').write_text('k')\nexcept OSError:\n    raise RuntimeError('no key') from None\n"
    runtime, _, result = loaded(tmp_path, text)
    assert runtime["attempts"] == 2 and result["changed"] == []


def test_a_private_copy_may_be_asked_for(tmp_path):
    runtime, _, _ = loaded(tmp_path, private_copy=True)
    assert runtime["attempts"] == 1 and "private copy" in runtime["assumed"][0]


def test_a_failure_that_teaches_nothing_is_tried_once(tmp_path):
    make(tmp_path, settings="1 / 0\n")
    error = scan(tmp_path, trust=True)["sections"]["runtime"]["error"]
    assert error["attempts"] == 1 and error["repairs"] == [] and error["assumed"] == []


@LONG
def test_the_loop_ends(tmp_path):
    text = "import os\nfor n in range(100):\n    os.environ[f'SHOP_PART_{n}']\n"
    make(tmp_path, settings=text)
    result = scan(tmp_path, trust=True)
    error = result["sections"]["runtime"]["error"]
    assert error["attempts"] == 14
    assert error["diagnosis"]["names"] == ["SHOP_PART_13"]
    assert error["repairs"][0]["names"][:2] == ["SHOP_PART_0", "SHOP_PART_1"]


def test_cancel_ends_the_loop(tmp_path):
    make(tmp_path, settings="import os\nfor n in range(100):\n    os.environ[f'SHOP_PART_{n}']\n")
    seen = []
    project = find_project(tmp_path, python=sys.executable)
    stream = inspect(project, Options(trust=True), lambda: len(seen) > 2)
    for event in stream:
        if event["event"] == "stage" and "Trying again" in event["text"]:
            seen.append(event)
    assert len(seen) == 3 and event["status"] == "cancelled"


def test_dotenv_files_are_read_as_shells_do():
    text = (
        "# a comment\nexport A=1 # why\nB=\"two # not\"\nC='${A}'\nD=${A}-${NONE:-x}-$B\nbroken line\n"
        'E="one\ntwo"\nLD_PRELOAD=/x.so\nF=\n'
    )
    assert parse(text) == {
        "A": "1", "B": "two # not", "C": "${A}", "D": "1-x-two # not", "E": "one\ntwo", "F": ""
    }  # fmt: skip


def test_the_real_env_file_is_not_an_example(tmp_path):
    make(tmp_path, {".env": "A=1\n", "backend/.env.sample": "B=1\n", "env.example": "C=1\n"})
    names = [one.file.name for one in find_examples(tmp_path, tmp_path)]
    assert names == ["env.example", ".env.sample"]


def test_the_snapshot_has_no_value_of_the_example(tmp_path):
    make(tmp_path, {".env.example": "SHOP_PASSWORD=hunter2hunter2\n"})
    result = snapshot(
        inspect(
            find_project(tmp_path, python=sys.executable), Options(trust=True, use_env_example=True)
        )
    )
    assert result["sections"]["runtime"]["data"]["repairs"][0]["names"] == ["SHOP_PASSWORD"]
    assert "hunter2" not in json.dumps(result)


def test_no_path_of_the_copy_is_shown(tmp_path):
    runtime, _, result = loaded(tmp_path, private_copy=True)
    assert runtime["base"] == str(tmp_path)
    assert "djdesk-inspect-" not in json.dumps(result["sections"]["runtime"])


def test_a_place_beside_the_copy_is_told_as_the_one_beside_the_project(tmp_path):
    root = tmp_path / "prøject"
    make(
        root,
        settings="from pathlib import Path\n"
        "(Path(__file__).parents[2] / 'storage' / 'info.log').open()\n",
    )
    error = scan(root, trust=True, private_copy=True)["sections"]["runtime"]["error"]
    assert str(tmp_path / "storage" / "info.log") in error["message"]
    assert "djdesk-inspect-" not in json.dumps(error)


def test_a_secret_that_is_not_kept_is_asked_for_again(tmp_path):
    make(tmp_path, settings="import os\nTOKEN = os.environ['SHOP_TOKEN']\n")
    result = scan(tmp_path, trust=True, forgotten=("SHOP_TOKEN",))
    runtime = result["sections"]["runtime"]["data"]
    assert runtime["repairs"][0]["kind"] == "forgotten"
    assert "SHOP_TOKEN" in runtime["assumed"][0] and "Give it again" in runtime["assumed"][0]
    # Given again, there is nothing to report.
    again = scan(tmp_path, trust=True, forgotten=("SHOP_TOKEN",), env={"SHOP_TOKEN": "x1y2z3"})
    kinds = [one["kind"] for one in again["sections"]["runtime"]["data"]["repairs"]]
    assert kinds == ["values"] and "x1y2z3" not in str(again)


PLACES = [("db.sqlite3", False), ("var/log.txt", False), ("/var/log.txt", True), ("../x", True)]
if sys.platform == "win32":
    PLACES += [("C:\\x.log", True), ("\\\\server\\x", True)]


@pytest.mark.parametrize(("place", "outside"), PLACES)
def test_a_place_outside_of_the_project_is_no_reason_for_a_copy(place, outside):
    from inspector.engine.repair import _outside

    assert _outside(place) is outside


def test_the_env_file_of_a_project_is_read_in_the_private_copy_too(tmp_path):
    """As for somebody who starts the project: no placeholder overrides it."""
    settings = (
        "values = dict(line.split('=') for line in (BASE_DIR / '.env').read_text().split())\n"
        "SHOP_COLOUR = values['SHOP_COLOUR']\n"
        "(BASE_DIR / 'logs').mkdir()\n"
    )
    result = scan(make(tmp_path, {".env": "SHOP_COLOUR=green\n"}, settings=settings), trust=True)
    runtime = result["sections"]["runtime"]["data"]
    assert [one["kind"] for one in runtime["repairs"]] == ["copy"]
    rows = {one["name"]: one for one in result["sections"]["settings"]["data"]["variables"]}
    assert rows["SHOP_COLOUR"]["value"] == "'green'"
