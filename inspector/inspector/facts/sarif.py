"""Findings as SARIF 2.1.0, the format that code hosts display next to the code.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from inspector.facts.baseline import Key, fingerprint, keys_of
from inspector.facts.rows import Fact, FindingRow
from inspector.facts.sarif_rules import TITLES
from inspector.sections.scan import ProjectFacts, Snapshot

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
Row = dict[str, Any]


def sarif(
    snapshot: Snapshot, findings: list[FindingRow], known: set[Key] | None, version: str
) -> Row:
    """One run with a rule per kind of finding and a result per fact.

    Paths are relative to the repository around the project, as code hosts expect. ``known``: the
    baseline; with one, each result says whether it is new.
    """
    root = Path(snapshot["project"]["root"])
    top = _repository(root)
    prefix = root.relative_to(top).as_posix()
    place = _anywhere(snapshot["project"])
    rules: dict[str, Row] = {}
    results = []
    for one in findings:
        kind = str(one["id"]).partition(":")[0]
        rules.setdefault(kind, _rule(kind, one))
        for key, fact in zip(keys_of(one), one["facts"], strict=True):
            file, line = fact["file"], fact["line"]
            if file is None or not _inside(file):
                file, line = place, None
            results.append(
                {
                    "ruleId": kind,
                    "ruleIndex": list(rules).index(kind),
                    "level": LEVELS[one["severity"]],
                    "message": {"text": _message(one, fact)},
                    "locations": [_location(file, line, prefix)],
                    "partialFingerprints": {"djdesk/v1": fingerprint(key)},
                }
            )
            if known is not None:
                results[-1]["baselineState"] = "unchanged" if key in known else "new"
    driver = {"name": "DJDesk", "semanticVersion": version, "rules": list(rules.values())}
    status = snapshot["status"] in {"complete", "partial"}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "invocations": [{"executionSuccessful": status}],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: str, finding: FindingRow) -> Row:
    return {
        "id": kind,
        "shortDescription": {"text": TITLES[kind]},
        "fullDescription": {"text": finding["why"]},
        "help": {"text": finding["why"]},
        "defaultConfiguration": {"level": LEVELS[finding["severity"]]},
    }


def _message(finding: FindingRow, fact: Fact) -> str:
    """The finding and its fact, without repetition."""
    title = str(finding["title"])
    if len(finding["facts"]) == 1 and finding["text"]:
        return f"{title}. {finding['text']}"
    return f"{title}: {fact['text']}"


def _location(file: str, line: int | None, prefix: str) -> Row:
    uri = quote(Path(prefix, file).as_posix())
    region = {"startLine": line if line and line > 0 else 1}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def _inside(file: str) -> bool:
    """Whether it is inside the project. Installed packages are not in the repository, and their
    location on this machine is private.
    """
    return bool(file) and not Path(file).is_absolute()


def _anywhere(project: ProjectFacts) -> str:
    """A file for results about the project as a whole: code hosts show no result without one."""
    chosen = (one["file"] for one in project["settings_modules"] if one["chosen"])
    return next(chosen, None) or project["manage_py"] or "manage.py"


def _repository(root: Path) -> Path:
    return next((one for one in (root, *root.parents) if (one / ".git").exists()), root)
