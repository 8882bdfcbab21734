"""Several settings modules: what each assigns, found by reading."""

from projects import SETTINGS, make, scan, static

PRODUCTION = 'from .base import *\nDEBUG = False\nEMAIL_HOST_PASSWORD = "hunter2hunter2"\n'


def several(root):
    files = {
        "shop/settings/__init__.py": "",
        "shop/settings/base.py": SETTINGS.replace("parent.parent", "parent.parent.parent"),
        "shop/settings/dev.py": 'from .base import *\nALLOWED_HOSTS = ["*"]\n',
        "shop/settings/production.py": PRODUCTION,
    }
    make(root, files)
    (root / "shop" / "settings.py").unlink()
    manage = root / "manage.py"
    manage.write_text(manage.read_text().replace("shop.settings", "shop.settings.dev"))
    return root


def by_module(section):
    return {
        one["module"]: {row["name"]: row for row in one["variables"]} for one in section["modules"]
    }


def test_neighbours_are_read_with_what_they_include(tmp_path):
    found = by_module(static(several(tmp_path), "settings"))
    assert set(found) == {"shop.settings.dev", "shop.settings.base", "shop.settings.production"}
    production = found["shop.settings.production"]
    assert production["DEBUG"]["value"] == "False" and production["DEBUG"]["line"] == 2
    assert found["shop.settings.dev"]["DEBUG"]["value"] == "True"
    assert production["ROOT_URLCONF"]["file"] == "shop/settings/base.py"
    assert "ALLOWED_HOSTS" not in production


def test_secrets_of_every_module_are_hidden(tmp_path):
    result = scan(several(tmp_path))
    assert "hunter2" not in str(result)


def test_live_facts_keep_them(tmp_path):
    result = scan(several(tmp_path), trust=True)
    section = result["sections"]["settings"]
    assert section["source"] == "live" and len(section["data"]["modules"]) == 3


def test_one_module_has_nothing_to_be_compared_with(tmp_path):
    assert static(make(tmp_path), "settings")["modules"] == []


def test_a_neighbour_that_cannot_be_parsed_spoils_nothing(tmp_path):
    several(tmp_path)
    (tmp_path / "shop/settings/broken.py").write_text("DEBUG = (\n")
    assert "shop.settings.broken" not in by_module(static(tmp_path, "settings"))
