"""What ``djdesk init`` learns by loading the app: real failures and apparent ones."""

from __future__ import annotations

import json
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from djdesk.app import load
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.report import Decision
from djdesk.tools.init import trial, variables
from tests.long import LONG
from tests.tools.init_projects import URLS, here, init, make, state

__all__ = ["here"]


@LONG
def test_migrations_that_this_django_does_not_load_are_level_c(tmp_path, here, capsys):
    old = "from django.utils.timezone import get_fixed_zone\n"
    files = {"shop/migrations/__init__.py": "", "shop/migrations/0001_initial.py": old}
    root = make(tmp_path / "shop", files)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    told = json.loads(capsys.readouterr().out)["decisions"][0]
    assert told["rule"] == "LOAD1" and told["where"] == "shop/migrations/0001_initial.py:1"
    assert told["what"].startswith("The migrations cannot be loaded: ImportError: cannot import")


@LONG
def test_classes_that_settings_name_are_looked_for(tmp_path, here, capsys):
    """They are imported on first use, which could be on a user's computer."""
    search = "from no_such_engine import Index\nclass Engine: ...\n"
    root = make(
        tmp_path / "shop",
        {"shop/search.py": search, "shop/there.py": "class Engine: ...\n"},
        settings="""
            SEARCH = {"default": {"ENGINE": "shop.search.Engine"},
                      "other": {"ENGINE": "shop.there.Engine"}}
            TEXT = {"ENGINE": "No. Such Thing"}
        """,
    )
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 0
    (told,) = [
        one for one in json.loads(capsys.readouterr().out)["decisions"] if one["rule"] == "DEP4"
    ]
    assert told["level"] == "B" and "shop.search.Engine, named by SEARCH" in told["what"]
    assert told["where"] == "shop/search.py:1" and "no_such_engine" in told["why"]


@LONG
def test_a_project_that_asks_for_its_own_version_is_told_it(tmp_path, here, capsys):
    ask = "from importlib.metadata import version\nRELEASE = version({name!r})\n"
    own = '[project]\nname = "shop"\nversion = "7.1"\n'
    for name, level in (("shop", "A"), ("no-such-package-7", "C")):
        root = make(tmp_path / name, {"pyproject.toml": own}, settings=ask.format(name=name))
        init(root, "--out", tmp_path / f"{name}-app", "--format", "json")
        assert json.loads(capsys.readouterr().out)["level"] == level
    assert (tmp_path / "shop-app" / "metadata" / "shop-7.1.dist-info" / "METADATA").is_file()
    # One that goes on without it fails somewhere else.
    ask = """
        from importlib.metadata import PackageNotFoundError, version
        try:
            __version__ = version("shop")
        except PackageNotFoundError:
            pass
        RELEASE = __version__
    """
    root = make(tmp_path / "quiet" / "shop", {"pyproject.toml": own}, settings=ask)
    init(root, "--out", tmp_path / "quiet-app", "--format", "json")
    assert json.loads(capsys.readouterr().out)["level"] == "A"
    assert not (tmp_path / "no-such-package-7-app" / "metadata").exists()


@LONG
@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
@pytest.mark.parametrize(
    "env",
    [
        "os.environ",
        # As setuptools_scm does, which asks nothing if it is given a version.
        "{name: value for name, value in os.environ.items() if not name.startswith('GIT_')}",
    ],
)
def test_a_project_that_asks_git_for_its_version_is_not_changed(tmp_path, here, capsys, env):
    """“git describe --dirty” locks the index, beside it."""
    settings = f"""
        import os
        import subprocess
        from pathlib import Path
        ASKED = ["git", "describe", "--always", "--dirty"]
        ENV = {env}
        RELEASE = ENV is not os.environ and ENV.get("SETUPTOOLS_SCM_PRETEND_VERSION")
        if not RELEASE:
            RELEASE = subprocess.check_output(ASKED, cwd=Path(__file__).parent, env=ENV, text=True)
        assert RELEASE and "dirty" not in RELEASE, RELEASE
    """
    root = make(tmp_path / "shop", settings=settings)
    git = ["git", "-C", root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All of it"]):
        subprocess.run([*git, *words], check=True)
    before = (root / ".git").stat().st_mtime_ns, state(root)
    init(root, "--out", tmp_path / "app", "--format", "json")
    assert json.loads(capsys.readouterr().out)["level"] == "A"
    assert ((root / ".git").stat().st_mtime_ns, state(root)) == before


@pytest.mark.parametrize(
    ("name", "example", "said"),
    [
        (".env", ".env.example", "does not exist"),
        ("local_settings.py", "local_settings_example.py", "is missing"),
    ],
)
def test_a_file_that_git_leaves_out_is_named_with_its_template(
    tmp_path, here, capsys, name, example, said
):
    """As the .env of MangAdventure: a newer Django is not to blame."""
    settings = f"""
        from pathlib import Path
        FILE = Path(__file__).parents[1] / "{name}"
        if not FILE.exists():
            raise OSError(f"File '{{FILE}}' {said}")
    """
    root = make(tmp_path / "shop", {example: "KEY=1\n"}, settings=settings)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    told = json.loads(capsys.readouterr().out)["decisions"][0]
    assert told["rule"] == "LOAD1" and told["what"].endswith(f"the project has no file {name}.")
    assert told["todo"].startswith(f"Create it from {example}, or choose other settings")


@LONG
@pytest.mark.parametrize("asks", [">=3.99", ">=3.12"])
def test_code_for_another_python_is_told_with_its_line(tmp_path, here, capsys, asks):
    """For example a project for Python 3.14 with “except A, B:”, on 3.13."""
    files = {
        "pyproject.toml": f'[project]\nname = "shop"\nversion = "1"\nrequires-python = "{asks}"\n',
        "shop/models.py": "import shop.parser\n",
        "shop/parser.py": "x = 1\ntry sooner:\n    pass\n",
    }
    root = make(tmp_path / "shop", files)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    decisions = json.loads(capsys.readouterr().out)["decisions"]
    (told,) = [one for one in decisions if one["rule"] == "LOAD1"]
    assert told["where"] == "shop/parser.py:2"
    assert ("written for another Python" in told["what"]) == (asks == ">=3.99")


def test_a_module_that_git_leaves_out_is_no_package(tmp_path, here, capsys):
    root = make(tmp_path / "shop", settings="from .local import *\n")
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    told = json.loads(capsys.readouterr().out)["decisions"][0]
    assert told["rule"] == "LOAD1" and "the project has no module shop.local" in told["what"]
    assert told["where"] == "shop/settings.py:8" and told["todo"].startswith("Create it, or choose")
    (root / "shop" / "local.py.template").write_text("KEY = 1\n")
    assert init(root, "--out", tmp_path / "again", "--format", "json") == 4
    told = json.loads(capsys.readouterr().out)["decisions"][0]
    assert told["todo"].startswith(
        "Create it from shop/local.py.template, or choose other settings"
    )


def test_a_server_that_is_named_already_is_not_named_again(tmp_path, here, capsys):
    """The settings cannot be loaded with it; that follows from the migrations' needs."""
    array = "from django.contrib.postgres.fields import ArrayField\nx = ArrayField(None)\n"
    root = make(
        tmp_path / "shop",
        {"shop/migrations/__init__.py": "", "shop/migrations/0001_initial.py": array},
        settings="""
            DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}
        """,
    )
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    rows = json.loads(capsys.readouterr().out)["decisions"]
    assert [one["rule"] for one in rows if one["level"] == "C"] == ["DB2"]


def test_settings_that_the_desktop_refuses_are_named_with_their_own_line(tmp_path, here, capsys):
    """A file that also names SQLite is not switched to SQLite automatically."""
    settings = """
        OTHER = {"ENGINE": "django.db.backends.sqlite3"}
        DATABASES = {"default": {"ENGINE": "shop.sqlite_like"}}
    """
    files = {"shop/sqlite_like/__init__.py": "", "shop/sqlite_like/base.py": "class X: pass\n"}
    root = make(tmp_path / "shop", files, settings=settings)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    (told,) = [r for r in json.loads(capsys.readouterr().out)["decisions"] if r["level"] == "C"]
    assert (told["rule"], told["where"]) == ("DB1", "shop/settings.py:10")
    assert "shop.sqlite_like" in told["what"]


@LONG
def test_names_that_django_has_dropped_are_brought_back(tmp_path, here, capsys):
    old = """
        from django.conf.urls import url
        from django.http import HttpResponse
        from django.utils.timezone import utc
        from django.utils.translation import ugettext_lazy
        urlpatterns = [url("^$", lambda request: HttpResponse(ugettext_lazy("Shop")))]
    """
    root = make(tmp_path / "shop", {"shop/urls.py": old})
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 0
    (told,) = [r for r in json.loads(capsys.readouterr().out)["decisions"] if r["level"]]
    assert (told["rule"], told["level"], told["where"]) == ("OLD1", "B", "shop/urls.py:2")
    load.cache_clear()
    assert load(tmp_path / "app").older_django


def test_what_a_newer_allauth_asks_for_is_brought_in():
    facts = {
        "message": "allauth.account.middleware.AccountMiddleware must be added to "
        "settings.MIDDLEWARE", "place": "", "at": "/x/site-packages/allauth/account/apps.py:1",
    }  # fmt: skip
    draft = Draft()
    (told,) = trial.with_older_names(draft, facts)
    assert draft.values == {"older-django": True} and told.level == "B"
    assert told.where == "allauth/account/apps.py:1"
    assert trial.with_older_names(draft, facts) == [], "once"
    assert trial.with_older_names(Draft(), facts | {"message": "x must be added to y"}) == []


def test_a_project_that_ends_python_is_told_in_its_own_words(tmp_path, here, capsys):
    code = 'import sys\nprint("Create /etc/shop first.", file=sys.stderr)\nraise SystemExit(2)\n'
    root = make(tmp_path / "shop", settings=code)
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    told = json.loads(capsys.readouterr().out)["decisions"][0]
    assert told["what"].endswith("SystemExit: Create /etc/shop first.")
    assert told["where"] == "shop/settings.py:10"


def test_code_for_an_older_django_says_so(tmp_path, here, capsys):
    old = "from django.utils.encoding import python_2_unicode_compatible\n"
    old += textwrap.dedent(URLS)
    root = make(tmp_path / "shop", {"shop/urls.py": old})
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    told = json.loads(capsys.readouterr().out)["decisions"][0]
    assert told["rule"] == "LOAD1" and told["where"] == "shop/urls.py:1"
    assert told["todo"].startswith("Upgrade the project to Django 5.2 and Python 3.")


def test_a_folder_beside_manage_pys_in_the_repository_is_moved(tmp_path, here, capsys):
    root = tmp_path / "shop"
    settings = """
        CONSUME_DIR = BASE_DIR.parent / "consume"
        THERE_DIR = BASE_DIR.parent / "docs"
        ELSEWHERE_DIR = BASE_DIR.parent.parent / "elsewhere"
    """
    make(root / "src", settings=settings)
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (root / "docs").mkdir()
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["decisions"]
    assert [one["what"] for one in rows if one["rule"] == "PATH1"] == [
        "Moved to the data folder: CONSUME_DIR."
    ]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Cannot run here, set DATA_DIR or go to a folder of data", "DATA_DIR"),
        ("Missing environment variable `DEBUG`.", "DEBUG"),
        ("set DEBUG or not", ""),
        ("a set of MY_WORDS", ""),
    ],
)
def test_a_variable_that_a_failure_asks_to_be_set(said, name):
    facts = {"type": "SystemExit", "message": said, "outer": f"SystemExit: {said}"}
    assert variables.missing(facts) == name


@pytest.mark.parametrize(
    ("said", "line", "packages", "moved"),
    [
        ("Either SHOP_SERVER or PGHOST are required.", "", [], False),
        ("Missing environment variable `DEBUG`.", "", [], False),
        ("Model.clean() missing 1 required argument", "", [], True),
        # The project's own condition, and a package's.
        ("There is no shop.config", "raise Wrong('There is no shop.config')", [], False),
        ("clean() is gone", "raise TypeError('clean() is gone')", ["x.py"], True),
    ],
)
def test_a_newer_django_is_not_to_blame_for_what_the_project_asks(said, line, packages, moved):
    facts = {"type": "ValueError", "stage": "settings", "message": said, "line": line, "place": "",
             "at": "", "module": None, "own_module": "", "python": "3.13",
             "packages": packages}  # fmt: skip
    newer = [Decision("DEP1", "B", "Django 5.2.19 instead of 4.2.")]
    told = trial.failure(trial.Outcome(facts), newer)
    assert ("Django 5.2" in told.todo) is moved and ("--env-file" in told.todo) is not moved


def counted(monkeypatch) -> list[Path]:
    """The attempts to load the app."""
    runs: list[Path] = []
    really = trial.attempt
    monkeypatch.setattr(
        trial, "attempt", lambda folder, *more: runs.append(folder) or really(folder, *more)
    )
    return runs


def test_variables_that_the_projects_own_function_reads(tmp_path, here, monkeypatch):
    """It takes an empty text for none, and its callers convert the values."""
    settings = """
        import json, os

        def variable(name):
            if not os.environ.get(name):
                raise KeyError(f"Missing environment variable `{name}`.")
            return os.environ[name]

        def bool_variable(name):
            return {"True": True, "False": False}[variable(name)]

        SECURE = bool_variable("SHOP_SECURE")
        PEOPLE = [name for name, address in json.loads(variable("SHOP_PEOPLE"))]
        ROWS = int(variable("SHOP_ROWS"))
        PREFIX = variable("SHOP_PREFIX")
        PATIENCE = os.environ.get("SHOP_PATIENCE")
    """
    root, out = make(tmp_path / "shop", settings=settings), tmp_path / "app"
    runs = counted(monkeypatch)
    assert init(root, "--out", out) == 0
    # One for each function, and one for the text that may not be empty.
    assert len(runs) == 4
    assert load(out).environment == {
        "SHOP_SECURE": "False", "SHOP_PEOPLE": "{}", "SHOP_ROWS": "1", "SHOP_PREFIX": "unset",
    }  # fmt: skip


@LONG
def test_a_file_that_is_made_where_it_is_missing_is_the_reason(tmp_path, here, capsys):
    """Rather than its earlier absence, or a change that a newer Django needs."""
    settings = """
        def secret(path):
            try:
                with open(path) as file:
                    return file.read()
            except OSError:
                with open(path, "w") as file:
                    return file.write("x")

        SECRET = secret(BASE_DIR / "secret.txt")
    """
    root = make(tmp_path / "shop", settings=settings)
    (root / "requirements.txt").write_text("Django==4.2\n")
    assert init(root, "--out", tmp_path / "app", "--format", "json") == 4
    (told,) = [
        one for one in json.loads(capsys.readouterr().out)["decisions"] if one["level"] == "C"
    ]
    assert told["rule"] == "PATH1" and "writes secret.txt inside itself" in told["what"]
    assert told["where"].startswith("shop/settings.py:") and "{data}" in told["todo"]
    # If it exists, nothing is written.
    (root / "secret.txt").write_text("x")
    assert init(root, "--out", tmp_path / "there", "--format", "json") == 0
