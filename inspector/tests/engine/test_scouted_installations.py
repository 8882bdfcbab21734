# ruff: noqa: E501 - source texts of projects stand in long lines
"""What belongs to one machine, one place or one build is no fault of the project; each with a
similar case that is one.
"""

import os
import subprocess

import pytest
from catalogues import compiled, po
from projects import MODELS, TEMPLATES, found_ids, german, make, scan, write
from test_own_limits import VIEW
from test_scouted import HOSTS, KEY

from djdesk.projects.discovery.ignored import Ignored
from djdesk.projects.discovery.missing import missing
from djdesk.projects.discovery.requirements import read_declared
from djdesk.projects.discovery.settings_kinds import kind_of

# ---- templates

TAG = """

@register.tag
def {name}(parser, token):
    {body}
"""
OPENED = """try:
        open('bundle/manifest.json')
    except OSError as error:
        raise template.TemplateSyntaxError('No file') from error"""
NEEDS = {
    "told": "raise RuntimeError('Cannot find main.js in the bundle')",
    "opened": "open('bundle/manifest.json')",
    "caught": OPENED,
    "entry": "raise ValueError('Missing manifest entry for main.js')",
    "package": "import nowhere_to_be_found",
    "table": "from catalog.models import Book\n    Book.objects.count()",
}
BROKEN = {
    "named": "raise template.TemplateSyntaxError('named takes a name')",
    "wrong": "name, wanted = token.split_contents()",
}


def test_a_template_that_waits_for_a_build_is_not_broken(tmp_path):
    """Like ma-cantine, whose tag looks into the manifest that vite writes."""
    tags = NEEDS | BROKEN
    code = "".join(TAG.format(name=name, body=body) for name, body in tags.items())
    files = {
        "catalog/views.py": "".join(VIEW.replace("index", name) for name in tags),
        "catalog/models.py": MODELS,
        "catalog/templatetags/__init__.py": "",
        "catalog/templatetags/shop.py": "from django import template\nregister = template.Library()\n"
        + code,
        **{f"catalog/templates/{name}.html": f"{{% load shop %}}{{% {name} %}}" for name in tags},
    }
    found = found_ids(scan(make(tmp_path, files, settings=TEMPLATES), trust=True))
    for kind, severity, names in (("needs", "info", NEEDS), ("broken", "error", BROKEN)):
        row = found[f"templates.{kind}"]
        assert row["severity"] == severity
        assert {one["text"].partition(".html: ")[0] for one in row["facts"]} == {*names}
        assert german(row["title"]) and german(row["why"])


# ---- files that git ignores

LOCAL = HOSTS + "from .settings_local import *\n"


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({".gitignore": "*.pyc\nshop/settings_local.py\n"}, False),
        ({".gitignore": "/shop/*_local.py\n"}, False),
        ({"shop/.gitignore": "settings_local.py"}, False),
        ({".gitignore": "shop/settings_local.sample.py\n"}, True),
        ({".gitignore": "*_local.py\n!settings_local.py\n"}, True),
        ({".gitignore": "settings_local.py/\n"}, True),
    ],
)
def test_a_value_in_a_file_that_git_ignores_is_not_in_the_source(tmp_path, rules, told):
    """Like Bitpoll, of which each installation copies the sample of its local settings."""
    (tmp_path / ".git").mkdir()
    local = KEY + "DEBUG = False\nALLOWED_HOSTS = ['*']\n"
    make(tmp_path, {"shop/settings_local.py": local, **rules}, settings=LOCAL)
    for trust in (False, True) if "shop/" in rules.get(".gitignore", "") else (False,):
        found = found_ids(scan(tmp_path, trust=trust))
        assert ("settings.secret-key" in found) is told
        assert ("settings.allowed-hosts" in found) is told


def git(folder, *words):
    own = ["-c", f"core.excludesFile={os.devnull}"]
    done = subprocess.run(["git", *own, "-C", str(folder), *words], check=True, capture_output=True)
    return {one.decode() for one in done.stdout.split(b"\0") if one}


RULES = """# secrets.py
**.swp
/run
docs/*.txt
build/
!build/kept.py
a/**/z.py
**/deep/one.py
deep2/**
*.l[oa]g
\\#odd.py
file?.py
*.py[co]
two words.py\x20\x20
!important.log
[
"""
PATHS = ["secrets.py", "x.swp", "run/a.py", "inner/run/a.py", "docs/a.txt", "docs/in/a.txt", "build/kept.py", "in/build/a.py", "build.py", "a/z.py", "a/b/z.py", "a/b/c/z.py", "deep/one.py", "x/deep/one.py", "deep2/x/y.py", "x/deep2/y.py", "a.log", "a.lag", "a.lig", "#odd.py", "file1.py", "file12.py", "a.pyc", "a.py", "important.log", "shop/local.py", "shop/other.py", "added.swp"]  # fmt: skip


def test_rules_mean_what_they_mean_to_git(tmp_path):
    git(tmp_path, "init", "-q")
    paths = [*PATHS, "two words.py"]
    write(tmp_path, dict.fromkeys(paths, ""))
    write(tmp_path, {".gitignore": RULES, "shop/.gitignore": "/local.py\n!*.swp"})
    git(tmp_path, "add", "-f", "added.swp", "a.py")
    said = git(tmp_path, "ls-files", "--others", "--ignored", "--exclude-standard", "-z")
    ignored = Ignored(tmp_path / "shop")
    assert {one for one in paths if tmp_path / one in ignored} == said
    assert "added.swp" not in said and "shop/local.py" in said


def test_a_rule_that_would_take_long_is_left_out(tmp_path):
    write(tmp_path, {".gitignore": "*a" * 60 + "b\nlocal.py\n", "local.py": ""})
    ignored = Ignored(tmp_path)
    assert tmp_path / "local.py" in ignored and tmp_path / ("a" * 200) not in ignored
    assert tmp_path.parent / "local.py" not in ignored


# ---- lists of packages for servers


@pytest.mark.parametrize(
    ("plain", "production", "told"),
    [
        ("django\n", "gunicorn==22\n", []),
        ("django\nredis\n", "-r requirements.txt\ngunicorn==22\n", ["redis"]),
        ("-r requirements-production.txt\n", "django\ngunicorn==22\n", ["gunicorn"]),
        ("gunicorn\n", "gunicorn==22\nredis\n", ["gunicorn"]),
        ("# see requirements-production.txt\n", "gunicorn==22\n", ["gunicorn"]),
        (None, "gunicorn==22\n", ["gunicorn"]),
    ],
)
def test_developers_do_not_miss_what_servers_install(tmp_path, plain, production, told):
    """Like Bitpoll."""
    files = {"requirements-production.txt": production}
    if plain is not None:
        files["requirements.txt"] = plain
    declared = read_declared(write(tmp_path, files), tmp_path)
    assert missing(declared, {"django"}, [], None) == told


# ---- names of settings


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("shop.not_production_settings", "development"),
        ("shop.non_prod", "development"),
        ("shop.nonprod", "development"),
        ("shop.production_settings", "production"),
        ("shop.preprod", "production"),
        ("shop.nova_production", "production"),
        ("shop.migration_production_settings", "test"),
        ("shop.settings.docker_build", "test"),
        ("shop.settings.collectstatic", "test"),
        ("shop.settings.docker_ci", "test"),
        ("shop.settings.docker_test", "test"),
        ("shop.settings.docker", "production"),
        ("shop.settings.docker_dev", "development"),
        ("shop.settings.server_rebuilt", "production"),
        ("shop.sandbox_settings", "development"),
        ("shop.products", "other"),
        ("shop.settings_prod", "production"),
        ("shop.instagram", "other"),
        ("shop.olives", "other"),
        ("shop.live", "production"),
    ],
)
def test_names_that_say_what_settings_are_for(name, kind):
    """Like studio, whose not_production_settings are for developers and tests."""
    assert kind_of(name) == kind


def test_deployment_warnings_are_of_settings_that_serve_the_public(tmp_path):
    names = ("not_production", "migrate_production", "own_production")
    wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.{}')\n"
    files = {f"shop/{one}.py": "from .settings import *\nDEBUG = False\n" for one in names}
    files |= {f"{one}/wsgi.py": wsgi.format(one) for one in names}
    found = found_ids(scan(make(tmp_path, files), trust=True))
    told = [one for one in found if one.startswith("checks.deploy")]
    assert told == ["checks.deploy:shop.own_production"]


# ---- what a build makes

CHECK = """
from django.core.checks import Warning, register

@register()
def manifest(app_configs, **kwargs):
    return [Warning("Make sure you have generated a manifest file.", id="vite.W001")]
"""


def test_folders_of_a_build_are_no_warnings_before_it(tmp_path):
    """Like projects whose frontend npm puts into dist, and one with a folder that was renamed."""
    static_files = "INSTALLED_APPS.append('django.contrib.staticfiles')\nSTATIC_URL = '/s/'\n"
    dirs = "STATICFILES_DIRS = [BASE_DIR / 'frontend/dist', BASE_DIR / 'distributed']\n"
    files = {"catalog/models.py": MODELS + CHECK}
    found = found_ids(scan(make(tmp_path, files, settings=static_files + dirs), trust=True))
    warned, built = found["checks.warning"], found["checks.build"]
    assert [one["text"].count("distributed") for one in warned["facts"]] == [1]
    assert built["severity"] == "info" and len(built["facts"]) == 2
    assert german(built["title"]) and german(built["why"])


@pytest.mark.parametrize(
    ("rules", "missing_one", "changed"),
    [("*.mo\n", None, "info"), ("*.pyc\n", "warning", "warning")],
)
def test_catalogues_that_git_ignores_are_compiled_by_each_installation(
    tmp_path, rules, missing_one, changed
):
    """Like studio, whose Makefile compiles them."""
    files = {".gitignore": rules} | {
        f"catalog/locale/{one}/LC_MESSAGES/django.po": po(Save=one) for one in ("de", "fr")
    }
    place = make(tmp_path, files) / "catalog/locale/de/LC_MESSAGES/django.po"
    compiled(tmp_path, "catalog/locale", "de", po(Save="de"))
    row = found_ids(scan(tmp_path)).get("i18n.compiled")
    assert (row and row["severity"]) == missing_one
    place.write_text(po(Save="neu"), "utf-8")
    assert found_ids(scan(tmp_path))["i18n.compiled"]["severity"] == changed


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"django", "click", "ipdb"}, []),
        ({"django", "ipdb"}, ["gunicorn", "sentry-sdk"]),
        ({"django", "click", "ipdb", "sentry-sdk"}, ["gunicorn"]),
    ],
)
def test_most_of_a_developers_list_makes_a_developers_environment(tmp_path, there, told):
    files = {
        "requirements/base.txt": "django\n",
        "requirements/local.txt": "-r base.txt\nclick\nipdb\nwatchfiles\n",
        "requirements/production.txt": "-r base.txt\ngunicorn==22\nsentry-sdk==2\n",
    }
    declared = read_declared(write(tmp_path, files), tmp_path)
    assert missing(declared, there, [], None) == told
