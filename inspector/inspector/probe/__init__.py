"""What runs inside the project's own interpreter: `probe.py`, one file, imports nothing of ours."""

from pathlib import Path


def probe_path() -> Path:
    """The file to start; it must exist on disk, never inside an archive."""
    return Path(__file__).with_name("probe.py")
