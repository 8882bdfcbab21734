"""The interpreter: python-build-standalone, from uv or an archive, made relocatable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from .places import WINDOWS, Backend, StageProblem, environment, pinned_python


def find_uv(named: str | None = None) -> str:
    """A working uv: the one given, ``UV``, on PATH, or in this environment."""
    own = Path(sys.prefix) / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
    for candidate in (named, os.environ.get("UV"), shutil.which("uv"), str(own)):
        if candidate and shutil.which(candidate):
            return candidate
    raise StageProblem(
        "uv, which fetches Python and the app's packages, was not found.",
        "Install it (https://docs.astral.sh/uv/, or pip install uv), or set UV to its path.",
    )


def place(backend: Backend, *, archive: Path | None, uv: str, scratch: Path) -> None:
    """Put the interpreter into the backend.

    ``archive`` is an ``install_only`` archive of python-build-standalone; without one uv downloads
    the pinned version, from a mirror if configured (``UV_PYTHON_INSTALL_MIRROR``,
    ``UV_PYTHON_DOWNLOADS_JSON_URL``).
    """
    source = _unpack(archive, scratch) if archive else _fetch(uv, scratch)
    shutil.copytree(source, backend.home, symlinks=True)
    _forget_place(backend, source)
    _one_name(backend)


def version(python: Path) -> str:
    """The version that the interpreter reports. Raises StageProblem if it does not run."""
    said = subprocess.run(
        [python, "-I", "-B", "-c", "import platform; print(platform.python_version())"],
        capture_output=True, text=True, timeout=60, check=False, env=environment(),
    )  # fmt: skip
    if said.returncode != 0:
        raise StageProblem(f"The staged Python does not run: {python}", detail=said.stderr)
    found = said.stdout.strip()
    if found.split(".")[:2] != pinned_python().split(".")[:2]:
        raise StageProblem(
            f"The archive contains Python {found}, but Python {pinned_python()} is needed.",
            "Choose an archive of that version, or change djdesk/tools/stage/python-version.",
        )
    return found


def _unpack(archive: Path, scratch: Path) -> Path:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="tar")
    except (OSError, tarfile.TarError) as error:
        raise StageProblem(
            f"{archive} could not be unpacked: {error}",
            "It must be an install_only archive of python-build-standalone (.tar.gz).",
        ) from error
    source = scratch / "python"
    if not source.is_dir():
        raise StageProblem(
            f"{archive} has no folder python/.",
            "It must be an install_only archive of python-build-standalone (.tar.gz).",
        )
    return source


def _fetch(uv: str, scratch: Path) -> Path:
    wanted = f"cpython-{pinned_python()}"
    done = subprocess.run(
        [uv, "python", "install", "--no-config", "--no-bin", "--install-dir", scratch, wanted],
        capture_output=True, text=True, timeout=1800, check=False,
        env=environment(UV_PYTHON_DOWNLOADS="automatic"),
    )  # fmt: skip
    # uv also creates a link named after the minor version; on Windows it is a junction.
    found = [
        entry
        for entry in scratch.glob("cpython-*")
        if not entry.is_symlink() and not entry.is_junction()
    ]
    if done.returncode != 0 or len(found) != 1:
        raise StageProblem(
            f"uv could not fetch Python {pinned_python()}.",
            "Check the network. In a closed network, set UV_PYTHON_INSTALL_MIRROR, or pass an "
            "archive of python-build-standalone with --python-archive.",
            done.stderr[-2000:],
        )
    return found[0]


def _forget_place(backend: Backend, source: Path) -> None:
    """uv writes the installation path into the build configuration; remove it again."""
    for file in sorted(backend.library.glob("_sysconfigdata*.py")):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(str(source), "/install"), encoding="utf-8")


def _one_name(backend: Backend) -> None:
    """Symbolic links do not survive every archive format: keep one name for the interpreter."""
    if not WINDOWS:
        real = backend.python.resolve()
        if real != backend.python:
            backend.python.unlink(missing_ok=True)
            real.rename(backend.python)
    for link in sorted(backend.home.rglob("*")):
        if link.is_symlink():
            link.unlink()
