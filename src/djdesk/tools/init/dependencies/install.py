"""The app's own environment, and wheels for packages that have none on an index."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlparse

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.readiness.report import Decision
from djdesk.tools.problem import ToolProblem
from djdesk.tools.scratch import temporary_folder

from . import uv

# The users' platforms: uv's names, and common names.
TARGETS = {
    "x86_64-manylinux_2_28": "Linux",
    "aarch64-apple-darwin": "macOS",
    "x86_64-pc-windows-msvc": "Windows",
}
PLATFORMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
# With a marker in braces if a lock wants a package on some systems only.
NO_WHEEL = re.compile(
    r"Because ([A-Za-z0-9][\w.-]*)(?:\{[^}]*\})?==(\S+) has no (?:usable )?wheels?"
)
BUILD_FAILED = re.compile(r"(?:Failed to build|Failed to download and build) [`']?([\w.-]+)[=`']")
# For old source archives: newer versions dropped features that they use.
OLDER = "setuptools<72\n"
# Subfolder of the app for wheels that no index has.
WHEELS = "wheels"
MOST = 12  # packages without a wheel that are listed per system


def python_of(folder: Path) -> Path:
    environment = folder / ".venv"
    windows = environment / "Scripts" / "python.exe"
    return windows if windows.is_file() else environment / "bin" / "python"


def packages_of(folder: Path) -> list[Path]:
    """The site-packages folders of the app's environment."""
    environment = folder / ".venv"
    places = [*environment.glob("lib/python3*/site-packages"), environment / "Lib/site-packages"]
    return [one for one in places if one.is_dir()]


def make(
    folder: Path, python: str, text: str, newer: Callable[[str], str], *, older: bool = False
) -> tuple[str, list[Decision]]:
    """Create ``.venv`` in ``folder`` with the requirements in ``text`` and djdesk itself. For a
    package that does not build, ``newer(name)`` returns a list with another version; if it returns
    none, the package is left out and reported, and loading shows whether the project needs it.
    Returns the installed requirements. ``older``: build with an older setuptools. Raises
    ToolProblem with uv's output."""
    done = uv.run(["venv", "--quiet", "--clear", "--no-project", "--no-config",
                   "--python", interpreter(python),
                   folder / ".venv"], cwd=folder)  # fmt: skip
    if done.returncode != 0:
        raise ToolProblem(
            f"There is no Python {python} for the app.",
            "Install it (uv python install), or choose another with --python.",
            done.stderr.strip()[-1500:],
        )
    decisions: list[Decision] = []
    asked: set[str] = set()
    while True:
        listed = folder / "requirements.txt"
        listed.write_text(text, encoding="utf-8", newline="\n")
        done = install(folder, ["--no-deps", "-r", str(listed)], older=older)
        failed = BUILD_FAILED.search(done.stderr) if done.returncode != 0 else None
        if done.returncode == 0:
            break
        if failed and normalize(failed[1]) not in asked:
            asked.add(normalize(failed[1]))
            if other := newer(failed[1]):
                text = other
                continue
        if failed is None or (text := without(text, failed[1])) == listed.read_text("utf-8"):
            raise ToolProblem(
                "The project's packages could not be installed.",
                "Check the network. In a closed network, set UV_DEFAULT_INDEX.",
                done.stderr.strip()[-2000:],
            )
        decisions.append(
            Decision(
                "DEP3", "B", f"{failed[1]} is left out: it has no wheel and does not build here.",
                last_line(done.stderr), "requirements.txt",
                "Put a newer version into the project's lock, or build a wheel and put it "
                "into the app's wheels/ folder.",
            )
        )  # fmt: skip
    done = install(folder, ["--no-deps", *_djdesk()])
    if done.returncode != 0:
        raise ToolProblem("djdesk could not be installed.", "", done.stderr.strip()[-1500:])
    return text, decisions


def interpreter(version: str) -> str:
    """The Python that djdesk runs on, if its version fits; otherwise uv finds or downloads one."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    return getattr(sys, "_base_executable", sys.executable) if version == here else version


def install(
    folder: Path, what: list[str], *, older: bool = False
) -> subprocess.CompletedProcess[str]:
    with temporary_folder("init") as scratch:
        constraints = scratch / "build.txt"
        constraints.write_text(OLDER if older else "", encoding="utf-8")
        return uv.run(
            ["pip", "install", "--quiet", "--no-config", "--python", python_of(folder),
             "--build-constraint", constraints, *wheels_option(folder), *what],
            cwd=folder,
        )  # fmt: skip


def wheels_option(folder: Path) -> list[str | Path]:
    return ["--find-links", folder / WHEELS] if (folder / WHEELS).is_dir() else []


def _djdesk() -> list[str]:
    """djdesk as it is installed here: from a checkout, a wheel, or the index."""
    ours = distribution("djdesk")
    origin = json.loads(ours.read_text("direct_url.json") or "{}")
    address = urlparse(str(origin.get("url", "")))
    if address.scheme == "file":
        path = unquote(address.path)
        return ["--editable", path] if origin.get("dir_info", {}).get("editable") else [path]
    return [f"djdesk=={ours.version}"]


def without(text: str, name: str) -> str:
    """A requirements file without one package and its hashes."""
    entries = re.split(r"\n(?=\S)", text.strip())
    kept = [one for one in entries if _name(one) != normalize(name)]
    return "".join(f"{one}\n" for one in kept)


def with_hash(text: str, name: str, digest: str) -> str:
    """A requirements file in which ``name`` may also be a file with this SHA-256."""
    entries = re.split(r"\n(?=\S)", text.strip())
    found = [
        f"{one.rstrip()} \\\n    --hash=sha256:{digest}" if _name(one) == normalize(name) else one
        for one in entries
    ]
    return "".join(f"{one}\n" for one in found)


def _name(entry: str) -> str:
    return normalize(re.split(r"[^\w.-]", entry, maxsplit=1)[0])


def missing_wheels(folder: Path, text: str, python: str) -> dict[str, list[str]]:
    """Names of locked packages without a wheel, by system: {"Windows": ["x"]}."""
    found: dict[str, list[str]] = {}
    for target, system in TARGETS.items():
        left = text
        for _ in range(MOST):
            done = uv.run(
                ["pip", "compile", "--quiet", "--no-config", "--no-deps", "--only-binary", ":all:",
                 "--no-header", "--no-annotate", *wheels_option(folder),
                 "--python-platform", target,
                 "--python-version", python, "-"],
                cwd=folder, stdin=re.sub(r" *\\\n\s+--hash=\S+", "", left),
            )  # fmt: skip
            match = NO_WHEEL.search(done.stderr) if done.returncode != 0 else None
            if match is None or (rest := without(left, match[1])) == left:
                break
            found.setdefault(system, []).append(match[1])
            left = rest
    return found


def systems_of(text: str, name: str) -> set[str]:
    """The systems for which a requirements file wants a package, by its marker."""
    entries = re.split(r"\n(?=\S)", text.strip())
    entry = next((one for one in entries if _name(one) == normalize(name)), "")
    marker = entry.partition(";")[2].partition("\\")[0]
    systems = re.findall(r"sys_platform (==|!=) '(\w+)'", marker)
    only = {PLATFORMS[one] for sign, one in systems if sign == "==" and one in PLATFORMS}
    return (only or set(TARGETS.values())) - {PLATFORMS.get(one) for s, one in systems if s == "!="}


def build_wheels(folder: Path, names: list[str], text: str) -> tuple[str, list[Decision]]:
    """Build wheels of source-only packages in ``wheels/`` and add their hashes to the list."""
    decisions = []
    for name in names:
        version = next((v for n, v in _pins(text) if normalize(n) == normalize(name)), "")
        made, said = pip_wheel(folder, f"{name}=={version}")
        if made is None:
            decisions.append(
                Decision(
                    "NAT1", "B", f"{name} {version} has no wheel and does not build here.",
                    last_line(said), "requirements.txt",
                    "Build one elsewhere and put it into the app's wheels/ folder before "
                    "packaging.",
                )
            )  # fmt: skip
            continue
        text = with_hash(text, name, digest_of(made))
        everywhere = made.name.endswith("-none-any.whl")
        decisions.append(
            Decision(
                "NAT1", "" if everywhere else "B", f"A wheel of {name} {version} was built.",
                "No index has one."
                + ("" if everywhere else " It works on this system only: build it on the "
                                         "others, too."),
                f"wheels/{made.name}",
            )
        )  # fmt: skip
    return text, decisions


def pip_wheel(folder: Path, what: str) -> tuple[Path | None, str]:
    """A wheel of one package in the app's ``wheels/``, or None with pip's output."""
    with temporary_folder("init") as scratch:
        done = uv.run(
            ["run", "--quiet", "--no-project", "--no-config", "--python", python_of(folder),
             "--with", "pip", "python", "-m", "pip", "wheel", "--quiet", "--no-deps",
             "--disable-pip-version-check", "-w", scratch, what],
            cwd=folder,
        )  # fmt: skip
        made = next(scratch.glob("*.whl"), None) if done.returncode == 0 else None
        if made is None:
            return None, done.stderr
        (folder / WHEELS).mkdir(exist_ok=True)
        return Path(shutil.copy(made, folder / WHEELS)), ""


def built(wheels: Path, name: str) -> Path | None:
    """Wheels of ``name`` in a folder, newest first."""
    found = [
        one for one in wheels.glob("*.whl") if normalize(one.name.split("-")[0]) == normalize(name)
    ]
    return max(found, key=lambda one: one.stat().st_mtime, default=None)


def digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _pins(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE)


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wanted = [one for one in lines if re.search(r"error|not found|No such|required", one, re.I)]
    return (wanted or lines or [""])[-1][:200]
