"""Wrong settings, and files that settings require."""

from __future__ import annotations

import re
from pathlib import Path

from djdesk.messages import say
from djdesk.projects.discovery.project import DiscoveredProject
from inspector.facts.causes.cause import Cause, place, refused
from inspector.facts.causes.modules import sample_of
from inspector.sections.common import Error


def settings(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    if isinstance(folder := error.get("missing_folder"), str):
        text = say(
            "The project needs the folder {folder}, which is not there{place}. Version control "
            "often leaves such a folder out: make it, or load a private copy, which gets one.",
            folder=folder,
            place=place(error),
        )
        return Cause("missing-file", text, [folder])
    if kind == "ImproperlyConfigured" and "DJANGO_SETTINGS_MODULE" in message:
        return Cause("settings", say("No settings module was found. Choose one."))
    if kind == "ImproperlyConfigured":
        text = say("The project's configuration says: {message}", message=message[:300])
        missing = re.search(
            r"No such file or directory: '([^']+)'"
            r"|([\w./-]+\.\w+|[\w.]+) (?:was )?(?:not found|does not exist)",
            message,
        )
        if missing:
            return Cause("missing-file", text, [missing[1] or missing[2]])
        return Cause("settings", text)
    if kind == "FileNotFoundError" and (found := re.search(r"'([^']+)'", message)):
        program = refused(error, "spawn")
        if program and any(found[1] in one for one in program):
            text = say(
                "The project runs {program} while it loads{place}, and a scan starts no programs.",
                program=found[1],
                place=place(error),
            )
            return Cause("program", text, [found[1]])
        text = say(
            "The project needs {file}, which is not there{place}. It may be a file that every "
            "developer makes, or a program that is not started here.",
            file=found[1],
            place=place(error),
        )
        return Cause("missing-file", text, [found[1]])
    return _absent(project, error, message)


def _absent(project: DiscoveredProject, error: Error, message: str) -> Cause | None:
    """Libraries have their own errors for a missing project file."""
    for text in re.findall(r"(?:/|[A-Za-z]:\\)[^\s'\":;,]+", message):
        text = text.rstrip(".")  # the sentence ends here
        file = Path(text)
        if not file.is_relative_to(project.root) or file.exists():
            continue
        shown = project.relative(file) or text
        said = say(
            "The project needs {file}, which is not there{place}. It may be a file that every "
            "developer makes, or one that a build writes.",
            file=shown,
            place=place(error),
        )
        if sample := sample_of(file):
            said += " " + say("Developers make it from {file}.", file=project.relative(sample))
        return Cause("missing-file", said, [shown])
    return None
