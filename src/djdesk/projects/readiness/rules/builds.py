"""STAT2: static files and translations created by a build."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision
from djdesk.projects.readiness.rules import static_commands
from djdesk.projects.reading import Unreadable, load_json, read_text

PACKAGE = re.compile(r"package\.json")
# The first of these scripts that a package.json has; “build” may be an unminified development
# build.
BUILD = (
    "build:prod", "build:production", "production", "build", "dist", "compile", "build:js",
    "build:css",
)  # fmt: skip
COMPILE = "python -m django compilemessages"
# Django apps that build static files: (app, build tool).
COMPILERS = {
    "compressor": "djdesk manage compress --force",
    "pipeline": "djdesk manage collectstatic",
    "tailwind": "djdesk manage tailwind build",
    "webpack_loader": "npm run build",
    "django_vite": "npm run build",
}


def rule(look: Look, draft: Draft) -> list[Decision]:
    return [
        *_committed(look, draft),
        *_scripts(look, draft),
        *_compilers(look, draft),
        *_translations(look, draft),
        # After the translations, which some of them read.
        *static_commands.rule(look, draft),
    ]


def _committed(look: Look, draft: Draft) -> Iterator[Decision]:
    """A STATIC_ROOT with its manifest committed to the project: the only place with the build's
    output.
    """
    for name, _ in look.strings_in("STATIC_ROOT"):
        plain = name.strip("/")
        if plain and ".." not in plain and (look.base / plain / "staticfiles.json").is_file():
            draft.set("pages.static-dirs", [plain])
            yield Decision(
                "STAT1",
                "",
                f"The static files that are committed in {plain} are kept.",
                "The manifest beside them shows that a build made them.",
                look.place_of("STATIC_ROOT"),
            )
            return


def _scripts(look: Look, draft: Draft) -> Iterator[Decision]:
    for file in look.files_named(PACKAGE):
        try:
            found = load_json(read_text(file) or "")
        except Unreadable:
            continue
        scripts = found.get("scripts", {}) if isinstance(found, dict) else {}
        name = next((one for one in BUILD if one in scripts), None)
        if name is None:
            continue
        text = read_text(file) or ""
        line = text.count("\n", 0, max(text.find(f'"{name}"'), 0)) + 1
        shown = look.shown(file.parent)
        if not _served(look, file.parent):
            yield Decision(
                "STAT2",
                "B",
                f"{shown} is a separate program and not part of the app.",
                f"It is built with “{scripts[name]}”, but no Django setting or template refers "
                "to the result.",
                look.place(file, line),
                "Let Django serve the result: add its folder to STATICFILES_DIRS, and a page "
                "that loads it.",
            )
            continue
        commands = [*_install(file.parent), f"{_manager(file.parent)} run {name}"]
        draft.set(f"builds.{relative(file.parent, look.base)}", commands)
        yield Decision(
            "STAT2",
            "",
            f"Static files are built by “{scripts[name]}” before packaging.",
            "The build runs in a copy of the project.",
            look.place(file, line),
            f"For “djdesk start”, run “{' && '.join(commands)}” in "
            f"{'the project' if shown == '.' else shown} yourself.",
        )


def _served(look: Look, folder: Path) -> bool:
    """Whether Django serves a build's output folder: it is in the project, or some code
    names it."""
    if folder.is_relative_to(look.base):
        return True
    if relative(folder, look.base).split("/").count("..") > 1:
        return False
    named = re.compile(rf"[\"'/]{re.escape(folder.name)}[\"'/]")
    return any(named.search(source.text) for source in look.sources)


def _manager(folder: Path) -> str:
    for name, lock in (("pnpm", "pnpm-lock.yaml"), ("yarn", "yarn.lock")):
        if (folder / lock).is_file():
            return name
    return "npm"


def _install(folder: Path) -> list[str]:
    manager = _manager(folder)
    if manager != "npm":
        return [f"{manager} install --frozen-lockfile"]
    return ["npm ci" if (folder / "package-lock.json").is_file() else "npm install"]


def relative(folder: Path, base: Path) -> str:
    return Path(os.path.relpath(folder, base)).as_posix()


def _compilers(look: Look, draft: Draft) -> Iterator[Decision]:
    for app, command in COMPILERS.items():
        # If nothing is compiled, the overlay's STAT2 makes pages reference the individual files.
        if "npm" in command and draft.under("builds"):
            continue
        done = app == "compressor" and (not _compiled(look) or _in_advance(look))
        done = done or (app == "tailwind" and _has_tailwinds(look, draft))
        if app in look.installed_apps and not done:
            yield Decision(
                "STAT2",
                "B",
                f"{app} makes static files while the app runs, or beforehand.",
                "A packaged app cannot compile anything, and its folder may be read-only.",
                look.place_of("INSTALLED_APPS"),
                f"Run “{command}” before packaging. Its output must be among the static files.",
            )


def _compiled(look: Look) -> bool:
    """Whether a template uses a precompiler of django-compressor."""
    kinds = {text for text, _ in look.strings_in("COMPRESS_PRECOMPILERS") if "/" in text}
    return any(kind in text for kind in kinds for _, text in look.templates)


def _in_advance(look: Look) -> bool:
    """Whether the project uses django-compressor's offline compression."""
    value = look.source_of("COMPRESS_OFFLINE")
    return value is not None and not (isinstance(value, ast.Constant) and not value.value)


def _has_tailwinds(look: Look, draft: Draft) -> bool:
    """Whether the style sheet of django-tailwind is built before packaging, or committed."""
    built = any(one.endswith("/static_src") for one in draft.under("builds"))
    return built or any(look.base.glob("*/static/css/dist/styles.css"))


def _translations(look: Look, draft: Draft) -> Iterator[Decision]:
    missing = [
        po
        for folder in look.tree.message_folders
        for po in sorted(folder.glob("*.po"))
        if not po.with_suffix(".mo").is_file()
    ]
    if missing:
        before = draft.get("builds..") or []
        draft.set("builds..", [*before, COMPILE])
        yield Decision(
            "STAT2",
            "",
            f"{len(missing)} translations are compiled before packaging.",
            "Users do not need a compiler. Packaging needs gettext's msgfmt.",
            look.shown(missing[0]),
            "For “djdesk start”, run “manage.py compilemessages” in the project yourself.",
        )
