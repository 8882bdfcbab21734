"""The locked packages, our own code, its static files, the documents and the command line."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

from .places import ROOT, WINDOWS, Backend, StageProblem, environment

OURS = (("src/djdesk", "djdesk"), ("inspector/inspector", "inspector"))
LOCK = ROOT / "requirements" / "runtime.txt"
# Of the translations only what is read at runtime: the .mo of a .po.
UNWANTED = ("__pycache__", "*.pyc", "*.po", ".DS_Store", "*.sqlite3", "*.sqlite3-*")

LAUNCHER = """#!/bin/sh
# The command line of the installed app; it works when the window does not.
here=$(dirname "$(readlink -f "$0" 2>/dev/null || echo "$0")")
exec "$here/../python/bin/python3" -I -B -X utf8 -m djdesk.cli "$@"
"""
LAUNCHER_CMD = '@"%~dp0..\\python\\python.exe" -I -B -X utf8 -m djdesk.cli %*\r\n'


def install_packages(backend: Backend, uv: str) -> None:
    """What the lock names, with hashes, into the interpreter's own site-packages."""
    command = [
        uv, "pip", "install", "--quiet", "--no-config", "--require-hashes", "--no-deps",
        "--only-binary", ":all:", "--link-mode", "copy", "--no-compile-bytecode",
        "--python", str(backend.python), "--target", str(backend.packages), "-r", str(LOCK),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1800, check=False, env=environment()
    )
    if done.returncode != 0:
        raise StageProblem(
            "The locked packages could not be installed.",
            "Check the network; a closed one needs UV_DEFAULT_INDEX.",
            done.stderr[-2000:],
        )


def copy_code(backend: Backend) -> None:
    """Our packages, and what makes them importable and known by name."""
    for source, name in OURS:
        if (ROOT / source).is_dir():
            shutil.copytree(
                ROOT / source, backend.app / name, ignore=shutil.ignore_patterns(*UNWANTED)
            )
    shutil.rmtree(backend.app / "djdesk" / "tools", ignore_errors=True)  # the developer's
    above = "../" * len(backend.packages.relative_to(backend.root).parts)
    # A path relative to site-packages: the folder may be moved.
    _write(backend.packages / "djdesk.pth", f"{above}app\n")
    _write_metadata(backend)
    if WINDOWS:
        _write(backend.root / "bin" / "djdesk.cmd", LAUNCHER_CMD)
    else:
        _write(backend.root / "bin" / "djdesk", LAUNCHER)
        (backend.root / "bin" / "djdesk").chmod(0o755)


def copy_documents(backend: Backend) -> None:
    docs = ROOT / "docs"
    # Pictures weigh as much as everything else together, and the app itself is at hand.
    ignore = shutil.ignore_patterns(*UNWANTED, "_build", "screenshots")
    shutil.copytree(docs, backend.root / "docs", ignore=ignore)
    if (ROOT / "inspector" / "docs").is_dir():
        shutil.copytree(
            ROOT / "inspector" / "docs", backend.root / "docs" / "inspector", ignore=ignore
        )
    for name in ("LICENSE", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, backend.root / "docs" / name)


def make_static_files(backend: Backend, epoch: int) -> None:
    """Hashed, by the staged app itself, where its own settings look for them."""
    with tempfile.TemporaryDirectory(prefix="djdesk-stage-") as data:
        done = subprocess.run(
            [
                backend.python, "-I", "-B", "-X", "utf8", "-m", "django",
                "collectstatic", "--noinput", "--verbosity", "0",
            ],
            capture_output=True, text=True, timeout=600, check=False,
            env=environment(
                DJANGO_SETTINGS_MODULE="djdesk.settings.desktop",
                DJDESK_DATA_DIR=data,
                SOURCE_DATE_EPOCH=str(epoch),
            ),
        )  # fmt: skip
    if done.returncode != 0:
        raise StageProblem("The static files could not be made.", detail=done.stderr[-2000:])


def _write_metadata(backend: Backend) -> None:
    """A ``dist-info``: the command line finds its commands as entry points."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    folder = backend.packages / f"{name}-{version}.dist-info"
    _write(
        folder / "METADATA",
        f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n"
        f"Summary: {project['description']}\nLicense-Expression: {project['license']}\n",
    )
    lines = []
    groups = {"console_scripts": project.get("scripts", {}), **project.get("entry-points", {})}
    for group in sorted(groups):
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in groups[group].items()), ""]
    _write(folder / "entry_points.txt", "\n".join(lines))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
