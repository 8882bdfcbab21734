"""Styles of settings: classes, aliased modules, variables declared by helpers."""

import pytest
from projects import make, scan, static

CORE = "INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'catalog']\n"


def variables(root):
    return {one["name"]: one for one in static(root, "settings")["env"]}


def labels(root):
    data = static(root, "apps")
    return [one["label"] for one in data["apps"]], data["complete"]


def test_classes_of_settings_inherit_and_manage_py_chooses(tmp_path):
    manage = (
        "import os\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "os.environ.setdefault('DJANGO_CONFIGURATION', 'Dev')\n"
        "from configurations.management import execute_from_command_line\n"
    )
    make(
        tmp_path,
        {
            "manage.py": manage,
            "shop/common.py": "from configurations import Configuration, values\n\n\n"
            "class Common(Configuration):\n"
            "    SECRET_KEY = values.SecretValue()\n"
            "    DATABASES = values.DatabaseURLValue('sqlite:///x.db')\n"
            "    PAGES = values.IntegerValue(3, environ_name='PAGE_COUNT')\n"
            f"    {CORE}",
            "shop/settings.py": "from shop.common import Common\n\n\n"
            "class Dev(Common):\n"
            "    INSTALLED_APPS = Common.INSTALLED_APPS + ['django.contrib.sites']\n\n\n"
            "class Prod(Common):\n    INSTALLED_APPS = Common.INSTALLED_APPS + ['nowhere']\n",
        },
    )
    assert labels(tmp_path) == (["contenttypes", "auth", "catalog", "sites"], True)
    found = variables(tmp_path)
    assert set(found) == {"DJANGO_SECRET_KEY", "DATABASE_URL", "DJANGO_PAGE_COUNT"}
    assert found["DJANGO_SECRET_KEY"]["required"]
    assert (found["DJANGO_PAGE_COUNT"]["default"], found["DJANGO_PAGE_COUNT"]["kind"]) == (
        "3",
        "int",
    )
    assert found["DATABASE_URL"]["default"] == "'sqlite:///x.db'"


def test_a_module_of_settings_by_its_name(tmp_path):
    make(
        tmp_path,
        {
            "shop/base.py": CORE + "SECRET_KEY = 'x'\n",
            "shop/settings.py": "from . import base\n"
            "INSTALLED_APPS = base.INSTALLED_APPS + ['django.contrib.sites']\n",
        },
    )
    assert labels(tmp_path) == (["contenttypes", "auth", "catalog", "sites"], True)


def test_what_an_environ_object_declares(tmp_path):
    make(
        tmp_path,
        {
            "shop/settings.py": "import environ\n"
            "env = environ.Env(DEBUG=(bool, False), COUNT=int)\n"
            "SECRET_KEY = env('SECRET_KEY')\nDEBUG = env('DEBUG')\nCOUNT = env('COUNT')\n"
            "DATABASES = {'default': env.db()}\nCACHES = {'default': env.cache()}\n" + CORE,
        },
    )
    found = variables(tmp_path)
    facts = {name: (one["default"], one["required"], one["kind"]) for name, one in found.items()}
    assert facts == {
        "SECRET_KEY": (None, True, None),
        "DEBUG": ("False", False, "bool"),
        "COUNT": (None, True, "int"),
        "DATABASE_URL": (None, True, "database"),
        "CACHE_URL": (None, True, "url"),
    }


def test_a_helper_of_the_project_may_have_a_default(tmp_path):
    helper = "import os\ndef env(name, fallback='x'):\n    return os.environ.get(name, fallback)\n"
    make(
        tmp_path,
        {
            "shop/tools.py": helper,
            "shop/settings.py": "from shop.tools import env\nSECRET_KEY = env('KEY')\n" + CORE,
        },
    )
    assert variables(tmp_path)["KEY"]["required"] is False


def test_which_of_two_modules_is_read_is_not_guessed(tmp_path):
    make(
        tmp_path,
        {
            "shop/settings.py": "import os\nMODE = os.environ.get('MODE', 'dev')\n"
            "if MODE == 'dev':\n    from shop.dev import *\nelse:\n    from shop.prod import *\n",
            "shop/base.py": CORE + "SECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\n",
            "shop/dev.py": "from shop.base import *\nDEBUG = True\n",
            "shop/prod.py": "from shop.base import *\nDEBUG = False\n",
        },
    )
    rows = {one["name"]: one for one in static(tmp_path, "settings")["variables"]}
    assert rows["DEBUG"]["computed"] and not rows["ROOT_URLCONF"]["computed"]
    live = scan(tmp_path, trust=True)["sections"]["settings"]["data"]
    assert "disagreements" not in live or not live["disagreements"]


@pytest.mark.parametrize("trust", [False, True])
def test_a_yes_or_no_is_no_secret(tmp_path, trust):
    make(tmp_path, settings="ALLOW_PRIVATE_HOSTS = True\nPRIVATE_NAME = 'marmalade'\n")
    data = scan(tmp_path, trust=trust)["sections"]["settings"]["data"]
    rows = {row["name"]: row for row in data["variables"]}
    assert rows["ALLOW_PRIVATE_HOSTS"]["value"] == "True"
    assert not rows["ALLOW_PRIVATE_HOSTS"]["redacted"]
    assert rows["PRIVATE_NAME"]["redacted"] and "marmalade" not in str(data)
