"""Run a project's own build steps, such as npm for static files, in a copy of the project.

The project itself is never written to. ``djdesk prove`` and ``djdesk package`` work on the copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from djdesk.app import App, load
from djdesk.table import Table

from .desktop import environment
from .nodejs import find_node
from .plan import MADE, made, write_json
from .problem import ToolProblem
from .scratch import temporary_folder

PROJECT = "project"  # folder name of a project whose table is beside it
LONG = 1800  # seconds
UNCOPIED = {
    ".git", ".hg", "node_modules", ".venv", "venv", "__pycache__", "__pypackages__", MADE,
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox",
}  # fmt: skip
# A management command, run with the desktop's settings on data that is thrown away.
MANAGE = ["djdesk", "manage"]
# Package managers that npm can run if they are not installed.
BY_NPM = {"yarn": "yarn@1", "pnpm": "pnpm@9"}
# Test packages download browsers, and git hooks are the developer's business.
QUIET = {
    "CYPRESS_INSTALL_BINARY": "0", "PUPPETEER_SKIP_DOWNLOAD": "1", "HUSKY": "0",
    "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1", "npm_config_audit": "false",
    "npm_config_fund": "false", "npm_config_update_notifier": "false",
}  # fmt: skip

# webpack 4 hashes with MD4, which OpenSSL 3 in Node 17 and later offers on request only.
OLD_WEBPACK, LEGACY = "ERR_OSSL_EVP_UNSUPPORTED", "--openssl-legacy-provider"


def built(app: App, say: Callable[[str], None]) -> App:
    """The app after its builds; the app itself if it has none. Unchanged builds are not repeated.
    Raises ToolProblem with the build's output."""
    if not app.builds:
        return app
    whole = _whole(app)
    place = made(app) / "built"
    copy = place if whole == app.root else place / PROJECT
    stamp = {"files": _fingerprint(whole, app), "builds": list(map(list, app.builds))}
    file = made(app) / "built.json"
    if file.is_file() and json.loads(file.read_text(encoding="utf-8")) == stamp:
        return _loaded(place)
    file.unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(app.root, place, ignore=_ignore(app.root))
    if whole != app.root:
        shutil.copytree(whole, copy, ignore=_ignore(whole))
        point(place / "pyproject.toml", (PROJECT / app.project.relative_to(whole)).as_posix())
    for name in app.folders:
        # The package includes them although git may ignore them.
        (copy / app.project.relative_to(whole) / name).mkdir(parents=True, exist_ok=True)
    for folder, command in app.builds:
        say(f"  {folder}: {command}")
        _run(copy / (app.project / folder).resolve().relative_to(whole), command, place)
    for folder, _ in app.builds:
        # Large, and no longer needed.
        inside = copy / (app.project / folder).resolve().relative_to(whole)
        shutil.rmtree(inside / "node_modules", ignore_errors=True)
    write_json(file, stamp)
    return _loaded(place)


def point(file: Path, project: str) -> None:
    """Change the project folder that a table names."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = Table(file, "".join(lines), ("tool", "djdesk"), {}).line_of("project") - 1
    lines[at] = f"project = {json.dumps(project, ensure_ascii=False)}\n"
    file.write_text("".join(lines), encoding="utf-8", newline="\n")


def _loaded(place: Path) -> App:
    load.cache_clear()
    return load(place)


def _whole(app: App) -> Path:
    """The folder that contains the project and all of its build sources."""
    root = app.root.resolve()
    if app.project.resolve().is_relative_to(root):
        return app.root
    folders = [(app.project / folder).resolve() for folder, _ in app.builds]
    return Path(os.path.commonpath([app.project.resolve(), *folders]))


def _ignore(root: Path) -> Callable[[str, list[str]], set[str]]:
    ignored = ignored_by_git(root)

    def ignore(folder: str, names: list[str]) -> set[str]:
        place = Path(folder)
        return {
            name
            for name in names
            if name in UNCOPIED
            or (place / name / "pyvenv.cfg").is_file()
            or (place / name in ignored and not name.endswith(".mo"))
        }

    return ignore


def ignored_by_git(root: Path) -> set[Path]:
    if MADE in root.parts:
        return set()  # a copy without ignored files, in which a build was made
    command = [
        "git", "-C", str(root), "ls-files", "--others", "--ignored", "--exclude-standard",
        "--directory", "-z",
    ]  # fmt: skip
    try:
        said = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except OSError:
        return set()
    return {root / name.rstrip("/") for name in said.stdout.decode().split("\0") if name}


def _fingerprint(whole: Path, app: App) -> str:
    found = hashlib.sha256()
    for root in dict.fromkeys((app.root, whole)):
        ignore = _ignore(root)
        for folder, folders, files in os.walk(root):
            left = ignore(folder, [*folders, *files])
            folders[:] = sorted(name for name in folders if name not in left)
            for name in sorted(set(files) - left):
                stat = Path(folder, name).lstat()
                line = f"{folder}/{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n"
                found.update(line.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _run(folder: Path, command: str, place: Path) -> None:
    """``place``: the copy's folder with the table."""
    words = command.split()
    if words[:2] == MANAGE:
        with temporary_folder("build") as data:
            env = environment(_loaded(place), "development", data / "data")
            load_it = [sys.executable, "-X", "utf8", "-m", "djdesk.desktop.loading"]
            _finish(folder, command, [*load_it, *words[2:]], env)
        return
    path = os.environ.get("PATH", "")
    if words[0] in ("npm", "npx", *BY_NPM):
        path = os.pathsep.join([str(Path(find_node()).parent), path])
    program = sys.executable if words[0] == "python" else shutil.which(words[0], path=path)
    if program is None and words[0] in BY_NPM and (npm := shutil.which("npx", path=path)):
        program, words = npm, ["npx", "--yes", BY_NPM[words[0]], *words[1:]]
    if program is None:
        raise ToolProblem(
            f"“{command}” cannot be run: there is no program {words[0]}.",
            "Install it, or build by hand and remove the line from [tool.djdesk.builds].",
        )
    _finish(folder, command, [program, *words[1:]], os.environ | QUIET | {"PATH": path})


def _finish(folder: Path, command: str, words: list[str], env: dict[str, str]) -> None:
    while True:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, encoding="utf-8",
            errors="replace", timeout=LONG, check=False, stdin=subprocess.DEVNULL, env=env,
        )  # fmt: skip
        if done.returncode == 0 or OLD_WEBPACK not in done.stdout + done.stderr:
            break
        given = env.get("NODE_OPTIONS", "")
        if LEGACY in given:
            break
        env["NODE_OPTIONS"] = f"{given} {LEGACY}".strip()
    if done.returncode != 0:
        raise ToolProblem(
            f"“{command}” fails in {folder.name}.",
            "Run it by hand in the project. Once it works there, run this again.",
            f"{done.stdout}\n{done.stderr}".strip()[-2000:],
        )
