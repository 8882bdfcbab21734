"""Staging: reproducible, and refused if something is missing."""

import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.app import App, load
from djdesk.tools.serving.inside import addresses
from djdesk.tools.stage import (
    application,
    bytecode,
    check,
    crawl,
    interpreter,
    manifest,
    places,
    requirements,
    sizes,
)
from djdesk.tools.stage.places import Backend, StageProblem

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the layout is POSIX's")


ROOT = Path(__file__).resolve().parents[2]


@POSIX
def test_the_same_tree_gives_the_same_manifest_anywhere(
    backend: Backend, tmp_path: Path, app: App
) -> None:
    import shutil

    twin = Backend(tmp_path / "elsewhere" / "b")
    shutil.copytree(backend.root, twin.root, symlinks=True)
    made = []
    for one in (backend, twin):
        # The compiled files run on the tests' Python; its link is not part of the tree.
        bytecode.compile_all(one)
        (one.home / "bin" / "python3").unlink()
        manifest.settle_times(one.root, 1_700_000_000)
        made.append(manifest.make(one, app, python="3.13", epoch=1_700_000_000))
    assert made[0] == made[1]
    assert any(name.endswith(".pyc") for name in made[0]["files"])
    assert made[0]["packages"] == {"Django": "6.1"}


def test_a_manifest_notices_every_change(tmp_path: Path) -> None:
    root = Backend(tmp_path / "b").root
    (root / "app").mkdir(parents=True)
    (root / "app" / "a.py").write_bytes(b"a = 1\n")
    (root / "b.txt").write_bytes(b"b")
    files = {
        file.relative_to(root).as_posix(): [file.stat().st_size, manifest.digest(file)]
        for file in manifest.files(root)
    }
    manifest.write(Backend(root), {"files": files})
    assert manifest.differences(root) == []
    (root / "app" / "a.py").write_bytes(b"a = 2\n")
    assert manifest.differences(root) == ["app/a.py was changed"]
    assert manifest.differences(root, contents=False) == []
    (root / "app" / "a.py").write_bytes(b"a = 22\n")
    (root / "b.txt").unlink()
    (root / "c").write_bytes(b"")
    assert sorted(manifest.differences(root)) == [
        "app/a.py has a different size",
        "b.txt is missing",
        "c was added",
    ]
    (root / "manifest.json").write_text("[]")
    assert "cannot be read" in manifest.differences(root)[0]


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    backend = Backend(tmp_path / "b")
    archive = tmp_path / "python.tar.gz"
    archive.write_bytes(b"no archive")
    with pytest.raises(StageProblem, match="could not be unpacked"):
        interpreter.place(backend, archive=archive, uv="uv", scratch=tmp_path / "s")
    with tarfile.open(archive, "w:gz"):
        pass
    (tmp_path / "s").mkdir(exist_ok=True)
    with pytest.raises(StageProblem, match="no folder python/"):
        interpreter.place(backend, archive=archive, uv="uv", scratch=tmp_path / "s")


@POSIX
def test_another_minor_version_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "python3"
    fake.write_text("#!/bin/sh\necho 3.9.1\n")
    fake.chmod(0o755)
    with pytest.raises(StageProblem, match=r"contains Python 3\.9\.1"):
        interpreter.version(fake)


def test_the_pin_is_a_full_version_and_new_enough() -> None:
    parts = [int(part) for part in places.pinned_python().split(".")]
    assert len(parts) == 3
    assert parts[:2] >= [3, 12]


def test_runtime_lock_is_a_part_of_the_app_lock() -> None:
    """The tested versions are the shipped ones."""

    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line[:1].isalpha()}

    assert pins("runtime.txt") < pins("app.txt")
    assert not {pin for pin in pins("runtime.txt") if pin.startswith(("hatchling", "editables"))}


def test_sizes_count_every_file_once(tmp_path: Path, backend: Backend) -> None:
    (backend.home / "bin" / "python3").unlink()
    (backend.root / "static").mkdir()
    (backend.root / "static" / "a.css").write_text("x" * 1000)
    backend.manifest.write_text("{}")
    *parts, whole = sizes.weigh(backend, each=True)
    assert sum(part.files for part in parts) == whole.files
    assert sum(part.size for part in parts) == whole.size
    assert 0 < whole.compressed < whole.size + 10_000


def test_the_runtime_is_copied_without_the_developers_tools(backend: Backend, app: App) -> None:
    application.copy_runtime(backend, app)
    ours = backend.packages / "djdesk"
    assert (ours / "desktop" / "help" / "de" / "data.md").is_file()
    assert not (ours / "tools").exists()
    assert not (ours / "shell").exists()
    assert not list(ours.rglob("__pycache__"))
    entries = next(backend.packages.glob("djdesk-*.dist-info")) / "entry_points.txt"
    assert "djdesk.desktop.commands.doctor" in entries.read_text()
    assert "djdesk.tools" not in entries.read_text()
    assert (backend.root / "bin").iterdir()


def test_of_the_app_all_is_copied_but_its_development(backend: Backend, app: App) -> None:
    unwanted = {
        "db.sqlite3", "media/secret.txt", ".env", "tests/test_a.py", "tests/data/a.txt",
        "docs/a.md", "scripts/release.py", "shelf/tests/helpers.py", "tools/python/pyvenv.cfg",
        "tools/python/lib/a.py",
    }  # fmt: skip
    wanted = {
        # A Python package may have any name, and content may be in any folder.
        "build/__init__.py", "quiz/tests/apps.py", "quiz/tests/models.py",
        "shelf/templates/docs/a.html", "shelf/templates/tests/a.html", "shelf/static/lib/dist/a.js",
        "frontend/dist/a.js",
    }  # fmt: skip
    for name in unwanted | wanted:
        (app.root / name).parent.mkdir(parents=True, exist_ok=True)
        (app.root / name).write_text("")
    application.copy_app(backend, app)
    names = {file.relative_to(backend.app).as_posix() for file in backend.app.rglob("*.*")}
    assert {"pyproject.toml", "shelf/models.py", "shelf/help/en/documents.md"} <= names
    assert wanted <= names
    assert not unwanted & names
    assert "shelf/tests.py" not in names


def test_a_project_beside_its_table_is_packaged_with_it(backend: Backend, tmp_path: Path) -> None:
    shop, table = tmp_path / "shop", tmp_path / "shop-desktop"
    for name, text in {
        "shop/settings.py": "", "shop/static/built.js": "built", "shop/static/a/b.js": "built",
        "shop/locale/de/LC_MESSAGES/django.mo": "x", "shop/locale/de/LC_MESSAGES/django.po": "",
        "secrets.txt": "mine", "tests/x.py": "", "var/built/c.js": "built", "var/mine.txt": "mine",
        ".gitignore": "built.js\nshop/static/a/\n*.mo\nsecrets.txt\nvar/\n",
    }.items():  # fmt: skip
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text(text)
    subprocess.run(["git", "init", "--quiet", shop], check=True)
    table.mkdir()
    (table / "pyproject.toml").write_text(
        '[tool.djdesk]\nname = "Shop"\nproject = "../shop"\nsettings = "shop.settings"\n'
        'folders = ["var/logs"]\ninclude = ["shop/static", "var/built"]\n'
    )
    application.copy_app(backend, load(table))
    staged = load(backend.app)
    assert staged.project == backend.app / "project" and staged.name == "Shop"
    names = {f.relative_to(staged.project).as_posix() for f in manifest.files(staged.project)}
    assert names == {
        "shop/settings.py", "shop/static/built.js", "shop/static/a/b.js", "var/logs/.keep",
        "shop/locale/de/LC_MESSAGES/django.mo", "var/built/c.js",
    }  # fmt: skip


def test_static_files_that_templates_name_must_be_there(backend: Backend) -> None:
    templates = backend.app / "shelf" / "templates"
    templates.mkdir(parents=True)
    (templates / "a.html").write_text(
        "{% static 'a.css' %} {% static \"gone.css\" %}{% static x %}"
    )
    static = backend.root / "static"
    static.mkdir()
    (static / "staticfiles.json").write_text('{"paths": {"a.css": "a.123.css"}}')
    assert check.missing_static_files(backend) == ["shelf/templates/a.html names gone.css"]


def test_djdesk_and_index_lines_are_left_out_of_a_lock() -> None:
    text = (
        "# made by a tool\n--index-url https://example.org/simple\n"
        "django==6.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "djdesk @ file:///w/djdesk-0.1.0-py3-none-any.whl \\\n    --hash=sha256:cc\n"
        "./dist/djdesk-0.1.0-py3-none-any.whl\ndjdesk==1.0\ndjdesk-plugin==1.0 --hash=sha256:dd\n"
    )
    kept = requirements.without_runtime(text)
    assert "django==6.1" in kept
    assert "sha256:bb" in kept
    assert "djdesk-plugin==1.0" in kept
    assert "sha256:cc" not in kept
    assert "djdesk==" not in kept
    assert "index" not in kept


def test_addresses_without_arguments() -> None:
    from django.urls import include, path, re_path

    def view(request):
        return None

    class Resolver:
        url_patterns = [
            path("", view),
            path("add/", view),
            path("<int:pk>/", view),
            path("a/", include([path("b/", view), path("<slug:s>/c/", view)])),
            re_path(r"^feed\.xml$", view),
            re_path(r"^(?P<year>\d+)/$", view),
            re_path(r"^.*$", view),
        ]

    found = [path for path, _ in addresses.addresses(Resolver)]
    assert sorted(found) == ["", "a/b/", "add/", "feed.xml"]


@pytest.mark.parametrize(
    ("cookie", "with_faults", "passed"),
    [("", False, None), ("", True, 1), ("s=1", False, 1), ("s=1", True, 1)],
)
def test_pages_that_fail_for_nobody_are_told_where_somebody_is_logged_in(
    backend: Backend, monkeypatch, tmp_path, cookie, with_faults, passed
) -> None:
    """The project's own error page may be broken, but users do not see it."""
    monkeypatch.setattr(crawl.pages, "addresses", lambda *a: [{"path": "/"}, {"path": "/own/"}])
    monkeypatch.setattr(crawl.pages, "session", lambda *a: cookie)

    def get(server, path, shown, body):
        return SimpleNamespace(status=500 if path == "/own/" and not shown else 200)

    monkeypatch.setattr(crawl.pages, "get", get)
    (tmp_path / "log").write_text("")
    server = crawl.Server(1, "", tmp_path / "log")

    def asked():
        return crawl.crawl(backend, server, {}, with_faults=with_faults)

    if passed is None:
        with pytest.raises(StageProblem, match="1 of the app's 2 pages") as caught:
            asked()
        assert "--with-faults" in caught.value.hint
    else:
        assert asked() == (2, 2 if cookie else 0, ["  /own/ answers 500 to nobody"])


def test_paths_that_windows_would_not_open_are_named(tmp_path):
    from djdesk.tools.stage import check

    backend = Backend(tmp_path)
    short, long = tmp_path / "app" / "a.py", tmp_path / "app" / ("x" * 100) / ("y" * 90)
    for file in (short, long):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    assert check.too_long(backend, "DJDesk") == [long.relative_to(tmp_path).as_posix()]
    assert check.too_long(backend, "D" * 60) == [long.relative_to(tmp_path).as_posix()]
    long.unlink()
    assert check.too_long(backend, "D" * 60) == []
