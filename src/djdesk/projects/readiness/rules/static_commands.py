"""STAT2: management commands that make static files, such as the catalogues of django-statici18n.

The evidence is a template that uses their package, or a launcher that names them: a Dockerfile, a
Makefile, CI, the README; directly, or in a command of the project's own. Commands that may touch
data or the network, such as migrate and loaddata, never become a build step.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from djdesk.projects.discovery.launchers import FILES, WORKFLOWS
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look, Source
from djdesk.projects.readiness.report import Decision
from djdesk.projects.reading import read_text

MANAGE = "djdesk manage"
# Where a command's files go if its default is STATIC_ROOT: there they would not be collected.
FOLDER = "built-static"
MANUALS = re.compile(r"(README|INSTALL|DEPLOY)\w*(\.\w+)?|.*\.sh|entrypoint[\w.-]*", re.IGNORECASE)
NAMED = re.compile(
    r"(?:\bmanage(?:\.py)?|\bdjango-admin|python3? -m django)[\"',\s]+(?P<name>[a-z_]\w*)"
)
CALLED = re.compile(r"call_command\(\s*[\"'](\w+)[\"']")
# While an image is built there is no database, so a command that runs then needs none.
IN_IMAGE = re.compile(r"^\s*RUN\b(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)
# Writes the rest of the line into a crontab or a script instead of running it.
WRITTEN = re.compile(r"\b(echo|printf)\b[^|;&\n]*$|<<")
# A module of the project's own may do anything, so a command that imports one is no build step.
IMPORT = re.compile(r"^\s*(?:from|import)[ \t]+(\.|[\w.]+)", re.MULTILINE)
HARMLESS = re.compile(r"django\.(conf|contrib\.staticfiles|core|template|utils)\b")
DATA = re.compile(
    r"\b(models?|objects|get_model|get_user_model|connections?|cursor|transaction|call_command"
    r"|requests|httpx|urllib3?|urlopen|aiohttp|socket|boto3?|redis|subprocess|input)\b"
)


@dataclass(frozen=True, slots=True)
class Maker:
    """``app`` has the command; ``used``: how its templates show that they need the files;
    ``arguments``: to write below `FOLDER`, formatted with the value of ``setting``."""

    app: str
    used: re.Pattern[str]
    arguments: str = ""
    setting: str = ""
    default: str = ""


MAKERS = {
    "compilejsi18n": Maker(
        "statici18n", re.compile(r"{%-?\s*statici18n\b"), f"-v 0 -o {FOLDER}/{{}}",
        "STATICI18N_OUTPUT_DIR", "jsi18n",
    ),
    # It writes each style sheet beside its source.
    "compilescss": Maker("sass_processor", re.compile(r"{%-?\s*sass_src\b"), "-v 0"),
}  # fmt: skip


def rule(look: Look, draft: Draft) -> Iterator[Decision]:
    own = {
        source.file.stem: source
        for source in look.sources
        if source.file.parts[-3:-1] == ("management", "commands")
    }
    named = _named(look)
    places = {name: (place, f"It is named by {place}.") for name, (place, _) in named.items()}
    for name, (place, _) in named.items():
        for called in _called(name, own, set()):
            places.setdefault(called, (place, f"“{name}”, named by {place}, calls it."))
    for name, maker in MAKERS.items():
        if maker.app not in look.installed_apps:
            continue
        used = next((one for one, text in look.templates if maker.used.search(text)), None)
        if used is not None or name in places:
            where, why = places.get(name, ("", "")) if used is None else (
                look.shown(used), "This page uses the files that it makes.",
            )  # fmt: skip
            value = next((text for text, _ in look.strings_in(maker.setting)), maker.default)
            if maker.setting:
                draft.set("pages.static-dirs", [*(draft.get("pages.static-dirs") or []), FOLDER])
            yield _step(draft, f"{name} {maker.arguments.format(value.strip('/'))}", why, where)
    for name, (place, in_image) in named.items():
        if in_image and name in own and _is_alone(own[name].text):
            why = "It runs while an image is built, and uses neither data nor the network."
            yield _step(draft, name, why, place)


def _is_alone(text: str) -> bool:
    """Whether a command uses no data, no network, and no other code of the project."""
    imported = IMPORT.findall(text)
    return not DATA.search(text) and all(
        name.partition(".")[0] in sys.stdlib_module_names or HARMLESS.match(name)
        for name in imported
    )


def _step(draft: Draft, command: str, why: str, where: str) -> Decision:
    whole = f"{MANAGE} {command}".strip()
    draft.set("builds..", [*(draft.get("builds..") or []), whole])
    return Decision(
        "STAT2", "", f"Static files are made by the command “{command.split()[0]}” before "
        "packaging.", f"{why} It runs in a copy of the project, without your data.", where,
        f"For “djdesk start”, run “{whole}” yourself.",
    )  # fmt: skip


def _named(look: Look) -> dict[str, tuple[str, bool]]:
    """Commands that launchers and manuals name: (place, whether an image is built with it)."""
    found: dict[str, tuple[str, bool]] = {}
    patterns = (*(pattern for _, pattern in FILES), MANUALS)
    files = [
        file
        for file in look.files_named(re.compile(".*"), 3)
        if any(pattern.search(file.name) for pattern in patterns[:-1])
        or MANUALS.fullmatch(file.name)
    ]
    for pattern, _ in WORKFLOWS:
        files += sorted(look.project.root.glob(pattern))[:20]
    for file in files:
        text = read_text(file) or ""
        images = [(one.start(), one.end()) for one in IN_IMAGE.finditer(text)]
        for match in NAMED.finditer(text):
            place = look.place(file, text.count("\n", 0, match.start()) + 1)
            in_image = "dockerfile" in file.name.lower() and any(
                start <= match.start() < end and not WRITTEN.search(text[start : match.start()])
                for start, end in images
            )
            if match["name"] not in found or in_image:
                found[match["name"]] = (place, in_image)
    return found


def _called(name: str, own: dict[str, Source], seen: set[str]) -> Iterator[str]:
    """Names of the commands that a command of the project's own calls."""
    if name in seen or name not in own:
        return
    seen.add(name)
    for called in CALLED.findall(own[name].text):
        yield called
        yield from _called(called, own, seen)
