"""The hashed names of static files, and the modules that import each other by them."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest

from djdesk.desktop import staticfiles
from djdesk.desktop.staticfiles import HashedStaticFilesStorage, LenientStaticFilesStorage

LONG = 12


@pytest.mark.parametrize("order", [range(LONG), reversed(range(LONG))], ids=["first", "last"])
def test_a_long_chain_of_imports_is_followed_in_any_order_of_the_files(tmp_path, order):
    for at in range(LONG):
        line = f"import './m{at + 1:02d}.js';\n" if at + 1 < LONG else "export const end = 1;\n"
        (tmp_path / f"m{at:02d}.js").write_text(line, encoding="utf-8")
    storage = HashedStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {name: (storage, name) for name in (f"m{at:02d}.js" for at in order)}
    failed = [done for _, _, done in storage.post_process(paths) if isinstance(done, Exception)]
    assert failed == []
    name = storage.hashed_files["m00.js"]
    for _ in range(LONG - 1):
        (name,) = re.findall(r"m\d\d\.[0-9a-f]{12}\.js", (tmp_path / name).read_text("utf-8"))
        assert (tmp_path / name).is_file()


def test_addresses_are_those_of_the_files_that_were_collected_last(tmp_path):
    storage = HashedStaticFilesStorage(location=tmp_path, base_url="/static/")
    seen = []
    for color in ("red", "blue"):
        (tmp_path / "page.css").write_text(f"p {{ color: {color} }}", encoding="utf-8")
        assert all(storage.post_process({"page.css": (storage, "page.css")}))
        seen.append(storage.url("page.css"))
        assert storage.url("page.css") == seen[-1] == f"/static/{storage.hashed_files['page.css']}"
    assert seen[0] != seen[1]
    with pytest.raises(ValueError, match=r"missing\.css"):
        storage.url("missing.css")


def test_a_lenient_app_leaves_names_of_missing_files_as_they_are(tmp_path):
    (tmp_path / "page.css").write_text("p { background: url(gone.png) }", encoding="utf-8")

    def done_with(kind):
        storage = kind(location=tmp_path, base_url="/static/")
        found = list(storage.post_process({"page.css": (storage, "page.css")}))
        return storage, [one for *_, one in found if isinstance(one, Exception)]

    assert len(done_with(HashedStaticFilesStorage)[1]) == 1
    storage, failed = done_with(LenientStaticFilesStorage)
    assert failed == [] and storage.url("missing.css") == "/static/missing.css"
    made = tmp_path / storage.hashed_files["page.css"]
    assert made.name != "page.css" and 'url("gone.png")' in made.read_text(encoding="utf-8")


@pytest.fixture
def compressor(monkeypatch, settings):
    """django-compressor as far as we use it; ``answers`` is what its command raises."""
    package, errors = ModuleType("compressor"), ModuleType("compressor.exceptions")
    errors.OfflineGenerationError = type("OfflineGenerationError", (Exception,), {})
    monkeypatch.setitem(sys.modules, "compressor", package)
    monkeypatch.setitem(sys.modules, "compressor.exceptions", errors)
    monkeypatch.setattr(staticfiles.apps, "is_installed", lambda name: name == "compressor")
    asked: list[str] = []

    def call(name, **options):
        asked.append(name)
        if package.answers:
            raise errors.OfflineGenerationError(package.answers)

    monkeypatch.setattr("django.core.management.call_command", call)
    settings.COMPRESS_ENABLED = settings.COMPRESS_OFFLINE = True
    package.asked, package.answers = asked, ""
    return package


def test_what_is_compressed_in_advance_is_made_from_what_was_collected(
    tmp_path, compressor, settings
):
    (tmp_path / "page.css").write_text("p { color: red }", encoding="utf-8")
    storage = HashedStaticFilesStorage(location=tmp_path, base_url="/static/")
    for _ in range(2):
        assert list(storage.post_process({"page.css": (storage, "page.css")}))
    assert compressor.asked == ["compress", "compress"]
    compressor.answers = "No 'compress' template tags found in templates."
    staticfiles.compress_in_advance()
    compressor.answers = "An error occurred during rendering base.html"
    with pytest.raises(Exception, match=r"rendering base\.html"):
        staticfiles.compress_in_advance()
    compressor.asked.clear()
    settings.COMPRESS_OFFLINE = False
    staticfiles.compress_in_advance()
    assert compressor.asked == []
