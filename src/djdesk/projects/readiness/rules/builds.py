"""STAT2: static files and translations that a build step makes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djdesk.projects.code.tree import SKIPPED
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision
from djdesk.projects.reading import Unreadable, load_json, read_text

PACKAGE = re.compile(r"package\.json")
BUILD = ("build", "build:prod", "production", "dist", "compile", "build:js", "build:css")
# Apps of Django that make static files: (app, what they are made with).
COMPILERS = {
    "compressor": "djdesk manage compress --force",
    "pipeline": "djdesk manage collectstatic",
    "sass_processor": "djdesk manage compilescss",
    "tailwind": "djdesk manage tailwind build",
    "webpack_loader": "npm run build",
    "django_vite": "npm run build",
}


def rule(look: Look, draft: Draft) -> list[Decision]:
    return [
        *_committed(look, draft),
        *_scripts(look, draft),
        *_compilers(look),
        *_translations(look),
    ]


def _committed(look: Look, draft: Draft) -> Iterator[Decision]:
    """A STATIC_ROOT with its manifest in the project: what a build has made is in there alone."""
    for name, _ in look.strings_in("STATIC_ROOT"):
        plain = name.strip("/")
        if plain and ".." not in plain and (look.base / plain / "staticfiles.json").is_file():
            draft.set("pages.static-dirs", [plain])
            yield Decision(
                "STAT1",
                "",
                f"The static files that are committed in {plain} are kept.",
                "Their manifest lies beside them: a build has made them.",
                look.place_of("STATIC_ROOT"),
            )
            return


def static_folders(look: Look) -> list[str]:
    """Folders of static files below the project: of its apps, and what STATICFILES_DIRS names."""
    named = {text.strip("/") for text, _ in look.strings_in("STATICFILES_DIRS")}
    roots = {text.strip("/") for text, _ in look.strings_in("STATIC_ROOT")}
    found = [
        folder.relative_to(look.base).as_posix()
        for folder in sorted(look.base.rglob("*"))
        if folder.is_dir()
        and (folder.name == "static" or folder.relative_to(look.base).as_posix() in named)
        and not SKIPPED.intersection(folder.relative_to(look.base).parts)
    ]
    return [one for one in found if one not in roots]


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
        folder = look.shown(file.parent)
        draft.set("include", static_folders(look))
        text = read_text(file) or ""
        line = text.count("\n", 0, max(text.find(f'"{name}"'), 0)) + 1
        yield Decision(
            "STAT2",
            "B",
            "Static files are missing until a build with npm has made them.",
            f"package.json builds with “{scripts[name]}”.",
            look.place(file, line),
            f"Run “npm ci && npm run {name}” in {'the project' if folder == '.' else folder} "
            "before “djdesk start” and “djdesk package”.",
        )


def _compilers(look: Look) -> Iterator[Decision]:
    for app, command in COMPILERS.items():
        # Without precompilers, the overlay's STAT2 has pages name the files themselves.
        bundles_only = app == "compressor" and "COMPRESS_PRECOMPILERS" not in look.settings.names
        if app in look.installed_apps and not bundles_only:
            yield Decision(
                "STAT2",
                "B",
                f"{app} makes static files while the app runs, or before.",
                "In a package nothing can be compiled, and its folder may be read-only.",
                look.place_of("INSTALLED_APPS"),
                f"Run “{command}” before packaging; its result must lie among the static files.",
            )


def _translations(look: Look) -> Iterator[Decision]:
    missing = [
        po
        for folder in look.tree.message_folders
        for po in sorted(folder.glob("*.po"))
        if not po.with_suffix(".mo").is_file()
    ]
    if missing:
        yield Decision(
            "STAT2",
            "B",
            f"{len(missing)} translations are not compiled: pages are in English.",
            "Users have no compiler for them.",
            look.shown(missing[0]),
            "Run “manage.py compilemessages” in the project before packaging.",
        )
