# ruff: noqa: E501 - source texts of projects stand in long lines
"""A project that does not load is made to load, or a next step is named."""

import json

import pytest
from projects import found_ids, german, make, scan, write

from djdesk.projects.discovery.project import find_project
from inspector.cli import COMPLETE, USAGE
from inspector.facts.install import PACKAGE, install_command, pinned
from tests.long import LONG


def runtime(root, settings="", files=None, **options):
    result = scan(make(root, files or {}, settings=settings), trust=True, **options)
    section = result["sections"]["runtime"]
    return section.get("data") or section["error"], section["ok"], result


def kinds(facts):
    return [one["kind"] for one in facts["repairs"]]


@LONG
@pytest.mark.parametrize(
    "engine",
    [
        "os.environ['DB_ENGINE']",
        "os.environ['SHOP_STORE']",
        "'django.db.backends.' + os.environ['SHOP_STORE']",
    ],
)
def test_a_placeholder_that_becomes_an_engine_is_sqlite(tmp_path, engine):
    text = f"import os\nDATABASES = {{'default': {{'ENGINE': {engine}, 'NAME': os.environ['DB_NAME']}}}}\n"
    facts, ok, _ = runtime(tmp_path, text)
    assert ok and kinds(facts) == ["placeholder"]


def test_an_engine_that_the_project_itself_names_wrongly_stays_wrong(tmp_path):
    facts, ok, _ = runtime(tmp_path, "DATABASES = {'default': {'ENGINE': 'no.engine'}}\n")
    assert not ok and "no.engine" in facts["message"] and facts["repairs"] == []


@LONG
def test_a_folder_that_version_control_leaves_out_is_made_in_the_copy(tmp_path):
    text = "import sqlite3\nsqlite3.connect(BASE_DIR / 'data' / 'tasks.sqlite3').execute('create table t (a)')\nopen(BASE_DIR / 'logs' / 'deep' / 'x.log', 'a').close()\n"
    facts, ok, result = runtime(tmp_path, text)
    assert ok and kinds(facts) == ["copy", "folder"]
    told = facts["repairs"][1]["text"]
    assert told == "data, logs/deep is not there: it was made in a private copy." and german(told)
    assert result["changed"] == [] and not (tmp_path / "data").exists()


def test_without_a_copy_the_folder_is_named(tmp_path):
    facts, ok, _ = runtime(
        tmp_path, "import os\nos.listdir(BASE_DIR / 'data')\n", private_copy=False
    )
    found = facts["diagnosis"]
    assert not ok and (found["kind"], found["names"]) == ("missing-file", ["data"])
    assert german(found["text"])


def test_a_file_that_is_missing_is_no_folder(tmp_path):
    facts, ok, _ = runtime(tmp_path, "open(BASE_DIR / 'data' / 'config.json').read()\n")
    assert not ok and "folder" not in kinds(facts)


def test_what_is_written_elsewhere_goes_to_a_scratch_folder(tmp_path):
    beside = tmp_path.parent / f"{tmp_path.name}-state"
    text = f"import os\nPLACE = {str(beside)!r}\nos.makedirs(PLACE + '/a/b', exist_ok=True)\nopen(PLACE + '/a/b/key', 'w').write('k')\nKEY = open(PLACE + '/a/b/key').read()\n"
    facts, ok, result = runtime(tmp_path, text)
    assert ok and kinds(facts) == ["scratch"] and german(facts["repairs"][0]["text"])
    rows = {one["name"]: one for one in result["sections"]["settings"]["data"]["variables"]}
    assert rows["KEY"]["value"] and not beside.exists()


@LONG
def test_other_settings_are_tried_and_told(tmp_path):
    files = {
        "shop/dev.py": "from .base import *\n",
        "shop/settings.py": "from .base import *\nimport a_module_that_is_nowhere\n",
    }
    make(tmp_path / "source")
    files["shop/base.py"] = (tmp_path / "source/shop/settings.py").read_text()
    project = tmp_path / "project"
    facts, ok, _ = runtime(project, files=files)
    make(project, files)
    (project / "shop/settings.py").write_text(files["shop/settings.py"])
    facts, ok, _ = runtime_as_is(project)
    assert ok and facts["settings_module"] in {"shop.dev", "shop.base"}
    (step,) = [one for one in facts["repairs"] if one["kind"] == "settings"]
    assert step["text"].startswith("shop.settings does not load: ") and german(step["text"])
    for name in ("dev", "base"):
        (project / f"shop/{name}.py").write_text(
            "import another_that_is_nowhere\nINSTALLED_APPS = []\n"
        )
    facts, ok, _ = runtime_as_is(project)
    # The message is about the chosen module, not about the last one tried.
    assert (
        (not ok and facts["file"] == "shop/base.py")
        or "a_module_that_is_nowhere" in facts["message"]
        or "another" in facts["message"]
    )
    assert "settings" not in kinds(facts)


def runtime_as_is(root, **options):
    result = scan(root, trust=True, **options)
    section = result["sections"]["runtime"]
    return section.get("data") or section["error"], section["ok"], result


def test_settings_that_the_user_chose_are_not_exchanged(tmp_path):
    make(tmp_path, {"shop/dev.py": "import nowhere_at_all\nINSTALLED_APPS = []\n"})
    facts, ok, _ = runtime_as_is(tmp_path, settings="shop.dev")
    assert not ok and "settings" not in kinds(facts)


def test_everything_that_is_missing_is_in_one_command(tmp_path):
    files = {
        "requirements.txt": "django\ncelery==5.4.0\nredis[hiredis]>=5,<6\nplain-thing\n",
    }
    facts, ok, _ = runtime(tmp_path, "import celery\n", files)
    text = facts["diagnosis"]["text"]
    assert not ok and german(text)
    assert ' celery==5.4.0 "redis[hiredis]>=5,<6" plain-thing)' in text


def test_a_lock_file_fixes_what_the_requirement_leaves_open(tmp_path):
    lock = 'version = 1\n[[package]]\nname = "celery"\nversion = "5.3.1"\n'
    make(tmp_path, {"requirements.txt": "celery\n", "uv.lock": lock})
    assert pinned(find_project(tmp_path), "celery") == "celery==5.3.1"


@pytest.mark.parametrize("text", ["a; rm -rf /", "$(x)", "a==1 b", "--index-url=x", "a>", 'a"b'])
def test_only_packages_get_into_a_command(text):
    assert not PACKAGE.fullmatch(text)
    assert install_command("/x/python", ["a>=1"]) == '"/x/python" -m pip install "a>=1"'


# ---- the command line

NEEDS = "import os\nMODE = os.environ['SHOP_MODE']\nassert MODE in ('full', 'small'), 'SHOP_MODE'\n"


def inspect(root, *more):
    import argparse

    from inspector import cli

    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    import sys

    words = ["inspect", str(root), "--trust", "--python", sys.executable, "--format", "json", *more]
    arguments = parser.parse_args(words)
    return arguments.run(arguments)


@LONG
def test_variables_on_the_command_line(tmp_path, capsys):
    make(tmp_path, settings=NEEDS)
    write(tmp_path, {"my.env": "# mine\nSHOP_MODE=small\nOTHER='x y'\n"})
    assert inspect(tmp_path, "--env", "SHOP_MODE=full") == COMPLETE
    assert _mode(capsys) == "'full'"
    assert inspect(tmp_path, "--env-file", str(tmp_path / "my.env")) == COMPLETE
    assert _mode(capsys) == "'small'"
    assert (
        inspect(tmp_path, "--env-file", str(tmp_path / "my.env"), "--env", "SHOP_MODE=full")
        == COMPLETE
    )
    assert _mode(capsys) == "'full'"


def _mode(capsys):
    sections = json.loads(capsys.readouterr().out)["sections"]
    rows = {one["name"]: one["value"] for one in sections["settings"]["data"]["variables"]}
    return rows["MODE"]


@pytest.mark.parametrize("text", ["NAME", "1A=b", "PATH=/x", "PYTHONPATH=/x", "=b"])
def test_variables_that_cannot_be_given(tmp_path, text, capsys):
    make(tmp_path)
    with pytest.raises(SystemExit) as ended:
        inspect(tmp_path, "--env", text)
    assert ended.value.code == USAGE and "NAME=VALUE" in capsys.readouterr().err


def test_a_file_of_variables_that_is_not_there(tmp_path, capsys):
    make(tmp_path)
    assert inspect(tmp_path, "--env-file", str(tmp_path / "gone.env")) == USAGE
    assert "gone.env cannot be read." in capsys.readouterr().err


def test_a_utf_16_file_is_named_where_python_only_says_null_bytes(tmp_path):
    make(tmp_path)
    (tmp_path / "catalog/models.py").write_bytes("x = 1\n".encode("utf-16"))
    facts, ok, result = runtime_as_is(tmp_path)
    assert not ok
    assert facts["diagnosis"]["text"] == "catalog/models.py is encoded as UTF-16: save it as UTF-8."
    assert "catalog/models.py" in found_ids(result)["runtime.not-loaded"]["text"]


STRICT = "import os\nKEY = os.environ['SHOP_KEY']\nif KEY == 'change-me':\n    raise ValueError('You must change SHOP_KEY before you start')\n"


@LONG
def test_a_value_of_the_example_file_that_the_project_refuses_is_replaced(tmp_path):
    facts, ok, _ = runtime(tmp_path, STRICT, {".env.example": "SHOP_KEY=change-me\n"})
    assert ok and kinds(facts) == ["placeholder"]


def test_an_insecure_default_that_the_project_refuses_is_replaced(tmp_path):
    text = "import os\nif os.environ.get('SHOP_SECRET_KEY', 'bad') == 'bad':\n    raise ValueError('You must change the SHOP_SECRET_KEY env variable')\n"
    facts, ok, _ = runtime(tmp_path, text)
    assert ok and kinds(facts) == ["secret-key"]


def test_an_environment_of_uv_has_no_pip(tmp_path):
    """uv creates environments without pip: the command must use uv."""
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    config = tmp_path / "env" / "pyvenv.cfg"
    config.write_text("home = /usr/bin\nuv = 0.9.1\nversion_info = 3.13.0\n")
    assert install_command(str(python), ["a"]) == f'uv pip install --python "{python}" a'
    config.write_text("home = /usr/bin\nversion = 3.13.0\n")
    assert install_command(str(python), ["a"]) == f'"{python}" -m pip install a'
