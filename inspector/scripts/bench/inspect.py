"""How long an inspection takes, as ratios to what the project's own interpreter needs.

    inspector/scripts/bench/inspect.py PATH ...    real projects, with their .venv;
                                                PATH=PYTHON names another interpreter
    inspector/scripts/bench/inspect.py             generated ones of 10, 100, 1,000 models;
                                                --sizes 10 100 measures them beside real ones

The measure is `django.setup()`, the URLconf and the system checks in a process of the project's
own interpreter, with warm bytecode, the variables and folders that the scan has found missing, and
the scan's own priority. Every figure is the median of several rounds, each scan in a process of its
own; a ratio is made of measurements that follow each other, so that all see the same machine.
Projects are copied first, and temporary folders stand for the caches of the app: nothing of the
user's is touched. All scans but the first are warm: what was learned then is known.

`live x` is all that the live half takes; `deploy x` is the part of it that checks further settings
modules as a deployment would load them.
"""

import os.path
import sys

# This script has the name of a module of the standard library, which others import by that name.
if os.path.basename(sys.path[0]) == "bench":  # noqa: PTH119 - pathlib imports too much
    sys.path[0] = os.path.dirname(sys.path[0])  # noqa: PTH120

import argparse
import compileall
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

from bench.generate import generate

HERE = Path(__file__).resolve()
sys.path.append(str(HERE.parents[2]))
SIZES = (10, 100, 1000)
# What counts as no worse than linear: seconds ~ models ** exponent, with room for noise.
LINEAR = 1.1
STARTED = 0.7  # seconds after which a process that was started ahead is ready
LEFT_OUT = (".venv", "venv", "env", "node_modules", ".git", "__pycache__")
TOUCHED = ("models.py", "views.py", "urls.py", "admin.py")
# What a developer's own process does before it can do anything. Without the end of the interpreter.
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
    """One measurement in a process of its own, so that peaks of memory do not add up."""
    argv = [sys.executable, str(HERE), "--one", kind, str(root), python, str(cache)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def one(kind: str, root: Path, python: str, cache: Path) -> dict[str, Any]:
    from djdesk.projects.discovery.project import find_project
    from inspector import engine, stages
    from inspector.engine import Options, inspect

    (cache / "bytecode" / "one").mkdir(parents=True, exist_ok=True)
    stages.bytecode_cache = lambda root: cache / "bytecode" / "one"
    stages.static_cache = lambda: cache / "static"
    project = find_project(root, python=python)
    plans = []
    live = engine.live

    def watched(*args: Any, **kwargs: Any) -> Any:
        plans.append(args[3])
        return live(*args, **kwargs)

    engine.live = watched
    # As the worker does: a process waits for the next scan. This one has just been started.
    stages.spare.prepare()
    time.sleep(STARTED)
    started = time.perf_counter()
    marks: dict[str, float] = {}
    models, settings = 0, ""
    for event in inspect(project, Options(trust=kind == "live", time_limit=600.0)):
        now = time.perf_counter()
        if event["event"] == "stage" and event["name"] == "live":
            marks.setdefault("live", now)
        if event["event"] == "section" and event["source"] == "live":
            marks[event["name"]] = now
            if event["name"] == "runtime" and event["ok"]:
                marks["loaded"] = 1.0
                settings = event["data"]["settings_module"]
        if event["event"] == "section" and event["name"] == "models" and event["ok"]:
            models = len(event["data"]["models"])
    ended = time.perf_counter()
    if sys.platform == "win32":
        raise SystemExit("This is measured on Linux.")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result: dict[str, Any] = {"seconds": ended - started, "mb": peak / 1024, "models": models}
    if kind == "live" and "live" in marks:
        result["live"] = ended - marks["live"]
        result["first"] = marks.get("apps", ended) - marks["live"]
        result["deploy"] = marks.get("deploy", ended) - marks.get("side_effects", ended)
        result["settings"] = settings
        result["base"] = str(project.base.relative_to(root)) if plans else "."
        result["env"] = plans[-1].env if plans else {}
        result["folders"] = plans[-1].folders if plans else []
        result["starts"] = len(plans)
        result["loaded"] = bool(marks.get("loaded"))
    return result


def own(python: str, root: Path, warm: dict[str, Any], cache: Path) -> float | None:
    """Seconds of the project's own process, with bytecode as warm as ours; None where it fails.

    ``root``: a copy of the project, which this process may write."""
    base = root / warm["base"]
    for folder in warm["folders"]:
        (root / folder).mkdir(parents=True, exist_ok=True)
    prefix = f"pycache_prefix={cache / 'bytecode' / 'one'}"
    argv = [python, "-X", "utf8", "-X", prefix, "-c", OWN, str(base), warm["settings"]]
    left_out = ("PYTHON", "DJANGO_", "DJDESK_")
    env = {name: text for name, text in os.environ.items() if not name.startswith(left_out)}
    env |= {"VIRTUAL_ENV": str(Path(python).parent.parent)} | warm["env"]
    started = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, cwd=base, env=env, check=False)
    if done.returncode:
        print(done.stderr.decode(errors="replace").strip().splitlines()[-1:], file=sys.stderr)
        return None
    return time.perf_counter() - started


def touched(root: Path) -> list[Path]:
    """The largest file of each kind that developers change all day."""
    found = []
    for name in TOUCHED:
        files = sorted(root.rglob(name), key=lambda one: one.stat().st_size)
        found += files[-1:]
    return found


def again(root: Path, python: str, cache: Path) -> dict[str, float]:
    """Seconds of a scan after one file was changed, by the file's name."""
    seconds = {}
    for file in touched(root):
        before = file.read_text("utf-8")
        file.write_text(before + "\n# touched\n", "utf-8")
        seconds[file.name] = measured("static", root, python, cache)["seconds"]
        file.write_text(before, "utf-8")
        measured("static", root, python, cache)
    return seconds


def measure(name: str, root: Path, python: str, repeat: int) -> dict[str, Any]:
    """All figures of one project: medians, and the least and most of the ratio of the whole."""
    rounds: list[dict[str, Any]] = []
    owns: list[float] = []
    firsts: list[dict[str, Any]] = []
    ratios: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        for number in range(repeat):
            cache = Path(folder) / str(number)
            first = measured("static", root, python, cache)
            firsts.append(first)
            for file, seconds in again(root, python, cache).items():
                ratios.setdefault(file, []).append(seconds / first["seconds"])
        cold = measured("live", root, python, cache)  # fills the caches
        if cold.get("loaded"):
            beside = Path(folder) / "own" / root.name
            shutil.copytree(root, beside, symlinks=True)
            own(python, beside, cold, cache)
            owns.append(own(python, beside, cold, cache) or math.nan)
            for _ in range(repeat):
                rounds.append(measured("live", root, python, cache))
                owns.append(own(python, beside, cold, cache) or math.nan)
    row: dict[str, Any] = {
        "name": name,
        "models": firsts[0]["models"],
        "static": statistics.median(run["seconds"] for run in firsts),
        "mb": statistics.median(run["mb"] for run in firsts),
        "starts": cold.get("starts", 0),
        "again": {file: statistics.median(values) for file, values in ratios.items()},
    }
    if rounds:
        # Each scan against the setups before and after it: the machine is not always as fast.
        around = [statistics.mean(two) for two in itertools.pairwise(owns)]
        pairs = list(zip(rounds, around, strict=True))
        whole = [run["live"] / seconds for run, seconds in pairs]
        row.update(
            models=rounds[0]["models"],
            own=statistics.median(owns),
            live=statistics.median(whole),
            spread=(min(whole), max(whole)),
            first=statistics.median(run["first"] / seconds for run, seconds in pairs),
            deploy=statistics.median(run["deploy"] / seconds for run, seconds in pairs),
            seconds=statistics.median(run["live"] for run in rounds),
        )
    return row


def verdict(text: str, value: float, limit: float) -> str:
    return f"{'PASS' if value <= limit else 'MISS'}  {text}: {value:.2f} (at most {limit:g})"


def verdicts(row: dict[str, Any]) -> list[str]:
    lines = []
    if "live" in row:
        low, high = row["spread"]
        lines += [
            verdict("whole live half / own", row["live"], 1.5) + f", {low:.2f} to {high:.2f}",
            verdict("first live sections / own", row["first"], 1.0),
        ]
    if row["again"]:
        file, worst = max(row["again"].items(), key=lambda item: item[1])
        lines.append(verdict(f"static scan again / first, {file} touched", worst, 0.3))
    if row["models"] >= 1000:
        lines.append(verdict("static scan, seconds", row["static"], 3.0))
        lines.append(verdict("static scan, MB", row["mb"], 250.0))
    return lines


def growth(rows: list[dict[str, Any]]) -> list[str]:
    """How the times grow with the number of models, between each two sizes."""
    lines = []
    for key, text in (("static", "static scan"), ("seconds", "live scan")):
        known = [row for row in rows if key in row]
        for small, large in itertools.pairwise(known):
            more = large["models"] / small["models"]
            exponent = math.log(large[key] / small[key]) / math.log(more)
            each = (large[key] - small[key]) / (large["models"] - small["models"]) * 1000
            good = "no worse than linear" if exponent <= LINEAR else "WORSE THAN LINEAR"
            lines.append(
                f"{'PASS' if exponent <= LINEAR else 'MISS'}  growth of the {text}, "
                f"{small['models']} to {large['models']} models: seconds ~ models^{exponent:.2f}, "
                f"{each:.2f} ms for each further model: {good}"
            )
    return lines


def shown(rows: list[dict[str, Any]]) -> None:
    names = ["project", "models", "own s", "live x", "first x", "deploy x", "first starts"]
    table = [[*names, "static s", "MB", "again x"]]
    for row in rows:
        loaded = "live" in row
        worst = max(row["again"].values(), default=0.0)
        table.append(
            [
                row["name"],
                str(row["models"]),
                f"{row['own']:.2f}" if loaded else "does not load",
                f"{row['live']:.2f}" if loaded else "-",
                f"{row['first']:.2f}" if loaded else "-",
                f"{row['deploy']:.2f}" if loaded else "-",
                str(row["starts"]),
                f"{row['static']:.2f}",
                f"{row['mb']:.0f}",
                f"{worst:.2f}",
            ]
        )
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def environment(folder: Path) -> str:
    """An environment of the project's own, as a project has: Django from this one."""
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
    arguments = parser.parse_args()
    if arguments.sizes is None:
        arguments.sizes = [] if arguments.projects else list(SIZES)
    if arguments.one:
        kind, root, python, cache = arguments.one
        print(json.dumps(one(kind, Path(root), python, Path(cache))))
        return
    # As in a package, which comes with its bytecode; a checkout would compile at every start.
    compileall.compile_dir(HERE.parents[2] / "inspector", quiet=2)
    rows, generated = [], []
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        python = environment(Path(folder) / "environment")
        for size in arguments.sizes:
            root = generate(Path(folder) / f"generated-{size}", size)
            generated.append(measure(f"generated, {size}", root, python, arguments.repeat))
        rows += generated
        for text in arguments.projects:
            path, _, named = text.partition("=")
            source = Path(path).resolve()
            found = named or str(source / ".venv" / "bin" / "python")
            root = Path(folder) / "real" / source.name
            shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
            rows.append(measure(source.name, root, os.path.abspath(found), arguments.repeat))  # noqa: PTH100
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


if __name__ == "__main__":
    main()
