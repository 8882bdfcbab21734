"""Explains why a child died without a final message: time, memory, a signal, or no sandbox."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from djdesk.messages import say, word
from djdesk.projects.redact import scrub
from inspector.run import Child
from inspector.run.sandbox import name_of
from inspector.sections.common import Error

if TYPE_CHECKING:
    from inspector.engine.inspection import Options

FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')


def last_words(child: Child, hello: bool, names: list[str], options: Options) -> Error:
    """The ``error`` for a live half whose process ended early.

    ``hello``: whether its first message had arrived. ``names``: sections that had arrived.
    """
    outcome = child.outcome
    error = _on_stderr(outcome.stderr, child.cwd)
    if outcome.why == "not-started":
        return {**error, "type": "NotStarted", "message": outcome.detail}
    if outcome.why == "no-sandbox" and child.containment is not None:
        message = say(
            "{name} did not start, so nothing of the project was run: {why}",
            name=name_of(child.containment.sandbox),
            why=outcome.detail,
        )
        return {**error, "type": "NoSandbox", "message": message, "trace": []}
    if outcome.why == "time" or "Timeout (" in outcome.stderr:
        message = (
            say(
                "Stopped at the time limit of {limit} seconds after the section {section_text}.",
                limit=f"{options.time_limit:g}",
                section_text=word(names[-1]),
            )
            if names
            else say(
                "Stopped at the time limit of {limit} seconds while loading the project.",
                limit=f"{options.time_limit:g}",
            )
        )
        return {**error, "type": "TimeLimit", "message": message}
    if outcome.why == "output":
        size = f"{options.output_limit / 2**20:g}"
        message = (
            say(
                "Stopped after the section {section_text}: it wrote more than {size} MB.",
                section_text=word(names[-1]),
                size=size,
            )
            if names
            else say("Stopped while loading the project: it wrote more than {size} MB.", size=size)
        )
        return {**error, "type": "OutputLimit", "message": message}
    code = outcome.returncode
    if not hello:
        message = say("The interpreter ended with code {code} before the scan began.", code=code)
        return {**error, "type": "NotStarted", "message": message}
    if code is not None and code < 0 and code != -9:
        message = (
            say(
                "The process was killed by signal {code} after the section {section_text}.",
                code=-code,
                section_text=word(names[-1]),
            )
            if names
            else say(
                "The process was killed by signal {code} while loading the project.", code=-code
            )
        )
        return {**error, "type": "Crash", "message": message}
    message = (
        say(
            "The process ended by itself with code {code} after the section {section_text}.",
            code=code,
            section_text=word(names[-1]),
        )
        if names
        else say(
            "The process ended by itself with code {code} while loading the project.", code=code
        )
    )
    return {**error, "type": "Exited", "message": message}


def _on_stderr(stderr: str, base: Path) -> Error:
    """The faulthandler trace (innermost frame first), or else the last lines of stderr."""
    lines = [scrub(line.rstrip()) for line in stderr.splitlines() if line.strip()]
    start = next(
        (
            index
            for index, line in reversed(list(enumerate(lines)))
            if line.startswith(("Timeout (", "Fatal Python error"))
        ),
        None,
    )
    trace = lines[-12:] if start is None else lines[start : start + 20]
    file = line_number = None
    for line in trace:
        found = FRAME.match(line)
        if found and Path(found["file"]).is_relative_to(base) and "-packages" not in found["file"]:
            file = Path(found["file"]).relative_to(base).as_posix()
            line_number = int(found["line"])
            break
    return {"type": "", "message": "", "trace": trace, "file": file, "line": line_number}
