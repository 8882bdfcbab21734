"""Apply every rule about a project's files."""

from __future__ import annotations

from pathlib import Path

from djdesk.projects.code.paths import added_folders
from djdesk.projects.discovery.env_files import parse
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.settings_modules import SettingsModule
from djdesk.projects.reading import read_text

from .ask import Questions
from .draft import Draft
from .look import Look
from .options import Options, Result
from .rules import (
    accounts,
    builds,
    databases,
    environment,
    pages,
    processes,
    programs,
    services,
    settings_module,
)
from .table import name_of


def decided(
    project: DiscoveredProject,
    options: Options,
    ask: Questions,
    module: SettingsModule,
    *,
    packages: list[Path] | None = None,
    refused: str = "",
) -> Result:
    """The decisions from the files, with ``module`` as the settings. ``packages``: folders of
    installed packages; ``refused``: why better settings do not work."""
    if packages is None:
        packages = project.interpreter.packages if project.interpreter else []
    look = Look(options.path, project, module.module, packages)
    draft = begun(look)
    others = [one for one in settings_module.candidates(project) if one.module != module.module]
    given = parse(read_text(options.env_file) or "") if options.env_file else None
    decisions = [
        settings_module.decision(module, others, refused),
        *environment.rule(look, draft, given),
        *databases.rule(look, draft),
        *services.rule(look, draft),
        *processes.rule(look, draft, ask),
        *accounts.rule(look, draft, ask),
        *pages.rule(look, draft),
        *builds.rule(look, draft),
        *programs.rule(look, draft),
    ]
    return Result(look, draft, decisions)


def begun(look: Look) -> Draft:
    project = look.project
    name = name_of(project)
    draft = Draft()
    title = " ".join(part.capitalize() for part in name.replace("_", "-").split("-"))
    draft.set("name", title)
    plain = "".join(c if c.isalnum() or c == "-" else "-" for c in name.lower()).strip("-")
    draft.set(
        "id", f"local.{plain}", "Before anyone else starts the app, choose an id of your own."
    )
    draft.set("settings", look.module)
    if folders := import_folders(look):
        draft.set("path", folders)
    return draft


def import_folders(look: Look) -> list[str]:
    """Further folders that the project's own launchers put on the path, relative to it."""
    found = []
    for file in dict.fromkeys([look.project.manage_py, *(one.file for one in look.launchers)]):
        if file is None or file.suffix != ".py":
            continue
        for folder in added_folders(file):
            if folder.is_dir() and folder != look.base and folder.is_relative_to(look.base):
                found.append(folder.relative_to(look.base).as_posix())
    return list(dict.fromkeys(found))
