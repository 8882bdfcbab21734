"""The packages of a packaged app: from its own lock, else the versions installed in its
environment.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from dataclasses import dataclass
from importlib.metadata import distribution, distributions
from pathlib import Path

from djdesk.app import App
from djdesk.tools.scratch import temporary_folder

from .places import StageProblem, environment

# The runtime itself is copied from where it runs, see application.copy_runtime.
RUNTIME = "djdesk"


@dataclass(frozen=True, slots=True)
class Lock:
    """``text``: versions with hashes in requirements format; ``source``: where it is from, for
    people."""

    text: str
    source: str


def lock(app: App, uv: str, python: str, named: Path | None = None) -> Lock:
    """The exact versions to install for ``python`` (such as 3.13), without djdesk itself.

    In this order: ``named``; ``uv.lock``; ``requirements.txt`` if it has hashes; otherwise the
    app's dependencies in the versions installed in this command's environment.
    """
    own = app.root / "requirements.txt"
    if named is None and (app.root / "uv.lock").is_file():
        return Lock(without_runtime(_export(app.root, uv)), "from uv.lock")
    if named is None and own.is_file() and "--hash=" in own.read_text(encoding="utf-8"):
        named = own
    if named is not None:
        return Lock(without_runtime(named.read_text(encoding="utf-8")), f"from {named.name}")
    return _installed(app.root, uv, python)


def without_runtime(text: str) -> str:
    """Remove djdesk with its hashes, comments, and index lines, which belong to the machine."""
    plain = re.sub(r"^[ \t]*#.*\n", "", text, flags=re.M)
    entries = re.split(r"\n(?=\S)", plain.strip())
    runtime = re.compile(rf"(-|(\S*[/\\])?{RUNTIME}(?![\w]|-[a-z]))", re.I)
    return "".join(f"{entry}\n" for entry in entries if entry and not runtime.match(entry))


def _installed(root: Path, uv: str, python: str) -> Lock:
    here = {_normal(dist.metadata["Name"]): dist.version for dist in distributions()}
    wanted = [text for text in _dependencies(root) if text]
    with temporary_folder("lock") as scratch:
        asked = scratch / "requirements.in"
        asked.write_text("".join(f"{text}\n" for text in wanted), encoding="utf-8")
        versions = scratch / "constraints.txt"
        versions.write_text(
            "".join(f"{name}=={version}\n" for name, version in here.items() if name != RUNTIME),
            encoding="utf-8",
        )
        text = _run(
            [
                uv, "pip", "compile", "--quiet", "--no-config", "--generate-hashes", "--no-header",
                "--no-annotate", "--python-version", python, "--constraint", str(versions),
                str(asked),
            ],
            "The versions in this environment conflict with each other.",
            "Bring it up to date (uv sync, or pip install -e .), then package again.",
        )  # fmt: skip
    found = re.findall(r"^([A-Za-z0-9._-]+)==", text, flags=re.M)
    if missing := [name for name in found if _normal(name) not in here]:
        raise StageProblem(
            f"The app depends on {', '.join(missing)}, which this environment does not have.",
            "Install the app's dependencies (uv sync, or pip install -e .), then package again.",
        )
    return Lock(text, f"the {len(found)} packages of this environment")


def _dependencies(root: Path) -> list[str]:
    """The app's dependencies, with djdesk replaced by its own."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = [
        text
        for text in project.get("dependencies", [])
        if _normal(re.split(r"[^\w.-]", text.strip(), maxsplit=1)[0]) != RUNTIME
    ]
    return own + [text for text in distribution(RUNTIME).requires or [] if "extra ==" not in text]


def _export(root: Path, uv: str) -> str:
    return _run(
        [
            uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-header",
            "--no-annotate", "--format", "requirements-txt", "--project", str(root),
        ],
        "uv.lock could not be read.",
        "Create it again with “uv lock”, then package again.",
    )  # fmt: skip


def _run(command: list[str], reason: str, hint: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, env=environment()
    )
    if done.returncode != 0:
        raise StageProblem(reason, hint, done.stderr[-2000:])
    return done.stdout


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
