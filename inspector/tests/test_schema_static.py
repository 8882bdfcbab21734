"""The diagram's modules must find each other, and the worker, under their hashed names."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

MODULE = re.compile(r"inspector/schema/.*\.js$")
SOURCES = Path(__file__).parents[1] / "inspector/static/inspector/schema"
IMPORT = re.compile(r"""^import .*? from ["'](?P<url>[^"']+)["']""", re.MULTILINE)


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    from django.test import override_settings

    root = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "djdesk.desktop.staticfiles.HashedStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


def test_every_import_leads_to_a_file_with_a_hash_in_its_name(collected):
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    modules = [
        hashed for name, hashed in paths.items() if re.match(r"inspector/schema/.*\.js$", name)
    ]
    assert len(modules) > 20
    for hashed in modules:
        file = collected / hashed
        for match in IMPORT.finditer(file.read_text(encoding="utf-8")):
            assert re.search(r"\.[0-9a-f]{12}\.js$", match["url"]), f"{hashed}: {match['url']}"
            assert (file.parent / match["url"]).is_file(), f"{hashed}: {match['url']}"


def test_no_module_names_the_worker_itself(collected):
    """`new Worker("./x.js")` is not rewritten; the template passes its URL."""
    for file in SOURCES.glob("*.js"):
        assert not re.search(r"""new Worker\(\s*["'`]""", file.read_text(encoding="utf-8")), (
            file.name
        )
