"""``python -m scripts.wrapping``: real projects become apps, and docs/wrapping.md says what came.

``run WORK NAME…`` makes each app in WORK with ``djdesk init``, runs ``djdesk prove`` on it, and
keeps what was found in ``WORK/NAME.json``. With ``--package`` it is also packaged and the package
started. The projects lie in ``--sources`` (a folder with one of each name), else they are cloned.
``table WORK`` writes docs/wrapping.md from these files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "wrapping.md"
# What the documents name them by, and where they are from.
PROJECTS = {
    "babybuddy": "babybuddy/babybuddy",
    "bakerydemo": "wagtail/bakerydemo",
    "django-ledger": "arrobalytics/django-ledger",
    "djangoproject.com": "django/djangoproject.com",
    "doccano": "doccano/doccano",
    "healthchecks": "healthchecks/healthchecks",
    "kiwi": "kiwitcms/Kiwi",
    "linkding": "sissbruecker/linkding",
    "my_awesome_project": "cookiecutter/cookiecutter-django (generated)",
    "netbox": "netbox-community/netbox",
    "oscar": "django-oscar/django-oscar",
    "paperless": "paperless-ngx/paperless-ngx",
    "pretalx": "pretalx/pretalx",
    "readthedocs": "readthedocs/readthedocs.org",
    "recipes": "TandoorRecipes/recipes",
    "shynet": "milesmcc/shynet",
    "wger": "wger-project/wger",
}
PAGES = 30  # as each visitor
HEAD = """# Real projects as desktop apps

`djdesk init PROJECT --out APP` and `djdesk prove` on projects that were never meant for a desktop.
No file of theirs was edited, and none was changed: a fingerprint of each whole folder was the same
afterwards. `python -m scripts.wrapping` writes this page; it ran on a busy machine with two cores.

**A** works whole · **B** works with the named reductions · **C** needs decisions of its developer
first · **D** cannot become a desktop app. Pages are those that an address without arguments, or a
link from one, leads to: at most 30 as the first user and 30 as nobody. One fails if it answers 500.

| project | level | what is lost (of all decisions) | init | pages | what a user gets |
| --- | --- | --- | --- | --- | --- |
"""
LOSSES = {
    "ASGI1": "WebSockets", "BIN1": "programs", "CDN1": "files of other hosts", "DB2": "PostgreSQL",
    "DEP1": "newer Django", "DEP2": "packages from no index", "DEP3": "packages that do not build",
    "DEP4": "a missing package", "LOAD1": "does not load", "NAT1": "missing wheels",
    "PATH1": "writes into itself", "PY1": "another Python", "SCHED1": "cron",
    "SRV1": "other servers", "STAT2": "builds",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.wrapping", description=__doc__)
    parser.add_argument("action", choices=("run", "table"))
    parser.add_argument("work", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--package", action="store_true")
    parser.add_argument("--no-proof", action="store_true", help="only what init decides")
    options = parser.parse_args()
    if options.action == "table":
        write_table(options.work)
        return 0
    options.work.mkdir(parents=True, exist_ok=True)
    for name in options.names or PROJECTS:
        found = tried(
            name, options.work.absolute(), options.sources,
            package=options.package, proof=not options.no_proof,
        )  # fmt: skip
        text = json.dumps(found, ensure_ascii=False, indent=1)
        (options.work / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name, found["level"], found["seconds"], found.get("pages"), file=sys.stderr)
    return 0


def tried(
    name: str, work: Path, sources: Path | None, *, package: bool, proof: bool
) -> dict[str, Any]:
    root = (sources.absolute() / name) if sources else _cloned(name, work)
    out, before = work / name, fingerprint(root)
    began = time.monotonic()
    made = _djdesk(["init", str(root), "--out", str(out), "--format", "json", "--yes"], work)
    found: dict[str, Any] = {
        "name": name,
        "seconds": round(time.monotonic() - began),
        "level": "",
        "decisions": [],
        "unchanged": fingerprint(root) == before,
    }
    try:
        report = json.loads(made.stdout)
    except ValueError:
        return found | {"level": "-", "said": made.stderr.strip()[-600:]}
    found |= {"level": report["level"], "decisions": report["decisions"]}
    program = out / ".venv" / "bin" / "djdesk"
    if report["level"] in "AB" and program.is_file():
        found |= proved(program, out) if proof else {}
        if package:
            found["package"] = packaged(program, out)
    return found | {"unchanged": fingerprint(root) == before}


def proved(program: Path, out: Path) -> dict[str, Any]:
    words = ["prove", "--format", "json", "--shell", "none", "--pages", str(PAGES)]
    done = _run([str(program), *words], out)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return {"proof": done.stderr.strip()[-600:]}
    pages = report["pages"]
    failed = [page["who"] for page in pages if page["status"] >= 500]
    return {
        "pages": {"reached": len(pages), "failed": len(failed), "nobody": failed.count("nobody")},
        "proof": report["level"],
        "faults": [one for one in report["decisions"] if one["level"] in ("B", "C", "D")],
    }


def packaged(program: Path, out: Path) -> str:
    """“started”, or what was said instead."""
    done = _run([str(program), "package", "--stage-only"], out)
    return "started" if done.returncode == 0 else done.stderr.strip()[-400:]


def fingerprint(root: Path) -> str:
    """Over names, sizes, times and modes of everything below ``root``."""
    whole = hashlib.sha256()
    for folder, _, files in os.walk(root):
        for path in sorted([folder, *(f"{folder}/{name}" for name in files)]):
            stat = Path(path).lstat()
            line = f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_mode}\n"
            whole.update(line.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


def write_table(work: Path) -> None:
    rows = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(work.glob("*.json"))]
    if changed := [row["name"] for row in rows if not row["unchanged"]]:
        raise SystemExit(f"Changed while they were tried: {', '.join(changed)}")
    PAGE.write_text(HEAD + "".join(_row(row) for row in rows), encoding="utf-8", newline="\n")


def _row(row: dict[str, Any]) -> str:
    lost = [one for one in row["decisions"] if one["level"] in ("B", "C", "D")]
    kinds = (
        ", ".join(dict.fromkeys(LOSSES.get(one["rule"], one["rule"]) for one in lost)) or "nothing"
    )
    pages = row.get("pages")
    shown = f"{pages['reached']}, {pages['failed']} fail" if pages else "-"
    if pages and pages.get("nobody"):
        shown += f" ({pages['nobody']} of them as nobody)"
    origin = PROJECTS.get(row["name"], row["name"])
    return (
        f"| {origin} | {row['level']} | {kinds} ({len(lost)} of {len(row['decisions'])}) "
        f"| {row['seconds']} s | {shown} | {_gets(row)} |\n"
    )


def _gets(row: dict[str, Any]) -> str:
    if row.get("package") == "started":
        return "a package that starts and serves every page"
    if row.get("pages") and not row["pages"]["reached"]:
        fault = next(iter(row["faults"]), {"what": "It does not start.", "why": ""})
        return f"does not start: {fault['why'] or fault['what']}".replace("|", "\\|")[:140]
    if row.get("pages"):
        return "an app that starts"
    if len(said := row.get("proof", "").strip()) > 1:
        return f"ended under djdesk prove: {said.splitlines()[-1]}".replace("|", "\\|")[:140]
    if row["level"] in ("A", "B"):
        return "an app that loads; its pages were not visited"
    first = next((one for one in row["decisions"] if one["level"] in ("C", "D")), None)
    return first["what"].replace("|", "\\|")[:140] if first else row.get("said", "")[:140]


def _cloned(name: str, work: Path) -> Path:
    target = work / "sources" / name
    if not target.is_dir():
        address = f"https://github.com/{PROJECTS[name].partition(' ')[0]}"
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", address, target], check=True)
    return target


def _djdesk(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return _run([sys.executable, "-m", "djdesk.cli", *words], cwd)


def _run(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=3600, check=False
    )


if __name__ == "__main__":
    raise SystemExit(main())
