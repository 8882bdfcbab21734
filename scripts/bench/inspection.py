"""How long an inspection takes, as ratios to the project's own `django.setup()`.

    python scripts/bench/inspection.py             generated projects of 10, 100, 1,000 models
    python scripts/bench/inspection.py PATH        real projects as well, with their .venv;
                                                PATH=PYTHON names another interpreter

Every figure is the best of several runs with warm caches, in a process of its own. The caches of
the app are not touched: a temporary folder stands for them.
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path.append(str(HERE.parents[2]))
SIZES = (10, 100, 1000)
TARGETS = "live <= 2.0, first <= 1.3, static <= 3 s and 250 MB at 1,000 models, again <= 0.3"
# What a developer's own process does before it can do anything.
SETUP = (
    "import os, sys, time; s = time.perf_counter(); sys.path.insert(0, sys.argv[1]); "
    "os.environ['DJANGO_SETTINGS_MODULE'] = sys.argv[2]; import django; django.setup(); "
    "print(time.perf_counter() - s)"
)


def measured(kind: str, root: Path, python: str, cache: Path) -> dict[str, Any]:
    """One measurement in a process of its own, so that peaks of memory do not add up."""
    argv = [sys.executable, str(HERE), "--one", kind, str(root), python, str(cache)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def one(kind: str, root: Path, python: str, cache: Path) -> dict[str, Any]:
    from inspector import stages
    from inspector.discovery import find_project
    from inspector.engine import Options, inspect

    (cache / "bytecode" / "one").mkdir(parents=True, exist_ok=True)
    stages.bytecode_cache = lambda root: cache / "bytecode" / "one"
    stages.static_cache = lambda: cache / "static"
    project = find_project(root, python=python)
    started = time.perf_counter()
    marks: dict[str, float] = {}
    models = 0
    for event in inspect(project, Options(trust=kind == "live", time_limit=600.0)):
        now = time.perf_counter()
        if event["event"] == "stage" and event["name"] == "live":
            marks.setdefault("live", now)
        if event["event"] == "section" and event["source"] == "live":
            marks[event["name"]] = now
            if event["name"] == "runtime" and event["ok"]:
                marks["own"] = event["data"]["setup_seconds"]
        if event["event"] == "section" and event["name"] == "models" and event["ok"]:
            models = len(event["data"]["models"])
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result: dict[str, Any] = {"seconds": ended - started, "mb": peak / 1024, "models": models}
    if kind == "live" and "live" in marks:
        result["live"] = marks.get("side_effects", ended) - marks["live"]
        result["first"] = marks.get("apps", ended) - marks["live"]
        result["settings"] = project.settings.module if project.settings else ""
        result["base"] = str(project.base)
        result["loaded"] = "own" in marks
    return result


def setup(python: str, base: str, settings: str, cache: Path) -> float | None:
    """Seconds of `django.setup()` with the same warm bytecode; None where it does not load."""
    argv = [
        python,
        "-X",
        f"pycache_prefix={cache / 'bytecode' / 'one'}",
        "-c",
        SETUP,
        base,
        settings,
    ]
    best: float | None = None
    for _ in range(3):
        started = time.perf_counter()
        done = subprocess.run(argv, capture_output=True, cwd=base, check=False)
        took = time.perf_counter() - started
        if done.returncode:
            return None
        best = took if best is None else min(best, took)
    return best


def row(name: str, root: Path, python: str, repeat: int, *, touch: Path | None) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        cache = Path(folder)
        first = measured("static", root, python, cache)
        if touch is not None:
            touch.write_text(touch.read_text("utf-8") + "\n# touched\n", "utf-8")
        again = measured("static", root, python, cache)
        measured("live", root, python, cache)  # fills the bytecode cache
        runs = [measured("live", root, python, cache) for _ in range(repeat)]
        live = min(runs, key=lambda run: run.get("live", 1e9))
        own = setup(python, live["base"], live["settings"], cache) if live.get("loaded") else None
    if own is None:
        ratios = ["does not load", "-", "-"]
    else:
        ratios = [f"{own:.2f}", f"{live['live'] / own:.2f}", f"{live['first'] / own:.2f}"]
    return [
        name,
        str(live["models"]),
        *ratios,
        f"{first['seconds']:.2f}",
        f"{first['mb']:.0f}",
        f"{again['seconds'] / first['seconds']:.2f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("projects", nargs="*", metavar="PATH[=PYTHON]")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    arguments = parser.parse_args()
    if arguments.one:
        kind, root, python, cache = arguments.one
        print(json.dumps(one(kind, Path(root), python, Path(cache))))
        return
    table = [
        ["project", "models", "setup s", "live x", "first x", "static s", "static MB", "again x"]
    ]
    spec = importlib.util.spec_from_file_location("generate", HERE.with_name("generate.py"))
    assert spec and spec.loader
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    with tempfile.TemporaryDirectory(prefix="djdesk-bench-") as folder:
        for size in arguments.sizes:
            root = generate.generate(Path(folder) / f"generated-{size}", size)
            touch = root / "app000" / "views.py"
            name = f"generated, {size} models"
            table.append(row(name, root, sys.executable, arguments.repeat, touch=touch))
    for text in arguments.projects:
        path, _, python = text.partition("=")
        root = Path(path).resolve()
        found = python or str(root / ".venv" / "bin" / "python")
        table.append(row(root.name, root, os.path.abspath(found), arguments.repeat, touch=None))  # noqa: PTH100
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    for line in table:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )
    print(f"\nTargets: {TARGETS}. again: after one file was touched (real projects: untouched).")


if __name__ == "__main__":
    main()
