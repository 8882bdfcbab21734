"""The size of each part of a staged backend, plain and compressed."""

from __future__ import annotations

import io
import lzma
import tarfile
from dataclasses import dataclass
from pathlib import Path

from .manifest import files
from .places import Backend

# A file belongs to the first part that contains it; {library} is the standard library's folder.
PARTS = (
    ("Django", ("{library}/site-packages/django/",)),
    ("djdesk", ("{library}/site-packages/djdesk/",)),
    ("other packages", ("{library}/site-packages/",)),
    ("extension modules and shared libraries", ("{library}/lib-dynload/", "python/DLLs/")),
    ("standard library", ("{library}/",)),
    ("interpreter", ("python/",)),
    ("static files", ("app/.djdesk/",)),
    ("the app", ("app/",)),
    ("command line, manifest", ("",)),
)


@dataclass(frozen=True, slots=True)
class Weight:
    """``size`` and ``compressed`` in bytes; ``compressed`` is that of the part by itself."""

    part: str
    files: int
    size: int
    compressed: int


def weigh(backend: Backend, *, each: bool) -> list[Weight]:
    """Each part, and finally the whole, which counts for the budget.

    ``each``: also compress the parts, which takes twice as long; otherwise their value is 0.
    """
    library = backend.library.relative_to(backend.root).as_posix()
    everything = [*files(backend.root), backend.manifest]
    parts: dict[str, list[Path]] = {name: [] for name, _ in PARTS}
    for file in everything:
        name = file.relative_to(backend.root).as_posix()
        for part, prefixes in PARTS:
            if any(name.startswith(prefix.format(library=library)) for prefix in prefixes):
                parts[part].append(file)
                break
    rows = [_weight(backend, part, found, each) for part, found in parts.items()]
    return [*rows, _weight(backend, "all", everything, True)]


def _weight(backend: Backend, part: str, found: list[Path], pack: bool) -> Weight:
    size = sum(file.stat().st_size for file in found)
    return Weight(part, len(found), size, compressed(backend.root, found) if pack else 0)


def compressed(root: Path, found: list[Path]) -> int:
    """Bytes as tar.xz with xz's default preset, similar to deb and NSIS."""
    packer = lzma.LZMACompressor(preset=6)
    buffer = io.BytesIO()
    total = 0
    with tarfile.open(fileobj=buffer, mode="w|") as archive:
        for file in found:
            archive.add(file, file.relative_to(root).as_posix(), recursive=False)
            total += len(packer.compress(buffer.getvalue()))
            buffer.seek(0)
            buffer.truncate()
    return total + len(packer.compress(buffer.getvalue())) + len(packer.flush())
