"""Remedies for a project that does not load, as data for buttons."""

from __future__ import annotations

from djdesk.messages import say, say_n
from djdesk.projects.discovery.env_files import find_examples
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.lists import listed
from djdesk.projects.redact import secret_name
from inspector.facts.causes.cause import Cause
from inspector.facts.diagnosis import diagnose
from inspector.sections.common import Diagnosis, Error, Remedy


def diagnosis(project: DiscoveredProject, error: Error) -> Diagnosis:
    """`error.diagnosis` of docs/snapshot.md."""
    cause = diagnose(project, error)
    return {
        "kind": cause.kind,
        "text": cause.text,
        "file": error.get("file"),
        "line": error.get("line"),
        "names": cause.names,
        "remedies": remedies(project, cause, error),
    }


def remedies(project: DiscoveredProject, cause: Cause, error: Error) -> list[Remedy]:
    rows: list[Remedy] = []
    repaired: set[str] = {
        one["kind"] for one in error.get("repairs") or [] if isinstance(one, dict)
    }
    if cause.kind == "sandbox":
        rows.append({"action": "without-sandbox", "text": say("Run it once without the sandbox")})
    if cause.kind == "missing-variable":
        rows += _variables(project, cause, repaired)
    if cause.kind == "write-refused" and "copy" not in repaired:
        rows.append({"action": "copy", "text": say("Load a private copy that can be written to")})
    if cause.kind in {"missing-package", "wrong-python"}:
        rows.append(_python(project, cause))
    rows += _settings(project)
    if cause.kind in {"missing-file", "other", "settings", "service"}:
        rows += _variables(project, cause, repaired, only_example=True)
        if cause.kind == "other":
            rows.append(_python(project, cause))
    rows.append({"action": "static", "text": say("Continue without running the code")})
    return rows


def _variables(
    project: DiscoveredProject, cause: Cause, repaired: set[str], *, only_example: bool = False
) -> list[Remedy]:
    rows: list[Remedy] = []
    for example in find_examples(project.root, project.base)[:1]:
        if "env-example" not in repaired:
            file = project.relative(example.file)
            text = say("Use the {n} variables of {file}", n=len(example.values), file=file)
            rows.append(
                {"action": "env-example", "text": text, "file": file, "names": list(example.values)}
            )
    if not only_example and cause.names:
        names = cause.names
        text = say_n(
            "Give a value for {names}",
            "Give values for {names}",
            len(names),
            names=", ".join(names),
        )
        secret = [name for name in names if secret_name(name)]
        rows.append({"action": "values", "text": text, "names": names, "secret": secret})
    return rows


def _settings(project: DiscoveredProject) -> list[Remedy]:
    others = [one.module for one in project.settings_modules if not one.chosen and one.file]
    if not others:
        return []
    return [
        {"action": "settings", "text": say("Choose another settings module"), "modules": others}
    ]


def _python(project: DiscoveredProject, cause: Cause) -> Remedy:
    others = [str(one.path) for one in project.interpreters if one.usable and not one.chosen]
    text = say("Choose another interpreter")
    if cause.packages:
        text = say(
            "Install {names_list}, or choose another interpreter",
            names_list=listed(cause.packages, 3),
        )
    elif cause.wanted:
        text = say("Choose an interpreter with Python {version}", version=cause.wanted)
    return {
        "action": "python",
        "text": text,
        "interpreters": others,
        "wanted": cause.wanted,
        "packages": cause.packages,
    }
