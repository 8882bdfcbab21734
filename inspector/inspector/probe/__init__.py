"""Runs in the interpreter of a project: the whole folder. It imports nothing else of ours."""

from __future__ import annotations

import os


def probe_path() -> str:
    """The folder to start; it must exist on disk, never inside an archive."""
    return os.path.dirname(os.path.abspath(__file__))


def shared_files() -> list[str]:
    """Files of `djdesk` that the probe loads as modules of its own, by their names."""
    from djdesk import messages
    from djdesk.projects import redact

    folder = os.path.dirname(os.path.abspath(redact.__file__))
    names = ("redact.py", "timelimit.py", "bounded.py")
    return [os.path.abspath(messages.__file__), *(os.path.join(folder, name) for name in names)]
