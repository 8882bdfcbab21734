"""`check --deploy` with each settings module, and the findings from it."""

from projects import MANAGE, SETTINGS, make, scan

from inspector.engine.extra_runs import kind_of
from inspector.facts import findings_of
from tests.long import LONG

BASE = SETTINGS.replace(".parent.parent", ".parent.parent.parent").replace(
    "DEBUG = True", "DEBUG = False"
)


def split(root, production="SECURE_SSL_REDIRECT = True\n", **more):
    """base, dev (named by manage.py), production and testing."""
    make(
        root,
        {
            "manage.py": MANAGE.replace("shop.settings", "shop.settings.dev"),
            "shop/settings/__init__.py": "",
            "shop/settings/base.py": BASE,
            "shop/settings/dev.py": "from .base import *\nDEBUG = True\n",
            "shop/settings/production.py": "from .base import *\n" + production,
            "shop/settings/testing.py": "from .base import *\n",
            **more,
        },
    )
    (root / "shop/settings.py").unlink()
    result = scan(root, trust=True)
    return result, {one["module"]: one for one in result["sections"]["deploy"]["data"]["modules"]}


def ids(row):
    return {one["id"] for one in row["messages"]}


def test_each_module_is_checked_by_itself(tmp_path):
    result, rows = split(tmp_path)
    assert set(rows) == {"shop.settings.dev", "shop.settings.production", "shop.settings.base"}
    assert result["sections"]["deploy"]["data"]["left_out"] == ["shop.settings.testing"]
    assert rows["shop.settings.dev"]["chosen"] and not rows["shop.settings.production"]["chosen"]
    # Each has results of its own settings: DEBUG here, no redirect to HTTPS there.
    assert "security.W018" in ids(rows["shop.settings.dev"])
    assert "security.W018" not in ids(rows["shop.settings.production"])
    assert all(one["deploy"] for row in rows.values() for one in row["messages"])
    # The scan itself still uses the chosen settings.
    assert result["sections"]["runtime"]["data"]["settings_module"] == "shop.settings.dev"
    assert result["changed"] == [] and result["status"] == "complete"


def test_only_production_counts(tmp_path):
    result, rows = split(tmp_path)
    found = {one["id"]: one for one in findings_of(result)}
    finding = found["checks.deploy:shop.settings.production"]
    assert finding["severity"] == "warning" and "not counted" in finding["text"]
    assert len(finding["facts"]) == len(rows["shop.settings.production"]["messages"])
    assert "checks.deploy" not in found and "checks.deploy:shop.settings.dev" not in found


def test_without_production_settings_the_scans_own_are_told_as_such(tmp_path):
    make(tmp_path, settings="DEBUG = False\nALLOWED_HOSTS = ['shop.test']\n")
    result = scan(tmp_path, trust=True)
    (row,) = result["sections"]["deploy"]["data"]["modules"]
    assert row["chosen"] and row["ok"] and row["kind"] == "other"
    found = {one["id"]: one for one in findings_of(result)}
    assert found["checks.deploy"]["severity"] == "info"


def test_settings_for_development_are_judged_as_such(tmp_path):
    make(tmp_path, settings="ALLOWED_HOSTS = ['*']\n")
    found = {one["id"]: one for one in findings_of(scan(tmp_path, trust=True))}
    assert len(found["settings.development"]["facts"]) == 3
    assert not {"checks.deploy", "settings.debug", "settings.secret-key"} & found.keys()


def test_production_settings_are_repaired_and_say_what_was_assumed(tmp_path):
    _, rows = split(tmp_path, "import os\nSECRET_KEY = os.environ['SHOP_SECRET_KEY']\n")
    row = rows["shop.settings.production"]
    assert row["ok"] and "SHOP_SECRET_KEY" in row["assumed"][0]
    assert rows["shop.settings.dev"]["assumed"] == []


@LONG
def test_settings_that_do_not_load_say_why_and_cost_the_others_nothing(tmp_path):
    result, rows = split(tmp_path, "import a_package_that_is_nowhere\n")
    row = rows["shop.settings.production"]
    assert not row["ok"] and "a_package_that_is_nowhere" in row["error"]["hint"]
    assert rows["shop.settings.base"]["ok"] and result["status"] == "complete"
    found = {one["id"]: one for one in findings_of(result)}
    assert "checks.deploy-unknown:shop.settings.production" in found


@LONG
def test_settings_that_hang_end_with_the_scans_limit(tmp_path):
    make(tmp_path, {"shop/production.py": "from .settings import *\nwhile True: pass\n"})
    result = scan(tmp_path, trust=True, section_limit=8.0)
    rows = {one["module"]: one for one in result["sections"]["deploy"]["data"]["modules"]}
    assert not rows["shop.production"]["ok"] and rows["shop.settings"]["ok"]


def test_nothing_is_checked_without_trust(tmp_path):
    make(tmp_path)
    assert "deploy" not in scan(tmp_path)["sections"]


def test_kinds_go_by_the_last_part_of_the_name():
    names = ("production.settings", "shop.settings.prod", "shop.settings.dev", "a.test_settings")
    assert [kind_of(name) for name in names] == ["other", "production", "development", "test"]
    names = ("shop.development_docker_sqlite", "shop.docker", "shop.device_server", "shop.prod_dev")
    kinds = ["development", "production", "production", "production"]
    assert [kind_of(name) for name in names] == kinds
