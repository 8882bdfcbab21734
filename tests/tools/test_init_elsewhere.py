"""Packages from git or a URL, and those that do not run in the lock's version."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.projects.readiness.draft import Draft
from djdesk.tools.init import beside, trial
from djdesk.tools.init.dependencies import elsewhere, install, locks, resolve, uv
from djdesk.tools.init.dependencies.installed import Installed
from tests.tools.init_projects import find, make

ADDRESS = "git+https://git.example.org/mine@abc"
LIST = f"""
Django==5.2.1  # see https://www.djangoproject.com/
mine[fast] @ {ADDRESS} ; python_version >= "3.12"
-e git+https://git.example.org/theirs.git@1.0#egg=theirs
git+https://me:secret@git.example.org/django-others.git
https://example.org/files/wheeled-1.0-py3-none-any.whl
plain>=2  # not from git+https://git.example.org/plain
"""


def wanted(root: Path) -> locks.Wanted:
    project = find(root, settings=None, manage=None)
    return locks.read(project.root, project.base, project.declared)


def test_every_way_to_name_an_address_in_a_list(tmp_path):
    root = make(tmp_path / "shop", {"requirements.txt": LIST})
    found = wanted(root)
    assert found.elsewhere == [
        ("mine", ADDRESS),
        ("theirs", "git+https://git.example.org/theirs.git@1.0"),
        ("django-others", "git+https://git.example.org/django-others.git"),
        ("wheeled", "https://example.org/files/wheeled-1.0-py3-none-any.whl"),
    ]
    assert found.places["theirs"] == "requirements.txt:4"
    assert found.lines[:2] == [
        "Django==5.2.1",
        f'mine[fast] @ {ADDRESS} ; python_version >= "3.12"',
    ]
    assert found.lines[-1] == "plain>=2" and found.pins == {"django": "5.2.1"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[project]\nname = "shop"\nversion = "1"\ndependencies = ["mine>=1", '
         '"idna>=3"]\n[tool.uv.sources]\n'
         'mine = { git = "https://git.example.org/mine", rev = "abc" }\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\n'
         'mine = { git = "https://git.example.org/mine", rev = "abc" }\nidna = ">=3"\n'),
        ("Pipfile", '[packages]\nmine = { git = "https://git.example.org/mine", ref = "abc" }\n'
         'idna = ">=3"\n'),
    ],
)  # fmt: skip
def test_an_address_in_a_project_without_a_lock(tmp_path, name, text):
    found = wanted(make(tmp_path / "shop", {name: text}))
    assert found.elsewhere == [("mine", ADDRESS)]
    assert sorted(found.lines) == ["idna>=3", f"mine @ {ADDRESS}"]


def compiles(monkeypatch, answer):
    """uv's answer to each requested list: a text, or None if there is no solution."""

    def run(command, *, cwd, stdin=None):
        command = [str(word) for word in command]
        text = answer(Path(command[command.index("--output-file") + 1]).stem, command, stdin)
        if text is None:
            return SimpleNamespace(returncode=1, stderr="Git operation failed", stdout="")
        Path(command[command.index("--output-file") + 1]).write_text(text)
        return SimpleNamespace(returncode=0, stderr="", stdout="")

    monkeypatch.setattr(uv, "run", run)


def test_what_cannot_be_fetched_is_not_replaced_by_the_index(tmp_path, monkeypatch):
    root = make(tmp_path / "shop", {"requirements.txt": f"Django==5.2.1\nmine @ {ADDRESS}\n"})
    project = find(root, settings=None, manage=None)
    # Another package requires one of this name, and the index has it.
    other = "django==5.2.1\nmine==9.9 \\\n    --hash=sha256:66\n"
    compiles(monkeypatch, lambda attempt, command, stdin: other if attempt == "free" else None)
    found = resolve.resolve(project, "3.13", [])
    assert "mine" not in found.text and "mine" not in found.versions
    (told,) = [one for one in found.decisions if one.rule == "DEP2"]
    assert told.level == "C" and ADDRESS in told.what and "mine 9.9" in told.why
    assert told.where == "requirements.txt:2" and "pip wheel --no-deps -w wheels" in told.todo


def test_what_only_one_system_takes_from_an_address_is_a_limitation(tmp_path, monkeypatch):
    """As a wheel for Windows of a package that the index has for the others."""
    wheel = "https://example.org/mine-1.0-cp311-win_amd64.whl"
    text = (
        "Django==5.2.1\nmine==1.0 ; sys_platform != 'win32'\n"
        f"mine @ {wheel} ; sys_platform == 'win32'\n"
    )
    root = make(tmp_path / "shop", {"requirements.txt": text})
    whole = "django==5.2.1\nmine==1.0 ; sys_platform != 'win32'\n"
    compiles(monkeypatch, lambda attempt, command, stdin: whole if attempt == "free" else None)
    found = resolve.resolve(find(root, settings=None, manage=None), "3.13", [])
    assert found.versions["mine"] == "1.0" and "mine==1.0" in found.text
    (told,) = [one for one in found.decisions if one.rule == "DEP2"]
    assert (told.level, told.where) == ("B", "requirements.txt:3") and wheel in told.what


def test_what_can_be_fetched_stays_from_where_it_comes(tmp_path, monkeypatch):
    root = make(tmp_path / "shop", {"requirements.txt": f"Django==5.2.1\nmine @ {ADDRESS}\n"})
    project = find(root, settings=None, manage=None)
    compiles(monkeypatch, lambda *asked: f"django==5.2.1\nmine @ {ADDRESS}\n")
    found = resolve.resolve(project, "3.13", [])
    assert f"mine @ {ADDRESS}" in found.text
    assert [one.rule for one in found.decisions] == ["DEP1"]


def test_a_wheel_in_the_apps_folder_stands_in(tmp_path, monkeypatch):
    root = make(tmp_path / "shop", {"requirements.txt": f"Django==5.2.1\nmine @ {ADDRESS}\n"})
    project = find(root, settings=None, manage=None)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "mine-1.2-py3-none-any.whl").touch()

    def answer(attempt, command, stdin):
        assert attempt == "exact" and "mine==1.2" in stdin and ADDRESS not in stdin
        assert command[command.index("--find-links") + 1] == str(wheels)
        return "django==5.2.1\nmine==1.2\n"

    compiles(monkeypatch, answer)
    found = resolve.resolve(project, "3.13", [], wheels)
    assert found.versions["mine"] == "1.2"
    assert not [one for one in found.decisions if one.rule == "DEP2"]


def test_a_wheel_is_built_of_what_comes_from_git(tmp_path, monkeypatch):
    def run(command, *, cwd, stdin=None):
        assert command[-1] == f"mine @ {ADDRESS}"
        place = Path(command[command.index("-w") + 1])
        (place / "mine-1.2-py3-none-any.whl").write_bytes(b"wheel")
        return SimpleNamespace(returncode=0, stderr="", stdout="")

    monkeypatch.setattr(uv, "run", run)
    text, (told,) = elsewhere.wheels_of(tmp_path, f"idna==3.1\nmine @ {ADDRESS}\n")
    digest = hashlib.sha256(b"wheel").hexdigest()
    assert text == f"idna==3.1\nmine==1.2 \\\n    --hash=sha256:{digest}\n"
    assert told.level == "" and told.where == "wheels/mine-1.2-py3-none-any.whl"
    assert (tmp_path / told.where).read_bytes() == b"wheel"


def test_what_comes_from_git_and_does_not_build_is_told(tmp_path, monkeypatch):
    answer = SimpleNamespace(returncode=1, stderr="error: no compiler", stdout="")
    monkeypatch.setattr(uv, "run", lambda command, **more: answer)
    text, (told,) = elsewhere.wheels_of(tmp_path, f"mine @ {ADDRESS}\n")
    assert text == f"mine @ {ADDRESS}\n"
    assert told.level == "B" and "no compiler" in told.why


def test_crispy_forms_keeps_its_templates_when_django_goes(tmp_path, monkeypatch):
    asked = []

    def answer(attempt, command, stdin):
        asked.append(stdin.splitlines())
        return "django==5.2.3\n" if attempt == "near" else None

    compiles(monkeypatch, answer)
    for crispy in ("1.14.0", "2.1"):
        text = f"Django==4.1\ndjango-crispy-forms=={crispy}\n"
        root = make(tmp_path / crispy, {"requirements.txt": text})
        resolve.resolve(find(root, settings=None, manage=None), "3.13", [])
    bounded = ["django-crispy-forms<2" in lines for lines in asked]
    assert bounded == [False, True, False, False], "not the lock's, and not what has left them"


def test_limits_that_no_supported_django_meets_go(tmp_path, monkeypatch):
    """“Django~=4.2” without a lock is treated like an old pinned version."""
    root = make(tmp_path / "shop", {"requirements.txt": "Django~=4.2\ndjango-filter<24\nidna>=3\n"})
    project = find(root, settings=None, manage=None)

    def answer(attempt, command, stdin):
        if attempt == "exact":
            return None
        lines = stdin.splitlines()
        assert "django>=5.2,<6" in lines and "Django~=4.2" not in lines
        assert ("django-filter" if attempt == "free" else "django-filter<24") in lines
        return "django==5.2.3\n" if attempt == "free" else None

    compiles(monkeypatch, answer)
    found = resolve.resolve(project, "3.13", [])
    assert any("Django 5.2.3 instead of 4.2" in one.what for one in found.decisions)
    kept = make(tmp_path / "kept", {"requirements.txt": "Django>=4.2\n"})
    asked = []
    compiles(monkeypatch, lambda attempt, command, stdin: asked.append(stdin) or "django==6.0\n")
    found = resolve.resolve(find(kept, settings=None, manage=None), "3.13", [])
    assert [one.rule for one in found.decisions] == ["DEP1"] and "<6\n" not in asked[0]


def installed(tmp_path: Path, monkeypatch, versions: dict[str, str]) -> Installed:
    """An environment with ``old_thing 1.0``; ``versions``: the result of resolving again."""
    root = make(tmp_path / "shop")
    place = tmp_path / "app" / ".venv" / "lib" / "python3.13" / "site-packages"
    (place / "old_thing").mkdir(parents=True)
    (place / "old_thing" / "__init__.py").touch()
    info = place / "old_thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: old-thing\nVersion: 1.0\n")
    (info / "RECORD").write_text("old_thing/__init__.py,,\n")
    packages = Installed(find(root, settings=None, manage=None), tmp_path / "app", "3.13")
    packages.versions = {"old-thing": "1.0"}
    text = "".join(f"{name}=={version}\n" for name, version in versions.items())
    monkeypatch.setattr(resolve, "resolve", lambda *asked: resolve.Resolved(text, versions))
    done = SimpleNamespace(returncode=0, stderr="", stdout="")
    monkeypatch.setattr(install, "install", lambda folder, what: done)
    return packages


@pytest.mark.skipif(sys.platform == "win32", reason="an environment there has other folders")
def test_a_package_that_this_python_does_not_run_is_renewed(tmp_path, monkeypatch):
    packages = installed(tmp_path, monkeypatch, {"old-thing": "2.0"})
    file = next(packages.folder.rglob("old_thing/__init__.py"))
    assert packages.renew(str(file), "AttributeError: gone")
    assert packages.renewed == ["old-thing"] and "old-thing==2.0" in packages.text
    (told,) = packages.decisions
    assert told.what == "old-thing 2.0 instead of 1.0." and "AttributeError" in told.why
    assert not packages.renew(str(file), "still"), "once is enough"


@pytest.mark.parametrize(
    ("module", "file", "added", "why"),
    [
        ("cgi", "", "standard-cgi", "since 3.13"),
        # A package imports it without requiring it.
        (
            "pytz",
            "/x/site-packages/old_thing/models.py",
            "pytz",
            "used to install it",
        ),
        # Python never had it, and the project itself imports it.
        ("cgi_of_nobody", "", "", ""),
        ("pytz", "", "", ""),
    ],
)
def test_a_module_that_others_brought_is_added(tmp_path, monkeypatch, module, file, added, why):
    """Python itself, such as cgi, or another package."""
    packages = installed(tmp_path, monkeypatch, {added or "x": "3.13"})
    look = SimpleNamespace(
        project=packages.project, base=packages.project.base,
        declared=SimpleNamespace(requirements=[]),
    )  # fmt: skip
    facts = {
        "ok": False, "type": "ModuleNotFoundError", "module": module, "place": "shop/urls.py:3",
        "line": f"import {module}", "message": "", "distribution": "", "lacking": "",
        "packages": [file] if file else [], "missing": [], "stage": "urls", "own_module": "",
        "python": "3.13",
    }  # fmt: skip

    def load(*asked):
        return trial.Outcome(facts | {"ok": added in packages.added})

    monkeypatch.setattr(trial, "until_it_loads", load)
    monkeypatch.setattr(trial, "with_older_names", lambda *asked: [])
    monkeypatch.setattr(beside, "of_the_repository", lambda *asked: [])
    outcome = beside._loaded(look, Draft(), packages)
    found = packages.decisions if outcome.ok else [trial.failure(outcome)]
    (told,) = found
    place = "old_thing/models.py" if file else "shop/urls.py:3"
    assert (told.rule, told.level, told.where) == ("DEP4", "" if added else "C", place)
    if outcome.ok:
        assert told.what.startswith(f"{added} is added: ") and why in told.why


@pytest.mark.skipif(sys.platform == "win32", reason="an environment there has other folders")
def test_a_package_without_a_newer_version_stays(tmp_path, monkeypatch):
    packages = installed(tmp_path, monkeypatch, {"old-thing": "1.0"})
    file = next(packages.folder.rglob("old_thing/__init__.py"))
    assert not packages.renew(str(file), "AttributeError: gone") and packages.decisions == []
    assert not packages.renew(str(tmp_path / "shop" / "shop" / "urls.py"), "the project's own")
    assert packages.renewed == ["old-thing"]


def test_a_renewed_package_leaves_its_version_and_wants_a_wheel(tmp_path, monkeypatch):
    root = make(tmp_path / "shop", {"requirements.txt": "Django==5.2.1\nold==1.0\nidna==3.1\n"})
    project = find(root, settings=None, manage=None)

    def answer(attempt, command, stdin):
        lines = stdin.splitlines()
        assert "old" in lines and "idna==3.1" in lines and "--only-binary=old" in command
        return "django==5.2.1\nidna==3.1\nold==2.0\n"

    compiles(monkeypatch, answer)
    found = resolve.resolve(project, "3.13", [], None, ["old"])
    assert found.versions["old"] == "2.0"
    assert [one.rule for one in found.decisions] == ["DEP1"], "the one who renews tells"


def test_a_version_with_wheels_stands_in_for_one_that_is_compiled(tmp_path, monkeypatch):
    """What is built here fits only this system; a pure wheel fits all."""
    monkeypatch.setattr(
        install, "missing_wheels",
        lambda *asked: {system: ["driver", "plain"] for system in install.TARGETS.values()},
    )  # fmt: skip
    (tmp_path / "made").mkdir()

    def wheel(folder, what):
        name, _, version = what.partition("==")
        kind = "none-any" if name == "plain" else "cp313-linux_x86_64"
        made = tmp_path / "made" / f"{name}-{version}-{kind}.whl"
        made.touch()
        return made, ""

    monkeypatch.setattr(install, "pip_wheel", wheel)
    text = "driver==1.0\nplain==2.0\n"
    _, told, compiled = beside._wheels(tmp_path, text, "3.13")
    assert compiled == ["driver"] and [one.level for one in told] == ["B", ""]


@pytest.mark.skipif(sys.platform == "win32", reason="an environment there has other folders")
def test_a_newer_version_with_a_wheel_is_taken_once(tmp_path, monkeypatch):
    packages = installed(tmp_path, monkeypatch, {"old-thing": "2.0"})
    assert packages.newer("Old_Thing") and "No index has a wheel" in packages.decisions[0].why
    assert not packages.newer("old-thing")
