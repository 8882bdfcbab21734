"""Install the app's packages, djdesk itself, the app with its static files, and its
command line.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import djdesk
from djdesk.app import App
from djdesk.tools.builds import PROJECT, ignored_by_git, point
from djdesk.tools.desktop import environment as desktop_environment
from djdesk.tools.scratch import temporary_folder

from .places import RUN, WINDOWS, Backend, StageProblem, environment
from .requirements import Lock

# Translations need only the .mo files at run time.
UNWANTED = ("__pycache__", "*.pyc", "*.po", ".DS_Store", "*.sqlite3", "*.sqlite3-*")
# Development files, wherever they are.
DEVELOPMENT = (
    ".*", "node_modules", "__pypackages__", "uv.lock", "tests.py", "test_*.py", "conftest.py",
)  # fmt: skip
# Development folders at the top of a project, unless they are Python packages: an app may be called
# that.
USUAL_FOLDERS = {
    "build", "dist", "docs", "electron", "env", "htmlcov", "scripts", "test", "venv", "wheels",
}  # fmt: skip
# Everything below these is for users, whatever it is called.
CONTENT = {"fixtures", "help", "locale", "static", "templates"}
# A folder called tests that contains one of these is an app of the project.
APP = ("apps.py", "migrations")
# djdesk's entry points that need the developer's tools, which are not shipped.
TOOLS = "djdesk.tools."

LAUNCHER = """#!/bin/sh
# The command line of the installed app; it works when the window does not.
here=$(dirname "$(readlink -f "$0" 2>/dev/null || echo "$0")")
DJDESK_APP="$here/../app" exec "$here/../python/bin/python3" -I -B -X utf8 -m djdesk.cli "$@"
"""
LAUNCHER_CMD = (
    '@setlocal\r\n@set "DJDESK_APP=%~dp0..\\app"\r\n'
    '@"%~dp0..\\python\\python.exe" -I -B -X utf8 -m djdesk.cli %*\r\n'
)


def install_packages(backend: Backend, uv: str, lock: Lock, scratch: Path, wheels: Path) -> None:
    """Install the locked packages into the interpreter's own site-packages. ``wheels``: the app's
    folder of wheels that no index has; it need not exist."""
    file = scratch / "requirements.txt"
    file.write_text(lock.text, encoding="utf-8")
    command = [
        uv, "pip", "install", "--quiet", "--no-config", "--require-hashes", "--no-deps",
        *(["--find-links", str(wheels)] if wheels.is_dir() else []),
        "--only-binary", ":all:", "--link-mode", "copy", "--no-compile-bytecode",
        "--python", str(backend.python), "--target", str(backend.packages), "-r", str(file),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1800, check=False, env=environment()
    )
    if done.returncode != 0:
        raise StageProblem(
            "The app's packages could not be installed.",
            "Check the network. In a closed network, set UV_DEFAULT_INDEX. If a package has "
            "no wheel for this system and Python, build one first.",
            done.stderr[-2000:],
        )


def copy_runtime(backend: Backend, app: App) -> None:
    """Copy the running djdesk, without the developer's tools, and write the app's command line."""
    source = Path(djdesk.__file__).resolve().parent
    tools = {str(source / "tools"), str(source / "shell")}
    ignored = shutil.ignore_patterns(*UNWANTED)

    def ignore(folder: str, names: list[str]) -> set[str]:
        return ignored(folder, names) | {
            name for name in names if str(Path(folder) / name) in tools
        }

    shutil.copytree(source, backend.packages / "djdesk", ignore=ignore)
    _write_metadata(backend)
    if WINDOWS:
        _write(backend.root / "bin" / f"{app.slug}.cmd", LAUNCHER_CMD)
    else:
        program = backend.root / "bin" / app.slug
        _write(program, LAUNCHER)
        program.chmod(0o755)


def copy_app(backend: Backend, app: App) -> None:
    """Copy the folder of the table and the Django project, without development files.

    A project elsewhere becomes ``project/`` in the package, and the packaged table says so.
    """
    built = [app.project / name for name in app.include]
    shutil.copytree(app.root, backend.app, ignore=_ignore(app.root, built), symlinks=False)
    if not app.project.is_relative_to(app.root):
        inside = backend.app / PROJECT
        shutil.copytree(app.project, inside, ignore=_ignore(app.project, built), symlinks=False)
        point(backend.app / "pyproject.toml", PROJECT)
    for name in app.folders:
        place = (backend.app if app.project == app.root else backend.app / PROJECT) / name
        place.mkdir(parents=True, exist_ok=True)
        # Empty folders do not survive packaging.
        (place / ".keep").touch()


def _ignore(root: Path, built: list[Path]) -> Callable[[str, list[str]], set[str]]:
    """Files ignored by git are left out too: databases, uploads, secrets on the developer's
    machine; except for compiled translations and the ``built`` folders."""
    patterns = shutil.ignore_patterns(*UNWANTED, *DEVELOPMENT)
    ignored = ignored_by_git(root)

    def ignore(folder: str, names: list[str]) -> set[str]:
        place = Path(folder)
        # An ignored folder that contains a built one is entered, but the rest of it stays ignored.
        inside = any(one in ignored for one in (place, *place.parents))
        found = {
            name
            for name in names
            if (inside or place / name in ignored)
            and not name.endswith(".mo")
            and not any((place / name).is_relative_to(one) or one.is_relative_to(place / name)
                        for one in built)
        }  # fmt: skip
        found |= patterns(folder, names)
        if CONTENT & set(place.relative_to(root).parts):
            return found
        found |= {name for name in names if (place / name / "pyvenv.cfg").is_file()}
        if not any((place / "tests" / name).exists() for name in APP):
            found.add("tests")
        if place == root:
            found |= {
                name for name in USUAL_FOLDERS if not (place / name / "__init__.py").is_file()
            }
        return found

    return ignore


def make_static_files(backend: Backend, app: App, epoch: int) -> None:
    """With hashed names, by the staged app itself, in the place that its settings expect."""
    with temporary_folder("stage") as data:
        env = desktop_environment(app, "packaged", Path(data), root=backend.app)
        # With the packages that users get, which may differ from the developer's.
        loaded = _load(backend, env)
        if loaded.returncode != 0:
            raise StageProblem(loaded.stderr.strip()[-2000:])
        done = _load(
            backend,
            env | {"SOURCE_DATE_EPOCH": str(epoch)},
            "collectstatic",
            "--noinput",
            "-v",
            "0",
        )
    if done.returncode != 0:
        raise StageProblem(
            "The static files could not be made.",
            "The message below names the file that a style sheet, script or template asks for.",
            done.stderr[-2000:],
        )


def _load(backend: Backend, env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [backend.python, *RUN, "-m", "djdesk.desktop.loading", *command],
        capture_output=True, text=True, encoding="utf-8", timeout=600, check=False, env=env,
    )  # fmt: skip


def _write_metadata(backend: Backend) -> None:
    """Write a ``dist-info``: the command line finds its commands as entry points."""
    ours = distribution("djdesk")
    folder = backend.packages / f"djdesk-{ours.version}.dist-info"
    metadata = ours.read_text("METADATA") or ""
    # The long description is the README for developers; drop it.
    _write(folder / "METADATA", metadata.partition("\n\n")[0] + "\n")
    points = ours.read_text("entry_points.txt") or ""
    _write(folder / "entry_points.txt", re.sub(rf"^.*= {TOOLS}.*\n", "", points, flags=re.M))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
