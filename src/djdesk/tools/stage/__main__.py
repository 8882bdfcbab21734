"""Stage the Python side of a packaged app: .stage/backend, the same from the same commit.

    python -m djdesk.tools.stage [--python-archive FILE] [--strip]
    python -m djdesk.tools.stage --check-only     is what is staged whole?

An interpreter, the locked packages, our code, hashed static files and the documents; pruned,
compiled, listed in a manifest, and refused when anything is missing. docs/packaging.md tells more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from . import application, bytecode, check, interpreter, manifest, prune
from .places import ROOT, Backend, StageProblem


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / ".stage" / "backend")
    parser.add_argument(
        "--python-archive",
        type=Path,
        default=os.environ.get("DJDESK_PYTHON_ARCHIVE") or None,
        help="an install_only archive of python-build-standalone (default: uv fetches one; "
        "DJDESK_PYTHON_ARCHIVE)",
    )
    parser.add_argument("--uv", help="the uv to use")
    parser.add_argument("--strip", action="store_true", help="take symbols out of ELF files")
    parser.add_argument("--check-only", action="store_true", help="examine what is staged")
    options = parser.parse_args(argv)
    backend = Backend(options.output.absolute())
    try:
        if not options.check_only:
            stage(backend, options)
        check.whole(backend, say)
    except StageProblem as problem:
        print(f"\n{problem}", file=sys.stderr)
        for text in (problem.hint, problem.detail):
            if text:
                print(text, file=sys.stderr)
        return 1
    return 0


def stage(backend: Backend, options: argparse.Namespace) -> None:
    uv = interpreter.find_uv(options.uv)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or manifest.commit_time())
    if backend.root.exists():
        # Nothing of an earlier run may slip in.
        shutil.rmtree(backend.root)
    backend.root.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="djdesk-python-") as scratch:
        say("interpreter")
        interpreter.place(
            backend, archive=options.python_archive, uv=uv, scratch=Path(scratch).resolve()
        )
    prune.prune_interpreter(backend)
    version = interpreter.version(backend.python)
    say(f"packages for Python {version}")
    application.install_packages(backend, uv)
    prune.prune_packages(backend)
    say("code, static files, documents")
    application.copy_code(backend)
    application.copy_documents(backend)
    application.make_static_files(backend, epoch)
    if options.strip:
        say(f"stripped: {prune.strip_binaries(backend) / 2**20:.1f} MiB less")
    say("byte code")
    bytecode.compile_all(backend)
    manifest.settle_times(backend.root, epoch)
    manifest.write(backend, manifest.make(backend, python=version, epoch=epoch))


_begun = time.monotonic()


def say(what: str) -> None:
    print(f"  {time.monotonic() - _begun:5.1f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
