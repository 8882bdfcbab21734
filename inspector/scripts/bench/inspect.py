"""Measures inspections as ratios to what the project's own interpreter needs.

    inspector/scripts/bench/inspect.py PATH ...    real projects, with their .venv;
                                                PATH=PYTHON names another interpreter
    inspector/scripts/bench/inspect.py             generated ones of 10, 100, 1,000 models;
                                                --sizes 10 100 measures them beside real ones

    inspector/scripts/bench/inspect.py --catalogues 60
                                                one with so many megabytes of translations
    --docs                                      also writes a new table into docs/engine.md

The baseline is `django.setup()`, the URLconf and the system checks in a process of the project's
own interpreter, with warm bytecode, the variables and folders that the scan found missing, and the
scan's priority. Every figure is the median of several rounds, each scan in its own process; ratios
use adjacent measurements, so that both see the same load. Projects are copied first and the app's
caches are temporary folders, so nothing of the user's is touched. All scans but the first are warm:
they reuse what the first one learned.

Ratios are in wall-clock time and in processor seconds (`cpu`), which other programs affect little.
`live x` is all that the live half takes once the source has been read: by then its interpreter
waits in its sandbox, and a private copy has been made. `deploy x` is its part that checks further
settings modules as a deployment would load them. `starts`: how often the first scan loaded the
project, and the warm ones.
"""

import os.path
import sys

# This script has the name of a module of the standard library, which others import by that name.
if os.path.basename(sys.path[0]) == "bench":  # noqa: PTH119 - pathlib imports too much
    sys.path[0] = os.path.dirname(sys.path[0])  # noqa: PTH120

import argparse
import compileall
import contextlib
import itertools
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

from bench.catalogues import catalogues
from bench.figures import documented, growth, project_name, shown, verdicts
from bench.generate import generate

HERE = Path(__file__).resolve()
sys.path.append(str(HERE.parents[2]))
SIZES = (10, 100, 1000)
CATALOGUES = 60  # megabytes
DOCS = HERE.parents[2] / "docs" / "engine.md"
STARTED = 0.7  # seconds until a process that was started ahead is ready
LEFT_OUT = (".venv", "venv", "env", "node_modules", ".git", "__pycache__")
TOUCHED = ("models.py", "views.py", "urls.py", "admin.py")
# What a developer's own process does before it can do anything, without the interpreter's shutdown.
OWN = """
import os, sys
os.nice(5)
sys.path.insert(0, sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[2]
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
try:
    settings.SECRET_KEY
except ImproperlyConfigured:
    settings.SECRET_KEY = "0" * 60
import django
django.setup()
from django.core.checks import run_checks
from django.urls import get_resolver
get_resolver().url_patterns
run_checks()
os._exit(0)
"""


def measured(kind: str, root: Path, python: str, cache: Path) -> dict[str, Any]:
    """One measurement in its own process, so that memory peaks do not add up."""
    argv = [sys.executable, str(HERE), "--one", kind, str(root), python, str(cache)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def spent() -> float:
    """Processor seconds of this process and of its running and ended children."""
    import psutil

    if sys.platform == "win32":
        raise SystemExit("This is measured on Linux.")
    living = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            living += times.user + times.system
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + living


def one(kind: str, root: Path, python: str, cache: Path) -> dict[str, Any]:
    from djdesk.projects.discovery.project import find_project
    from inspector.engine import Options, inspect, inspection, stages

    (cache / "bytecode" / "one").mkdir(parents=True, exist_ok=True)
    stages.bytecode_cache = lambda root: cache / "bytecode" / "one"
    stages.static_cache = lambda: cache / "static"
    project = find_project(root, python=python)
    plans = []
    live = vars(inspection)["live"]

    def watched(*args: Any, **kwargs: Any) -> Any:
        plans.append(args[3])
        return live(*args, **kwargs)

    vars(inspection)["live"] = watched
    # Like the worker: a process waits for the next scan. This one has just started.
    stages.prewarmed.prepare()
    time.sleep(STARTED)
    before, started = spent(), time.perf_counter()
    marks: dict[str, float] = {}
    models, settings = 0, ""
    ended, cpu = started, before
    for event in inspect(project, Options(trust=kind == "live", time_limit=600.0)):
        now = time.perf_counter()
        if event["event"] == "stage" and event["name"] == "live":
            marks.setdefault("live", now)
            marks.setdefault("live_cpu", spent())
        if event["event"] == "section" and event["source"] == "live":
            marks[event["name"]] = now
            if event["name"] == "side_effects":
                # Before the kill, after which its usage cannot be read.
                marks["used"] = spent()
            if event["name"] == "runtime" and event["ok"]:
                marks["loaded"] = 1.0
                settings = event["data"]["settings_module"] or ""
        if event["event"] == "section" and event["name"] == "models" and event["ok"]:
            models = len(event["data"]["models"])
        if event["event"] == "end":
            # All results have arrived; only the child's folders remain to be deleted.
            ended, cpu = now, spent()
    if sys.platform == "win32":
        raise SystemExit("This is measured on Linux.")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result: dict[str, Any] = {"seconds": ended - started, "mb": peak / 1024, "models": models}
    result["cpu"] = cpu - before
    if kind == "live" and "live" in marks:
        result["live"] = ended - marks["live"]
        result["live_cpu"] = max(cpu, marks.get("used", 0.0)) - marks["live_cpu"]
        result["first"] = marks.get("apps", ended) - marks["live"]
        result["deploy"] = marks.get("deploy", ended) - marks.get("side_effects", ended)
        result["settings"] = settings
        result["base"] = str(project.base.relative_to(root)) if plans else "."
        result["env"] = plans[-1].env if plans else {}
        result["folders"] = plans[-1].folders if plans else []
        result["starts"] = len(plans)
        result["loaded"] = bool(marks.get("loaded"))
    return result


def own(python: str, root: Path, warm: dict[str, Any], cache: Path) -> tuple[float, float]:
    """Wall-clock and processor seconds of the project's own process, with bytecode as warm as
    ours; NaN if it fails.

    ``root``: a copy of the project, which this process may write.
    """
    base = root / warm["base"]
    for folder in warm["folders"]:
        (root / folder).mkdir(parents=True, exist_ok=True)
    prefix = f"pycache_prefix={cache / 'bytecode' / 'one'}"
    argv = [python, "-X", "utf8", "-X", prefix, "-c", OWN, str(base), warm["settings"]]
    left_out = ("PYTHON", "DJANGO_", "DJDESK_")
    env = {name: text for name, text in os.environ.items() if not name.startswith(left_out)}
    env |= {"VIRTUAL_ENV": str(Path(python).parent.parent)} | warm["env"]
    before, started = spent(), time.perf_counter()
    done = subprocess.run(argv, capture_output=True, cwd=base, env=env, check=False)
    if done.returncode:
        print(done.stderr.decode(errors="replace").strip().splitlines()[-1:], file=sys.stderr)
        return math.nan, math.nan
    return time.perf_counter() - started, spent() - before


def touched(root: Path) -> list[Path]:
    """The largest file of each kind that developers edit often."""
    found = []
    for name in TOUCHED:
        files = sorted(root.rglob(name), key=lambda one: one.stat().st_size)
        found += files[-1:]
    return found


def again(root: Path, python: str, cache: Path) -> dict[str, dict[str, Any]]:
    """Scans after changing one file, keyed by the file's name."""
    scans = {}
    for file in touched(root):
        before = file.read_text("utf-8")
        file.write_text(before + "\n# touched\n", "utf-8")
        scans[file.name] = measured("static", root, python, cache)
        file.write_text(before, "utf-8")
        measured("static", root, python, cache)
    return scans


def measure(name: str, root: Path, python: str, repeat: int) -> dict[str, Any]:
    """All figures of one project: medians, and minimum and maximum of the overall ratio."""
    rounds: list[dict[str, Any]] = []
    owns: list[tuple[float, float]] = []
    firsts: list[dict[str, Any]] = []
    ratios: dict[str, dict[str, list[float]]] = {"seconds": {}, "cpu": {}}
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        for number in range(repeat):
            cache = Path(folder) / str(number)
            first = measured("static", root, python, cache)
            firsts.append(first)
            for file, scan in again(root, python, cache).items():
                for unit, known in ratios.items():
                    known.setdefault(file, []).append(scan[unit] / first[unit])
        cold = measured("live", root, python, cache)  # fills the caches
        if cold.get("loaded"):
            beside = Path(folder) / "own" / root.name
            shutil.copytree(root, beside, symlinks=True)
            own(python, beside, cold, cache)
            owns.append(own(python, beside, cold, cache))
            for _ in range(repeat):
                rounds.append(measured("live", root, python, cache))
                owns.append(own(python, beside, cold, cache))
    row: dict[str, Any] = {
        "name": name,
        "models": firsts[0]["models"],
        "static": statistics.median(run["seconds"] for run in firsts),
        "mb": statistics.median(run["mb"] for run in firsts),
        "starts": str(cold.get("starts", 0)),
        "again": {file: statistics.median(all_) for file, all_ in ratios["seconds"].items()},
        "again_cpu": {file: statistics.median(all_) for file, all_ in ratios["cpu"].items()},
    }
    if rounds:
        # Compare each scan with the setups before and after it, because the machine's speed varies.
        around = [(a[0] + b[0]) / 2 for a, b in itertools.pairwise(owns)]
        pairs = list(zip(rounds, around, strict=True))
        cpu = statistics.median(one[1] for one in owns)
        whole = [run["live"] / seconds for run, seconds in pairs]
        row.update(
            models=rounds[0]["models"],
            starts=f"{cold['starts']}, then {max(run['starts'] for run in rounds)}",
            own=statistics.median(one[0] for one in owns),
            live=statistics.median(whole),
            live_cpu=statistics.median(run["live_cpu"] for run in rounds) / cpu,
            spread=(min(whole), max(whole)),
            first=statistics.median(run["first"] / seconds for run, seconds in pairs),
            deploy=statistics.median(run["deploy"] / seconds for run, seconds in pairs),
            seconds=statistics.median(run["live"] for run in rounds),
        )
    return row


def environment(folder: Path) -> str:
    """A virtual environment for a generated project, with this environment's Django."""
    venv.create(folder, with_pip=False, symlinks=True)
    (target,) = folder.glob("lib/*/site-packages")
    for package in ("django", "asgiref", "sqlparse"):
        source = Path(str(__import__(package).__file__)).parent
        (target / package).symlink_to(source)
        for info in source.parent.glob(f"{package}-*.dist-info"):
            (target / info.name).symlink_to(info)
    return str(folder / "bin" / "python")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("projects", nargs="*", metavar="PATH[=PYTHON]")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="*")
    parser.add_argument("--catalogues", type=int, metavar="MB")
    parser.add_argument("--docs", action="store_true", help="write a new table into docs/engine.md")
    arguments = parser.parse_args()
    if arguments.sizes is None:
        chosen = arguments.projects or arguments.catalogues
        arguments.sizes = [] if chosen else list(SIZES)
        arguments.catalogues = arguments.catalogues or (0 if chosen else CATALOGUES)
    if arguments.one:
        kind, root, python, cache = arguments.one
        print(json.dumps(one(kind, Path(root), python, Path(cache))))
        return
    # Like a package, which ships with its bytecode; a checkout would compile at every start.
    compileall.compile_dir(HERE.parents[2] / "inspector", quiet=2)
    rows, generated = [], []
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        python = environment(Path(folder) / "environment")
        for size in arguments.sizes:
            root = generate(Path(folder) / f"generated-{size}", size)
            generated.append(measure(f"generated, {size}", root, python, arguments.repeat))
        rows += generated
        if arguments.catalogues:
            root = generate(Path(folder) / "catalogues", 20)
            catalogues(root, arguments.catalogues)
            name = f"generated, {arguments.catalogues} MB of catalogues"
            rows.append(measure(name, root, python, arguments.repeat))
        for text in arguments.projects:
            path, _, named = text.partition("=")
            source = Path(path).resolve()
            found = named or str(source / ".venv" / "bin" / "python")
            name = project_name(source, {row["name"] for row in rows})
            root = Path(folder) / "real" / name / source.name
            shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
            rows.append(measure(name, root, os.path.abspath(found), arguments.repeat))  # noqa: PTH100
    shown(rows)
    for row in rows:
        print(f"\n{row['name']}")
        print("\n".join(verdicts(row)))
    print()
    print("\n".join(growth(generated)))
    print(f"\nMedians of {arguments.repeat} rounds; load of the machine at the end:", end=" ")
    if sys.platform == "win32":
        raise SystemExit("This is measured on Linux.")
    print(" ".join(f"{one:.1f}" for one in os.getloadavg()))
    if arguments.docs:
        documented(rows, DOCS, os.getloadavg()[1])


if __name__ == "__main__":
    main()
