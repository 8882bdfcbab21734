"""Produces one section within its time limit and sends the result or the error."""

from .config import CONFIG, STATE
from .errors import describe
from .limits import limited
from .protocol import CLOCK, send


def section(name, make, limit=None):
    """Run one section and send its line. Returns whether it succeeded."""
    started = CLOCK()
    STATE["phase"] = "load" if name == "runtime" else name
    line = {"section": name, "ok": True}
    try:
        with limited(limit or CONFIG["section_limit"]):
            line["data"] = make()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        line["ok"] = False
        line["error"] = describe(error)
    line["seconds"] = round(CLOCK() - started, 3)
    send(line)
    return line["ok"]
