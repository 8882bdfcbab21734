"""Stage the Python side of a packaged app, reproducibly for a commit of the app.

An interpreter, the app's packages, djdesk, the app and its static files; pruned, compiled, listed
in a manifest, and checked for completeness. See docs/packaging.md.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from djdesk.app import App
from djdesk.tools.scratch import temporary_folder

from . import application, bytecode, check, interpreter, manifest, prune, requirements
from .places import Backend


@dataclass(frozen=True, slots=True)
class Options:
    """``archive``: an install_only archive of python-build-standalone; without one uv downloads it.
    ``requirements``: a file instead of the app's own lock. ``with_faults``: see `check.whole`;
    accepts pages that answer 500."""

    archive: Path | None = None
    uv: str | None = None
    strip: bool = False
    requirements: Path | None = None
    with_faults: bool = False

    @classmethod
    def named(cls, **given) -> Options:
        archive = given.pop("archive", None) or os.environ.get("DJDESK_PYTHON_ARCHIVE")
        return cls(archive=Path(archive) if archive else None, **given)


def build(app: App, backend: Backend, options: Options, source: App | None = None) -> None:
    """``source``: the app after its own builds. Raises StageProblem with what is wrong."""
    uv = interpreter.find_uv(options.uv)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or manifest.commit_time(app.root))
    if backend.root.exists():
        # Nothing from an earlier run may remain.
        shutil.rmtree(backend.root)
    backend.root.mkdir(parents=True)
    with temporary_folder("python") as scratch:
        say("interpreter")
        interpreter.place(backend, archive=options.archive, uv=uv, scratch=scratch)
        library = prune.library(backend)
        prune.prune_interpreter(backend)
        version = interpreter.version(backend.python)
        say(f"packages for Python {version}")
        lock = requirements.lock(app, uv, ".".join(version.split(".")[:2]), options.requirements)
        say(f"  {lock.source}")
        application.install_packages(backend, uv, lock, scratch, app.root / "wheels")
    before = prune.modules(backend)
    say("code and static files")
    application.copy_runtime(backend, app)
    application.copy_app(backend, source or app)
    kept = prune.prune_packages(backend, prune.installed_apps(backend, app), app.languages)
    if kept:
        say(f"  kept, because the app has them: {', '.join(kept)}")
    application.make_static_files(backend, app, epoch)
    if options.strip:
        say(f"stripped: {prune.strip_binaries(backend) / 2**20:.1f} MiB less")
    say("byte code")
    bytecode.compile_all(backend)
    manifest.settle_times(backend.root, epoch)
    manifest.write(backend, manifest.make(backend, app, python=version, epoch=epoch))
    gone = (before - prune.modules(backend)) | (library - prune.library(backend))
    check.whole(backend, app, gone, say, with_faults=options.with_faults)


_begun = time.monotonic()


def say(what: str) -> None:
    print(f"  {time.monotonic() - _begun:5.1f} s  {what}", file=sys.stderr, flush=True)
