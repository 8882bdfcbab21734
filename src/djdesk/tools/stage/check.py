"""Check a staged backend by running it, before it is packaged."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from djdesk.app import App
from djdesk.tools.desktop import environment as desktop_environment
from djdesk.tools.scratch import temporary_folder
from djdesk.tools.serving import children
from djdesk.tools.serving.pages import Server

from . import manifest
from .crawl import crawl
from .places import RUN, WINDOWS, Backend, StageProblem

# A literal name; one with a variable is known only when the page is rendered.
STATIC = re.compile(r"""\{%\s*static\s+["']([^"'{}]+)["']""")


def whole(
    backend: Backend,
    app: App,
    gone: set[str],
    say: Callable[[str], None],
    *,
    with_faults: bool = False,
) -> None:
    """``gone``: modules that pruning removed from packages. ``with_faults``: pages that answer 500
    are only reported. Raises StageProblem with everything that is wrong."""
    _compare(backend, "staging")
    if WINDOWS and (long := too_long(backend, app.name)):
        raise StageProblem(
            "Some paths would be too long for Windows (260 characters).",
            "Leave them out, or shorten their names.",
            "\n".join(long),
        )
    with temporary_folder("check é ") as scratch:
        data = scratch / "data"
        env = desktop_environment(app, "packaged", data, root=backend.app)
        say(f"check: {_reach(backend, env, gone, scratch)} modules can be imported")
        strict = app.pages.static_files == "strict"
        if strict and (missing := missing_static_files(backend)):
            raise StageProblem(
                "Templates refer to static files that the app does not have.",
                "Add them to a folder static/ of an app, or correct the templates.",
                "\n".join(missing),
            )
        _serve(backend, env, scratch, say, with_faults=with_faults)
    # The checks must not have left anything behind.
    _compare(backend, "running it")
    say("check: every file matches the manifest")


def too_long(backend: Backend, name: str) -> list[str]:
    """Files whose path would be too long on Windows at the default location for a user name of 20
    characters; with long paths disabled, the default, the limit is 259."""
    home = len(rf"C:\Users\{'x' * 20}\AppData\Local\Programs\{name}\resources\backend") + 1
    names = (file.relative_to(backend.root).as_posix() for file in manifest.files(backend.root))
    return [one for one in names if home + len(one) > 259]


def missing_static_files(backend: Backend) -> list[str]:
    """``{% static "…" %}`` references in the app's templates whose file was not collected, as
    sentences.
    """
    manifests = sorted(backend.root.rglob("staticfiles.json"))
    if not manifests:
        return []
    known = json.loads(manifests[0].read_text(encoding="utf-8"))["paths"]
    return [
        f"{file.relative_to(backend.app)} names {name}"
        for file in sorted(backend.app.rglob("templates/**/*.html"))
        for name in STATIC.findall(file.read_text(encoding="utf-8", errors="ignore"))
        if name not in known and not (manifests[0].parent / name).is_file()
    ]


def _compare(backend: Backend, after: str) -> None:
    if found := manifest.differences(backend.root):
        rest = f" (and {len(found) - 10} more)" if len(found) > 10 else ""
        raise StageProblem(
            f"The staged backend no longer matches its manifest after {after}: "
            f"{'; '.join(found[:10])}{rest}."
        )


def _reach(backend: Backend, env: Mapping[str, str], gone: set[str], scratch: Path) -> int:
    listed = scratch / "gone.json"
    listed.write_text(json.dumps(sorted(gone)), encoding="utf-8")
    said = subprocess.run(
        [backend.python, *RUN, Path(__file__).parent / "inside" / "reach.py", listed],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False, env=dict(env),
    )  # fmt: skip
    if said.returncode != 0:
        raise StageProblem("The staged app cannot be loaded.", detail=said.stderr[-3000:])
    report = json.loads(said.stdout.strip().splitlines()[-1])
    if report["failures"]:
        raise StageProblem(
            "The staged app imports modules that are not in the package.",
            "djdesk/tools/stage/prune.py lists what is left out of every app.",
            "\n".join(report["failures"]),
        )
    return int(report["modules"])


def _serve(
    backend: Backend,
    env: Mapping[str, str],
    scratch: Path,
    say: Callable[[str], None],
    *,
    with_faults: bool,
) -> None:
    token = secrets.token_hex(32)
    shared = {
        "launch_id": secrets.token_hex(8),
        "data_dir": env["DJDESK_DATA_DIR"],
        "app": str(backend.app),
    }
    log = scratch / "server.log"

    def start(role: str, errors: IO[bytes], **more: object) -> subprocess.Popen[bytes]:
        python = [str(backend.python), *RUN]
        return children.start(python, role, shared | more, env=env, cwd=None, errors=errors)

    with log.open("wb") as errors:
        server = start("serve", errors, token=token, port=0)
        try:
            port = int(children.until(server, "listening", log)["port"])
            worker = start("worker", errors)
            try:
                children.until(worker, "ready", log)
            finally:
                children.end(worker)
            say("check: server and worker start")
            pages, seen, passed = crawl(
                backend, Server(port, token, log), env, with_faults=with_faults
            )
            say(f"check: {pages} pages answer anonymous users, {seen} the first user")
            if passed:
                say(
                    "\n".join(
                        [f"check: {len(passed)} do not work, and are packaged anyway:", *passed]
                    )
                )
        except children.NotStarted as failure:
            raise StageProblem(
                f"The staged app does not start: {failure}", failure.hint, failure.detail
            ) from failure
        except OSError as error:
            raise StageProblem(f"The staged app does not answer: {error}") from error
        finally:
            children.end(server)
