"""Runs in the project's interpreter, as a whole folder. Imports no other package of ours."""

from __future__ import annotations

import os


def probe_path() -> str:
    """The folder to start; it must exist on disk, not inside an archive."""
    return os.path.dirname(os.path.abspath(__file__))


def shared_files() -> list[str]:
    """Files of `djdesk` that the probe loads as its own modules, by name."""
    from djdesk import messages
    from djdesk.projects import redact

    folder = os.path.dirname(os.path.abspath(redact.__file__))
    names = ("redact.py", "timelimit.py", "bounded.py")
    return [os.path.abspath(messages.__file__), *(os.path.join(folder, name) for name in names)]
