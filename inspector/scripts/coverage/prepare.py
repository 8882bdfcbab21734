"""Creates a folder and an environment for a project, like those of its developers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from .projects import Project


def prepare(project: Project, sources: Path, place: Path, uv: str) -> tuple[Path, Path]:
    """(repository, environment) in ``place``; created once and reused."""
    repository, venv = place / "project", place / "venv"
    if (place / "made").exists():
        return repository, venv
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    clone(found(sources, project.name), repository)
    run(uv, "venv", "-q", "--python", interpreter(project.python), venv)
    if project.requirements:
        install(project, repository, venv, uv)
    else:
        left_out = [part for name in project.without for part in ("--no-install-package", name)]
        run(uv, "sync", "-q", "--frozen", "--no-install-project", "--python", venv / "bin/python",
            *left_out, cwd=repository, env={"UV_PROJECT_ENVIRONMENT": str(venv)})  # fmt: skip
    for sample, file in project.copies:
        shutil.copyfile(repository / sample, repository / file)
    for file, text in project.files:
        (repository / file).write_text(text)
    for command in project.before:
        run(venv / "bin/python", "manage.py", *command, cwd=repository / project.folder)
    (place / "made").touch()
    return repository, venv


def found(sources: Path, name: str) -> Path:
    """The fetched repository: owner/name, owner+name or owner+name/repo."""
    for folder in (sources / name.replace("/", "+") / "repo", sources / name.replace("/", "+")):
        if folder.is_dir():
            return folder
    return sources / name


def clone(source: Path, repository: Path) -> None:
    """A snapshot may lack its largest files, which are rarely code: use the others."""
    run("git", "clone", "-q", "--no-checkout", source, repository)
    try:
        run("git", "checkout", "-q", "-f", "HEAD", "--", ".", cwd=repository)
    except subprocess.CalledProcessError:
        if not any(one.name != ".git" for one in repository.iterdir()):
            raise


def interpreter(version: str) -> str:
    """pyenv's Python of that version, because uv cannot use its shims; otherwise uv finds one."""
    home = Path.home() / ".pyenv" / "versions"
    there = sorted(home.glob(f"{version}.*/bin/python"))
    return str(there[-1]) if there else version


def install(project: Project, repository: Path, venv: Path, uv: str) -> None:
    arguments = list(project.requirements)
    for number, argument in enumerate(arguments):
        file = repository / argument
        if file.name in {"poetry.lock", "Pipfile.lock"}:
            kept = venv / "locked.txt"
            kept.write_text(without("\n".join(locked(file)), project.without))
            arguments[number] = str(kept)
            continue
        if number and arguments[number - 1] == "-r":
            kept = venv / file.name
            kept.write_text(without(file.read_text(), project.without))
            arguments[number] = str(kept)
    if project.build:
        limits = venv / "build.txt"
        limits.write_text("\n".join(project.build))
        arguments += ["--build-constraints", str(limits)]
    run(uv, "pip", "install", "-q", "--python", venv / "bin/python", *arguments, cwd=repository)


def locked(file: Path) -> list[str]:
    """Lock files that uv does not read, as requirements: Poetry's completely, because settings
    often need development packages, and from Pipenv's the default group.
    """
    if file.name == "Pipfile.lock":
        packages = json.loads(file.read_text())["default"].items()
        return [
            f"{name}{one['version']}" + (f"; {one['markers']}" if "markers" in one else "")
            for name, one in packages
            if "version" in one
        ]
    return [
        f"{one['name']}=={one['version']}"
        for one in tomllib.loads(file.read_text())["package"]
        if not one.get("optional")
    ]


def without(text: str, names: tuple[str, ...]) -> str:
    """A requirements file without some packages, and without its own index (`-i`)."""
    whole = re.sub(r"\\\n", " ", text).splitlines()
    left_out = "|".join(map(re.escape, ("-i", "--index-url", *names)))
    pattern = re.compile(rf"\s*({left_out})\s*([\[=<>~!;@ ]|$)", re.I)
    return "\n".join(line for line in whole if not pattern.match(line)) + "\n"


def run(*argv: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    subprocess.run(
        list(map(str, argv)),
        cwd=cwd,
        env={**os.environ, **(env or {})},
        check=True,
        capture_output=True,
    )
