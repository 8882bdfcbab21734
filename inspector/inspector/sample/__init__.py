"""A small real project that ships with the app as an example."""

from pathlib import Path


def sample_path() -> Path:
    """Folder of the bundled project. It needs only Django: inspect it with DJDesk's own Python."""
    return Path(__file__).resolve().parent / "spokes"
