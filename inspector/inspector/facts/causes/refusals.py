"""Files, databases and services that a project insists on and an inspection refuses."""

from __future__ import annotations

import re

from djdesk.messages import say
from djdesk.projects.discovery.project import DiscoveredProject
from inspector.facts.causes.cause import Cause, place, refused
from inspector.sections.common import Error

REFUSED_WRITE = "the inspector writes nothing here"
REFUSED_DATABASE = "databases are not opened during an inspection"
REFUSED_SQLITE = "unable to open database file (inspection)"


def refusals(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    whole = f"{message} {error.get('cause', '')}"
    if REFUSED_WRITE in whole or REFUSED_SQLITE in whole:
        text = say(
            "The project has to write a file while it loads{place}, and a scan writes nothing "
            "into a project. The static facts are still shown.",
            place=place(error),
        )
        return Cause("write-refused", text, refused(error, "write", "sqlite-open"))
    if REFUSED_DATABASE in whole:
        text = say(
            "The project queries its database while it loads{place}; a scan opens none.",
            place=place(error),
        )
        return Cause("service", text, refused(error, "database") or ["database"])
    if "no such table" in whole and any(
        one.get("kind") == "database" for one in error.get("repairs") or []
    ):
        text = say(
            "The project queries its database while it loads{place}, and expects tables in it; "
            "a private copy of the database has none.",
            place=place(error),
        )
        return Cause("service", text, ["database"])
    reached = refused(error, "connect", "resolve")
    network = re.search(r"[Cc]onnection ?(refused|[Ee]rror)|name resolution|Max retries", whole)
    if kind in {"ConnectionRefusedError", "gaierror", "URLError"} or (network and reached):
        what = f": {', '.join(reached)}" if reached else ""
        text = say(
            "The project has to reach a service while it loads{place}, and a scan makes no "
            "connections. Choose settings that do not need it.",
            place=place(error) + what,
        )
        return Cause("service", text, reached)
    return None
