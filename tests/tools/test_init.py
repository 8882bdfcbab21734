"""``djdesk init`` as a whole: the project is not changed, and the result is an app."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from djdesk.app import load
from djdesk.projects.readiness import decide as module
from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.options import Options
from djdesk.projects.readiness.report import Decision
from djdesk.tools.desktop import environment
from djdesk.tools.init.dependencies import install, resolve
from tests.long import LONG
from tests.tools.init_projects import here, init, look_at, make, state

__all__ = ["here"]


def test_out_makes_an_app_and_leaves_the_project_as_it_is(tmp_path, here, capsys):
    root = make(
        tmp_path / "Mein Läden" / "shop",
        {"shop/celery.py": "", ".gitignore": "db\n"},
        settings="""
            import os
            KEY = os.environ["SHOP_KEY"]
            TITLE = os.environ["SHOP" + "_TITLE"]
            EXPORTS = BASE_DIR / "var" / "exports"
            DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
        """,
    )
    before, out = state(root), tmp_path / "Mein Läden" / "shop-desktop"
    assert init(root, "--out", out, "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert state(root) == before
    assert report["level"] == "A" and report == json.loads((out / "readiness.json").read_text())
    load.cache_clear()
    app = load(out)
    assert app.project == root and app.settings == "shop.settings" and app.slug == "shop"
    # The second is known only after the settings asked for it.
    assert app.environment == {"SHOP_KEY": "{secret}", "SHOP_TITLE": ""}
    assert app.data.database == "sqlite" and app.data.move == ("EXPORTS",)

    data = tmp_path / "data"
    script = (
        "from django.core.management import call_command as c; import django; django.setup()\n"
        "c('migrate', verbosity=0); from django.test import Client; from django.conf import "
        "settings as s\nanswer = Client().get('/', headers={'host': '127.0.0.1'})\n"
        "print(answer.status_code, s.EXPORTS)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False,
        env=environment(app, "test", data), cwd=root,
    )  # fmt: skip
    assert done.stdout.split()[:1] == ["200"], done.stderr
    assert str(data) in done.stdout and state(root) == before


def test_a_report_runs_nothing_and_writes_nothing(tmp_path, capsys):
    root = make(tmp_path / "shop", {"shop/trap.py": "raise SystemExit\n"},
                settings="from shop import trap\n")  # fmt: skip
    before = state(tmp_path)
    assert init(root, "--report-only") == 0
    assert "SET1   The settings are shop.settings" in capsys.readouterr().out
    assert state(tmp_path) == before


def test_only_files_that_a_rule_asks_for_are_parsed(tmp_path, capsys):
    """Parsing takes longer than everything else together."""
    files = {f"shop/part{n}.py": f"def part():\n    return {n}\n" for n in range(20)}
    migration = "migrations.RunSQL('create sequence x')\n"
    files |= {"shop/migrations/0001_initial.py": migration}
    settings = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
    root = make(tmp_path / "shop", files, settings=settings)
    look = look_at(root)
    found = module.decided(
        look.project, Options(root), Questions(quiet=True), look.project.settings
    )
    assert any(one.where == "shop/migrations/0001_initial.py:1" for one in found.decisions)
    parsed = {file.name for file in found.look.tree.by_file}
    assert not [name for name in parsed if name.startswith("part")], parsed


def test_settings_that_do_not_load_give_way_to_others_and_it_is_said(tmp_path, here, capsys):
    files = {
        "shop/production.py": "from shop.settings import *\nimport not_there\n",
        "shop/wsgi.py": 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "shop.production"\n',
    }
    root = make(tmp_path / "shop", files)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["decisions"]
    (said,) = [row for row in rows if row["rule"] == "SET1"]
    assert said["what"] == "The settings are shop.settings."
    assert "shop.production does not load here" in said["why"] and "not_there" in said["why"]


@LONG
@pytest.mark.parametrize(("site", "path"), [("site", ("site", "src")), (".", ("src",))])
def test_a_library_beside_the_folder_of_manage_py_is_found(tmp_path, here, capsys, site, path):
    """Or in it, where the repository is a package with a project for trying it out."""
    make(tmp_path / "repo" / site, settings="import ours\n")
    (tmp_path / "repo" / "src" / "ours").mkdir(parents=True)
    (tmp_path / "repo" / "src" / "ours" / "__init__.py").write_text("")
    (tmp_path / "repo" / "pyproject.toml").write_text('[project]\nname = "ours"\n')
    assert init(tmp_path / "repo", "--out", tmp_path / "app", "--format", "json") == 0
    load.cache_clear()
    app = load(tmp_path / "app")
    assert app.project == tmp_path / "repo" and app.path == path
    rows = json.loads(capsys.readouterr().out)["decisions"]
    assert any(f"{', '.join(path)} on the path" in row["what"] for row in rows)


@LONG
def test_the_folder_of_manage_py_is_a_package_itself(tmp_path, here, capsys):
    """It needs no __init__.py; its parent has to be on the path, and a library in src too."""
    make(tmp_path / "repo" / "site", settings="import site_of_ours.shop, ours\n")
    (tmp_path / "repo" / "src" / "ours").mkdir(parents=True)
    (tmp_path / "repo" / "src" / "ours" / "__init__.py").touch()
    (tmp_path / "repo" / "site").rename(tmp_path / "repo" / "site_of_ours")
    (tmp_path / "repo" / "pyproject.toml").write_text('[project]\nname = "ours"\n')
    assert init(tmp_path / "repo", "--out", tmp_path / "app", "--format", "json") == 0
    load.cache_clear()
    app = load(tmp_path / "app")
    assert app.project == tmp_path / "repo" and app.path == ("site_of_ours", "src")


def test_what_does_not_load_is_level_c_with_its_place(tmp_path, here, capsys):
    more = {"shop/dev.py": "from shop.settings import *\nimport not_here_either\n"}
    root = make(tmp_path / "shop", more, settings="import not_there\n")
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    report = json.loads(capsys.readouterr().out)
    (row,) = [one for one in report["decisions"] if one["level"] == "C"]
    assert row["rule"] == "DEP4" and "not_there" in row["what"]
    assert row["where"] == "shop/settings.py:8"


def test_an_app_that_is_not_there_has_the_place_of_its_list(tmp_path, here, capsys):
    root = make(tmp_path / "shop", settings='INSTALLED_APPS += ["not_there"]\n')
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    (row,) = [
        one for one in json.loads(capsys.readouterr().out)["decisions"] if one["level"] == "C"
    ]
    assert row["what"].endswith("the package not_there is missing.")
    assert row["where"].startswith("shop/settings.py:")


@LONG
def test_folders_that_a_project_makes_are_in_its_package(tmp_path, here, capsys):
    code = """
        import os
        (BASE_DIR / "logs").mkdir(exist_ok=True)
        os.makedirs(BASE_DIR / "a" / "b", exist_ok=True)
    """
    root = make(tmp_path / "shop", settings=code)
    before = state(root)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    (row,) = [one for one in report["decisions"] if one["rule"] == "PATH1"]
    assert "logs" in row["what"] and row["where"] == "shop/settings.py:10"
    assert state(root) == before
    load.cache_clear()
    assert load(tmp_path / "app").folders[0] == "logs"


def test_a_variable_for_the_folder_that_a_project_writes_to_is_set(tmp_path, here, capsys):
    code = """
        import os
        DATA = Path(os.environ.get("SHOP_DATA_DIR", BASE_DIR / "data"))
        DATA.mkdir(exist_ok=True)
        (DATA / "key").write_text("x")
    """
    root = make(tmp_path / "shop", settings=code)
    before = state(root)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["decisions"]
    (row,) = [one for one in rows if one["rule"] == "ENV1"]
    assert "SHOP_DATA_DIR" in row["what"] and row["where"] == "shop/settings.py:10"
    load.cache_clear()
    assert load(tmp_path / "app").environment == {"SHOP_DATA_DIR": "{data}/shop_data_dir"}
    assert state(root) == before


@LONG
def test_nothing_is_written_beside_the_projects_folder_either(tmp_path, here, capsys):
    """In a repository whose manage.py is in a subfolder."""
    code = """
        import os
        DATA = Path(os.environ.get("SHOP_DATA_DIR", BASE_DIR.parent / "data"))
        (DATA / "log").mkdir(parents=True, exist_ok=True)
    """
    make(tmp_path / "repo" / "site", settings=code)
    (tmp_path / "repo" / ".git").mkdir()
    before = state(tmp_path / "repo")
    assert init(tmp_path / "repo", "--out", tmp_path / "app", "--format", "json") == 0
    assert state(tmp_path / "repo") == before
    load.cache_clear()
    assert load(tmp_path / "app").environment == {"SHOP_DATA_DIR": "{data}/shop_data_dir"}
    capsys.readouterr()
    code = code.replace('Path(os.environ.get("SHOP_DATA_DIR", BASE_DIR.parent / "data"))',
                        'BASE_DIR.parent / "data"')  # fmt: skip
    make(tmp_path / "repo" / "site", settings=code)
    before = state(tmp_path / "repo")
    assert init(tmp_path / "repo", "--out", tmp_path / "app2", "--format", "json") == 4
    (row, *_) = json.loads(capsys.readouterr().out)["decisions"]
    assert row["rule"] == "PATH1" and "../data" in row["what"]
    assert row["where"] == "site/shop/settings.py:11"
    assert state(tmp_path / "repo") == before


def test_files_that_a_project_writes_into_itself_are_told(tmp_path, here, capsys):
    root = make(tmp_path / "shop", settings="(BASE_DIR / 'key').write_text('x')\n")
    before = state(root)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    report = json.loads(capsys.readouterr().out)
    row = next(one for one in report["decisions"] if one["rule"] == "PATH1")
    assert row["level"] == "C" and "writes key" in row["what"]
    assert row["where"] == "shop/settings.py:8" and state(root) == before


def test_without_out_the_table_is_shown_and_written_only_with_consent(
    tmp_path, here, monkeypatch, capsys
):
    root = make(tmp_path / "shop", {"pyproject.toml": '[project]\nname = "shop"\n# ours\n'})
    before = state(root)
    assert init(root) == 1  # no terminal to ask
    said = capsys.readouterr().err
    assert "+[tool.djdesk]" in said and "there was nobody to ask" in said
    assert state(root) == before
    assert init(root, "--yes") == 0
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith('[project]\nname = "shop"\n# ours\n\n[tool.djdesk]\n')
    load.cache_clear()
    assert load(root).settings == "shop.settings"
    assert init(root, "--yes") == 1
    assert "already has a table [tool.djdesk]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("problem", "rules"),
    [
        ("", {"NAT1": "B", "DEP3": "B"}),
        ("Because Django==4.2 and djdesk wants more", {"DEP1": "C"}),
        ("error: Failed to fetch: `https://index.example.org/`", {"DEP1": ""}),
    ],
)
def test_without_out_packages_are_looked_at_before_anything_runs(
    tmp_path, here, monkeypatch, capsys, problem, rules
):
    old = Decision("DEP3", "B", "old 2.0 instead of 1.0.", "", "requirements.txt")
    said = resolve.Resolved("fast==1.0\n", {}, [old], problem)
    monkeypatch.setattr(resolve, "resolve", lambda *asked: said)
    wheels = {"Windows": ["fast"], "macOS": ["fast"]}
    monkeypatch.setattr(install, "missing_wheels", lambda folder, text, python: wheels)
    root = make(tmp_path / "shop")
    code = init(root, "--yes", "--format", "json")
    found = json.loads(capsys.readouterr().out)["decisions"]
    told = {one["rule"]: one for one in found if one["rule"][:3] in ("NAT", "DEP")}
    assert {rule: one["level"] for rule, one in told.items()} == rules
    assert code == (4 if "C" in rules.values() else 0)
    if "NAT1" in told:
        assert "fast has no wheel for Windows and macOS" in told["NAT1"]["what"]
        assert told["NAT1"]["where"] == "requirements.txt" and "wheels/" in told["NAT1"]["todo"]
    elif code == 0:
        assert "the index cannot be reached" in told["DEP1"]["what"]


def test_what_an_interrupted_run_has_left_is_made_anew(tmp_path, here, monkeypatch, capsys):
    root, out = make(tmp_path / "shop"), tmp_path / "app"

    def interrupted(*arguments, **options):
        (out / ".venv").mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(install, "make", interrupted)
        with pytest.raises(KeyboardInterrupt):
            init(root, "--out", out)
    assert json.loads((out / "readiness.json").read_text())["level"] == "C"
    assert init(root, "--out", out) == 0
    assert json.loads((out / "readiness.json").read_text())["level"] == "A"


def test_places_that_are_refused(tmp_path, capsys):
    root = make(tmp_path / "shop")
    assert init(root, "--out", root / "desktop") == 1
    assert "lies inside the project" in capsys.readouterr().err
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("x")
    assert init(root, "--out", full) == 1
    assert "is not empty" in capsys.readouterr().err
    assert init(tmp_path / "nothing") == 1
    assert init(root, "--settings", "gone.settings", "--report-only") == 1
    assert "gone.settings was not found" in capsys.readouterr().err


def test_folders_that_manage_py_adds_are_on_the_path(tmp_path):
    manage = """
        import os, sys
        from pathlib import Path
        here = Path(__file__).parent.resolve()
        sys.path.append(str(here / "apps"))
        sys.path.insert(0, "/somewhere/else")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
        from django.core.management import execute_from_command_line
    """
    root = make(tmp_path, {"manage.py": manage, "apps/books/__init__.py": ""})
    assert module.import_folders(look_at(root)) == ["apps"]


def test_a_question_is_asked_with_its_default(monkeypatch, capsys):
    from djdesk.projects.readiness.ask import Questions

    answers = iter(["3\n", "2\n", "\n"])
    monkeypatch.setattr(sys, "stdin", type("Typed", (), {"readline": lambda self: next(answers)})())
    asked = Questions(quiet=False)
    assert asked.choose("Which?", ["a", "b"]) == "b"  # there is no third option
    assert asked.yes("Sure?") is True and asked.taken == []
    assert capsys.readouterr().err.count("  1  a") == 1


def test_the_table_is_toml_whatever_the_project_is_called(tmp_path):
    import tomllib

    draft = Draft({"settings": "a.b", "environment.A": 'x"\\\n\x7f', "data.move": ["A", "B"],
                   "pages.csp": "relaxed"}, {"settings": "note"})  # fmt: skip
    found = tomllib.loads(draft.toml())["tool"]["djdesk"]
    assert found["environment"]["A"] == 'x"\\\n\x7f' and found["data"]["move"] == ["A", "B"]
    assert found["settings"] == "a.b"


def test_a_readable_report_ends_with_what_to_type(tmp_path, here, capsys):
    assert init(make(tmp_path / "shop"), "--out", tmp_path / "app") == 0
    said = capsys.readouterr().out
    assert said.startswith("Level A: works completely.") and "djdesk start" in said
    assert "Not asked: Who is the first user?" in said
