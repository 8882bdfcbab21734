"""Loading that ended early: by a limit, by the project itself, or by a crash."""

from __future__ import annotations

from djdesk.messages import say
from djdesk.projects.discovery.project import DiscoveredProject
from inspector.facts.causes.cause import Cause, environment, location, refused
from inspector.sections.common import Error


def limits(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    if kind in {"TimeLimit", "OutOfTime"}:
        text = say("Loading took too long: the project may be waiting for a service, or looping.")
        if error.get("file"):
            where = f"{error['file']}:{error['line']}"
            text += " " + say("The last line of the project's code was {where}.", where=where)
        text += " " + say("Raise the time limit, or choose other settings.")
        return Cause(
            "service" if refused(error, "connect", "resolve") else "other",
            text,
            refused(error, "connect", "resolve"),
        )
    if kind == "NoSandbox":
        text = say(
            "The operating system's sandbox did not start, so the project was not run. The "
            "technical detail has its message."
        )
        return Cause("sandbox", text)
    if kind == "OutputLimit":
        text = say("The project wrote more than the limit allows. What came before is shown.")
    elif kind == "SystemExit":
        if "No module named" in str(error.get("cause", "")):
            return None  # that is why it ended
        text = say(
            "The project's own code ended the program (SystemExit{place}).", place=location(error)
        )
    elif kind == "EOFError" and "reading a line" in message:
        text = say(
            "The project asks for input while it loads{place}, and nobody is there to answer. "
            "Let it read a variable or a file instead.",
            place=location(error),
        )
    elif kind == "Exited":
        text = say(
            "The project's own code ended the process (for example os._exit). "
            "What came before is shown."
        )
    elif kind == "Crash":
        text = say(
            "The interpreter itself crashed, usually in a compiled package. Reinstall the packages "
            "of {folder}; the trace shows the last Python frames.",
            folder=environment(project),
        )
    else:
        return None
    return Cause("other", text)
