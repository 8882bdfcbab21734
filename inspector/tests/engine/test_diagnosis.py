# ruff: noqa: E501 - source texts of projects stand in long lines
"""Every kind of cause, each with a project that really fails that way."""

import sys

import pytest
from projects import MODELS, german, make, scan, write

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot


def cause(root, settings="", files=None, **options):
    make(root, files, settings=settings)
    result = scan(root, trust=True, **options)
    error = result["sections"]["runtime"]["error"]
    found = error["diagnosis"]
    assert found["text"] == error["hint"]
    assert found["remedies"][-1]["action"] == "static"
    assert german(found["text"]), found["text"]
    assert all(german(one["text"]) for one in found["remedies"]), found["remedies"]
    return found


def remedy(found, action):
    return next(one for one in found["remedies"] if one["action"] == action)


def test_a_missing_package(tmp_path):
    found = cause(tmp_path, "import rest_framework\n")
    assert found["kind"] == "missing-package" and found["names"] == ["djangorestframework"]
    assert (found["file"], found["line"]) == ("shop/settings.py", 9)
    assert remedy(found, "python")["packages"][0] == "djangorestframework"


def test_a_missing_database_driver(tmp_path):
    found = cause(
        tmp_path, "DATABASES['default'] = {'ENGINE': 'django.db.backends.mysql', 'NAME': 'x'}\n"
    )
    assert found["kind"] == "missing-package" and found["names"] == ["mysqlclient"]


def test_a_package_of_another_version(tmp_path):
    found = cause(
        tmp_path,
        "from django.utils.translation import ugettext_lazy\n",
        {"requirements.txt": "Django<4\n"},
    )
    assert found["kind"] == "missing-package" and found["names"] == ["django"]
    assert remedy(found, "python")["packages"] == ["django<4"]


def test_a_missing_variable(tmp_path):
    found = cause(
        tmp_path,
        "import os\nos.environ['SHOP_API_KEY']\n",
        {".env.example": "SHOP_API_KEY=abc\n"},
        repair=False,
    )
    assert found["kind"] == "missing-variable" and found["names"] == ["SHOP_API_KEY"]
    assert [one["action"] for one in found["remedies"][:2]] == ["env-example", "values"]
    assert remedy(found, "env-example")["file"] == ".env.example"
    assert remedy(found, "values")["secret"] == ["SHOP_API_KEY"]


def test_a_missing_file_that_developers_make_from_a_sample(tmp_path):
    found = cause(
        tmp_path, "from shop.local import *\n", {"shop/local.py.example": "DEBUG = True\n"}
    )
    assert found["kind"] == "missing-file" and found["names"] == ["shop/local.py"]
    assert "shop/local.py.example" in found["text"]


def test_a_missing_data_file(tmp_path):
    found = cause(tmp_path, "open(BASE_DIR / 'rates.json')\n")
    assert found["kind"] == "missing-file" and found["names"][0].endswith("rates.json")


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="3.14 reads it")
def test_the_wrong_python(tmp_path):
    found = cause(tmp_path, files={"catalog/models.py": MODELS + "try: pass\nexcept A, B: pass\n"})
    assert found["kind"] == "wrong-python"
    assert remedy(found, "python")["wanted"] == ">=3.14"


@pytest.mark.skipif(sys.version_info < (3, 13), reason="older ones have cgi")
def test_a_module_that_python_has_dropped(tmp_path):
    found = cause(tmp_path, "import cgi\n")
    assert found["kind"] == "wrong-python" and remedy(found, "python")["wanted"] == "<3.13"


def test_no_interpreter(tmp_path):
    make(tmp_path)
    result = snapshot(inspect(find_project(tmp_path), Options(trust=True)))
    found = result["sections"]["runtime"]["error"]["diagnosis"]
    assert found["kind"] == "wrong-python" and remedy(found, "python")["interpreters"] == []


def test_a_service(tmp_path):
    found = cause(
        tmp_path, "import socket\nsocket.create_connection(('127.0.0.1', 6379), timeout=1)\n"
    )
    assert found["kind"] == "service" and any("6379" in one for one in found["names"])


def test_a_query_while_loading(tmp_path):
    app = "from django.apps import AppConfig\nclass CatalogConfig(AppConfig):\n    name = 'catalog'\n    def ready(self):\n        from catalog.models import Book\n        Book.objects.count()\n"
    found = cause(tmp_path, files={"catalog/apps.py": app})
    assert found["kind"] == "service" and found["file"] == "catalog/apps.py"


def test_a_syntax_error(tmp_path):
    found = cause(tmp_path, files={"catalog/models.py": "def broken(:\n"})
    assert found["kind"] == "syntax"
    assert (found["file"], found["line"]) == ("catalog/models.py", 1)


def test_a_refused_write(tmp_path):
    found = cause(tmp_path, "(BASE_DIR / 'logs').mkdir()\n", private_copy=False)
    assert found["kind"] == "write-refused" and found["names"] == ["logs"]
    assert found["remedies"][0]["action"] == "copy"


def test_a_refused_write_outside_the_project(tmp_path):
    beside = tmp_path.parent / f"{tmp_path.name}-beside"
    found = cause(tmp_path, f"open({str(beside)!r}, 'w')\n", private_copy=False)
    assert found["kind"] == "write-refused" and not beside.exists()


def test_settings_that_are_wrong_name_the_others(tmp_path):
    make(tmp_path)
    write(tmp_path, {"shop/other.py": "from .settings import *\nINSTALLED_APPS = []\n"})
    project = find_project(tmp_path, python=sys.executable, settings="shop.nowhere")
    result = snapshot(inspect(project, Options(trust=True)))
    found = result["sections"]["runtime"]["error"]["diagnosis"]
    assert found["kind"] == "settings" and found["names"] == ["shop.nowhere"]
    assert "shop.settings" in remedy(found, "settings")["modules"]


def test_a_configuration_that_complains(tmp_path):
    found = cause(
        tmp_path,
        "from django.core.exceptions import ImproperlyConfigured\nraise ImproperlyConfigured('two brokers')\n",
    )
    assert found["kind"] == "settings" and "two brokers" in found["text"]


def test_anything_else(tmp_path):
    found = cause(tmp_path, "1 / 0\n")
    assert found["kind"] == "other" and "shop/settings.py:9" in found["text"]


def test_a_key_error_of_a_plain_dictionary_is_no_variable(tmp_path):
    found = cause(tmp_path, "{}['shelf']\n")
    assert found["kind"] == "other"


def test_a_module_whose_package_nobody_names_is_not_guessed(tmp_path):
    found = cause(tmp_path, "import account\n")
    assert found["kind"] == "missing-package" and found["names"] == ["account"]
    assert "pip install" not in found["text"] and remedy(found, "python")["packages"] == []


def test_a_declared_package_of_another_name_is_found_by_it(tmp_path):
    found = cause(
        tmp_path,
        "import bootstrap4form\n",
        {"requirements.txt": "Django\ndjango-bootstrap4-form==3.4\n"},
    )
    assert remedy(found, "python")["packages"] == ["django-bootstrap4-form==3.4"]
    assert " django-bootstrap4-form==3.4)" in found["text"]


def test_local_settings_that_are_missing_are_a_file_also_where_the_project_ends_itself(tmp_path):
    found = cause(
        tmp_path,
        "import sys\ntry:\n    import settings_local\nexcept ImportError:\n    sys.exit(1)\n",
        {"settings_local.py.example": "DEBUG = True\n"},
    )
    assert (found["kind"], found["names"]) == ("missing-file", ["settings_local.py"])
    assert "settings_local.py.example" in found["text"]


def test_a_file_that_the_settings_ask_for_in_their_own_words(tmp_path):
    found = cause(
        tmp_path,
        "from django.core.exceptions import ImproperlyConfigured\ntry:\n    open('/nowhere/a.key')\n"
        "except OSError as error:\n    raise ImproperlyConfigured(f'Could not load the key: {error}')\n",
    )
    assert (found["kind"], found["names"]) == ("missing-file", ["/nowhere/a.key"])


def test_a_variable_that_has_to_be_configured(tmp_path):
    found = cause(
        tmp_path,
        "import os\nfrom django.core.exceptions import ImproperlyConfigured\n"
        "if not os.environ.get('SHOP_DOMAIN'):\n    raise ImproperlyConfigured('SHOP_DOMAIN has to be configured!')\n",
        repair=False,
    )
    assert (found["kind"], found["names"]) == ("missing-variable", ["SHOP_DOMAIN"])


def test_the_version_of_the_project_itself(tmp_path):
    text = "import importlib.metadata\nimportlib.metadata.version({!r})\n"
    files = {"pyproject.toml": "[project]\nname = 'a-shop'\nversion = '1'\n"}
    found = cause(tmp_path, text.format("a_shop"), files)
    assert found["kind"] == "missing-package" and "--editable=." in found["text"]
    found = cause(tmp_path, text.format("absent-one"), files)
    assert found["names"] == ["absent-one"] and "--editable" not in found["text"]


@pytest.mark.parametrize(("name", "sample"), [(".env", ".env.example"), ("stats/app.json", None)])
def test_a_file_that_a_library_misses_in_its_own_words(tmp_path, name, sample):
    text = f"class EnvError(Exception): pass\nraise EnvError(f\"File '{{BASE_DIR / '{name}'}}' does not exist\")\n"
    found = cause(tmp_path, text, {sample: "A=b\n"} if sample else None, repair=False)
    assert found["kind"] == "missing-file" and found["names"] == [name]
    assert ("Developers make it from .env.example." in found["text"]) is bool(sample)
