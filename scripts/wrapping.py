"""``python -m scripts.wrapping``: turn real projects into apps and record the results in
docs/wrapping.md.

``run WORK NAME…`` makes each app in WORK with ``djdesk init``, runs ``djdesk prove`` on it, and
stores the results in ``WORK/NAME.json``. With ``--package``, projects of level A or B are also
packaged, and the package is installed, started and ended as by a user. The projects are in
``--sources`` (one folder per name), or are cloned.
``package WORK NAME…`` packages apps that an earlier ``run`` has made and proved.
``table WORK`` writes docs/wrapping.md from these files; a project without one keeps its row, and
one that was run with ``--no-proof`` keeps everything but its time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from djdesk.tools.init.dependencies import install, uv

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "wrapping.md"
# Their names in the documentation, and where they come from.
PROJECTS = {
    "ArchiveBox": "ArchiveBox/ArchiveBox",
    "Django-CRM": "MicroPyramid/Django-CRM",
    "Django-Styleguide-Example": "HackSoftware/Django-Styleguide-Example",
    "DjangoBlog": "liangliangyy/DjangoBlog",
    "EvaP": "e-valuation/EvaP",
    "Inboxen": "Inboxen/Inboxen",
    "MangAdventure": "mangadventure/MangAdventure",
    "Misago": "rafalp/Misago",
    "OpenCiviWiki": "CiviWiki/OpenCiviWiki",
    "Try-Django": "codingforentrepreneurs/Try-Django",
    "WhoCanIVoteFor": "DemocracyClub/WhoCanIVoteFor",
    "a-plus": "apluslms/a-plus",
    "amy": "carpentries/amy",
    "babybuddy": "babybuddy/babybuddy",
    "bakerydemo": "wagtail/bakerydemo",
    "benefits": "cal-itp/benefits",
    "bootcamp": "vitorfs/bootcamp",
    "bugsink": "bugsink/bugsink",
    "byro": "byro/byro",
    "coldfront": "ubccr/coldfront",
    "concordia": "LibraryOfCongress/concordia",
    "connect": "nlhkabu/connect",
    "django-beginners-guide": "sibtc/django-beginners-guide",
    "django-cms-quickstart": "django-cms/django-cms-quickstart",
    "django-crm": "DjangoCRM/django-crm",
    "django-ecommerce": "justdjango/django-ecommerce",
    "django-helpdesk": "django-helpdesk/django-helpdesk",
    "django-improved-user": "jambonsw/django-improved-user",
    "django-ledger": "arrobalytics/django-ledger",
    "django-locallibrary-tutorial": "mdn/django-locallibrary-tutorial",
    "django-newsletter": "jazzband/django-newsletter",
    "django-oscar": "django-oscar/django-oscar",
    "django-unicorn": "adamghill/django-unicorn",
    "django-wiki": "django-wiki/django-wiki",
    "djangogirls": "DjangoGirls/djangogirls",
    "djangopackages": "djangopackages/djangopackages",
    "djangoproject.com": "django/djangoproject.com",
    "djangox": "wsvincent/djangox",
    "doccano": "doccano/doccano",
    "epcon": "EuroPython/epcon",
    "ephios": "ephios-dev/ephios",
    "etesync-server": "etesync/server",
    "formula": "unfoldadmin/formula",
    "gtd": "shacker/gtd",
    "healthchecks": "healthchecks/healthchecks",
    "homeschool": "mblayman/homeschool",
    "horilla": "horilla-opensource/horilla",
    "job-server": "opensafely-core/job-server",
    "junction": "pythonindia/junction",
    "kitsune": "mozilla/kitsune",
    "kiwi": "kiwitcms/Kiwi",
    "librephotos": "LibrePhotos/librephotos",
    "linkding": "sissbruecker/linkding",
    "lithium": "wsvincent/lithium",
    "makentnu-web": "MAKENTNU/web",
    "my_awesome_project": "cookiecutter/cookiecutter-django (generated)",
    "netbox": "netbox-community/netbox",
    "newsroom": "wagtail/news-template (generated)",
    "open-prices": "openfoodfacts/open-prices",
    "paperless": "paperless-ngx/paperless-ngx",
    "parsifal": "vitorfs/parsifal",
    "patchwork": "getpatchwork/patchwork",
    "peering-manager": "peering-manager/peering-manager",
    "pinry": "pinry/pinry",
    "pretalx": "pretalx/pretalx",
    "pyarweb": "PyAr/pyarweb",
    "python-discord-site": "python-discord/site",
    "raveberry": "raveberry/raveberry",
    "rdmo-app": "rdmorganiser/rdmo-app",
    "readthedocs": "readthedocs/readthedocs.org",
    "recipes": "TandoorRecipes/recipes",
    "relate": "inducer/relate",
    "shynet": "milesmcc/shynet",
    "sic": "epilys/sic",
    "takahe": "jointakahe/takahe",
    "timestrap": "overshard/timestrap",
    "wagtail.org": "wagtail/wagtail.org",
    "wger": "wger-project/wger",
}
# What a developer would remove from the app's requirements before packaging, and what that costs.
# paperless locks a CPU-only PyTorch from an index of its own; the default one has 5 GB of CUDA.
WITHOUT = {
    "paperless": (r"torch|triton|nvidia-.*|cuda-.*", "without PyTorch, which its AI search wants"),
}
PAGES = 15  # per visitor
LONGEST = 160  # characters per cell
TIME = re.compile(r"done in ([\d.]+) s \(([\d.]+) s of work\), and ([\d.]+) s for packages")
HEAD = """# Real projects as desktop apps

`djdesk init PROJECT --out APP` and `djdesk prove` on projects that were never meant for a desktop.
No project file was changed: a fingerprint of each whole folder was the same afterwards.
`python -m scripts.wrapping` writes this page; some rows come from a busy machine with two cores.

SUMMARY

**A** works completely · **B** works with the limitations listed · **C** needs its developer's
decisions first · **D** cannot become a desktop app. The level is the lower of those from `init` and
`prove`. The time is `init`'s own, without the minutes for downloading packages; in parentheses its
processor time, which shows the rows measured on a busy machine. Pages are those with a URL without
arguments, and those they link to: at most 15 as the first user and 15 logged out. A page fails if
it answers 500. Packages are built in spite of such pages (`--with-faults`).

| project | level | what is lost (of all decisions) | init | pages | what a user gets |
| --- | --- | --- | --- | --- | --- |
"""
LOSSES = {
    "ASGI1": "WebSockets", "BIN1": "programs", "CDN1": "files of other hosts", "DB2": "PostgreSQL",
    "DEP1": "newer Django", "DEP2": "packages from no index", "DEP3": "packages that do not build",
    "DEP4": "a missing package", "LOAD1": "does not load", "NAT1": "missing wheels",
    "ADMIN1": "adding in the admin", "AUTH1": "no first user", "CHECK1": "checks",
    "CSP2": "a wider policy",
    "HOME1": "no first page", "MIG2": "missing migrations", "NET1": "connections",
    "OLD1": "names that Django dropped",
    "PAGE1": "pages with errors", "PATH1": "writes into itself", "PY1": "another Python",
    "RUN1": "does not start", "SCHED1": "cron", "SET1": "does not load", "SRV1": "other servers",
    "STAT1": "missing static files", "STAT2": "builds",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.wrapping", description=__doc__)
    parser.add_argument("action", choices=("run", "package", "table"))
    parser.add_argument("work", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--package", action="store_true")
    parser.add_argument("--no-proof", action="store_true", help="measure init alone")
    options = parser.parse_args()
    if options.action == "table":
        write_table(options.work)
        return 0
    options.work.mkdir(parents=True, exist_ok=True)
    for name in options.names or PROJECTS:
        file = options.work / f"{name}.json"
        if options.action == "package":
            found = json.loads(file.read_text(encoding="utf-8"))
            app = options.work.absolute() / name
            found["package"] = packaged(app / ".venv" / "bin" / "djdesk", app)
        else:
            found = tried(
                name, options.work.absolute(), options.sources,
                package=options.package, proof=not options.no_proof,
            )  # fmt: skip
        text = json.dumps(found, ensure_ascii=False, indent=1)
        file.write_text(text + "\n", encoding="utf-8")
        print(
            name,
            found["level"],
            found["seconds"],
            found.get("pages"),
            found.get("package"),
            file=sys.stderr,
        )
    return 0


def tried(
    name: str, work: Path, sources: Path | None, *, package: bool, proof: bool
) -> dict[str, Any]:
    root = (sources.absolute() / name) if sources else _cloned(name, work)
    out, before = work / name, fingerprint(root)
    made = _djdesk(["init", str(root), "--out", str(out), "--format", "json", "--yes"], work)
    times = TIME.search(made.stderr)
    found: dict[str, Any] = {
        "name": name,
        "seconds": dict(zip(("own", "work", "packages"), map(float, times.groups()), strict=True))
        if times
        else None,
        "level": "",
        "decisions": [],
        "unchanged": fingerprint(root) == before,
        "proof_wanted": proof,
    }
    try:
        report = json.loads(made.stdout)
    except ValueError:
        return found | {"level": "-", "said": made.stderr.strip()[-600:]}
    found |= {"level": report["level"], "decisions": report["decisions"]}
    program = out / ".venv" / "bin" / "djdesk"
    if report["level"] in "AB" and program.is_file():
        if name in WITHOUT:
            take_out(out, WITHOUT[name][0])
        found |= proved(program, out, report) if proof else {}
        if package and found["level"] in "AB":
            found["package"] = packaged(program, out)
    return found | {"unchanged": fingerprint(root) == before}


def take_out(app: Path, names: str) -> None:
    """Packages matched by a regular expression, in the app's requirements and in its
    environment.
    """
    file = app / "requirements.txt"
    text = file.read_text(encoding="utf-8")
    gone = [one for one in re.findall(r"(?m)^[\w.-]+(?===)", text) if re.fullmatch(names, one)]
    for one in gone:
        text = install.without(text, one)
    file.write_text(text, encoding="utf-8", newline="\n")
    uv.run(["pip", "uninstall", "--quiet", "--python", app / ".venv", *gone], cwd=app)


def proved(program: Path, out: Path, init: dict[str, Any]) -> dict[str, Any]:
    words = ["prove", "--format", "json", "--shell", "none", "--pages", str(PAGES)]
    done = _run([str(program), *words], out)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return {"level": "C", "proof": done.stderr.strip()[-600:]}
    pages = report["pages"]
    failed = [page["who"] for page in pages if page["status"] >= 500]
    known = {(one["rule"], one["what"]) for one in init["decisions"]}
    more = [one for one in report["decisions"] if (one["rule"], one["what"]) not in known]
    return {
        "level": max(init["level"], report["level"]),
        "decisions": [*init["decisions"], *more],
        "pages": {"reached": len(pages), "failed": len(failed), "nobody": failed.count("nobody")},
    }


def packaged(program: Path, out: Path) -> str:
    """“started”, or the last message instead. The smoke test of a release unpacks it as a user
    would, starts it, waits for its first page, quits, and checks for leftovers."""
    fast = {"DJDESK_COMPRESSION": "store"}
    words = ["package", "--targets", "tar.gz", "--with-faults"]
    done = _run([str(program), *words], out, fast)
    if done.returncode == 0:
        plan = {"DJDESK_PLAN": str(out / ".djdesk" / "plan.json")}
        done = _run(["node", str(ROOT / "scripts/release/smoke.js"), "--only", "tar.gz"], out, plan)
    return "started" if done.returncode == 0 else (done.stderr or done.stdout).strip()[-1600:]


def fingerprint(root: Path) -> str:
    """A hash of names, sizes, times and modes of everything below ``root``."""
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
    lines = _kept(PAGE.read_text(encoding="utf-8") if PAGE.is_file() else "")
    for row in rows:
        origin = PROJECTS.get(row["name"], row["name"])
        if row.get("proof_wanted", True):
            lines[origin] = _row(row)
        else:
            cells = re.split(r"(?<!\\)\|", lines[origin])
            lines[origin] = "|".join([*cells[:4], f" {_time(row)} ", *cells[5:]])
    text = "".join(lines[one] for one in sorted(lines, key=_repository))
    head = HEAD.replace("SUMMARY", summary([*lines.values()]))
    PAGE.write_text(head + text, encoding="utf-8", newline="\n")


def summary(lines: list[str]) -> str:
    """How many start, and the reasons for the others; wrapped like prose."""
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    usable = [row for row in rows if row[1] in ("A", "B")]
    packaged = sum("a package that was installed" in row[5] for row in usable)
    starting = sum(row[4] != "-" for row in rows)
    return textwrap.fill(
        f"**{starting} of {len(rows)} projects start without an edit.** "
        f"{len(usable)} of them reach level A or B; of {packaged} of these a package was built, "
        "installed, started and ended. "
        f"The {len(rows) - starting} that do not start say why: the gravest reason is in the last "
        "column, and the report has all of them with file, line and what to do.", 100,
    )  # fmt: skip


def _kept(page: str) -> dict[str, str]:
    """Rows of the existing page: {"mdn/django-locallibrary-tutorial": "| mdn/… |\\n"}."""
    rows = page.rpartition("| --- |")[2].splitlines(keepends=True)[1:]
    return {row.split("|")[1].strip(): row for row in rows if row.startswith("| ")}


def _repository(origin: str) -> str:
    return origin.partition(" ")[0].rpartition("/")[2].lower()


def _row(row: dict[str, Any]) -> str:
    lost = [one for one in row["decisions"] if one["level"] in ("B", "C", "D")]
    kinds = (
        ", ".join(dict.fromkeys(LOSSES.get(one["rule"], one["rule"]) for one in lost)) or "nothing"
    )
    pages = row.get("pages") or {}
    shown = f"{pages['reached']}, {pages['failed']} fail" if pages.get("reached") else "-"
    if pages.get("nobody"):
        shown += f" ({pages['nobody']} of them as nobody)"
    origin = PROJECTS.get(row["name"], row["name"])
    return (
        f"| {origin} | {row['level']} | {kinds} ({len(lost)} of {len(row['decisions'])}) "
        f"| {_time(row)} | {shown} | {_gets(row)} |\n"
    )


def _time(row: dict[str, Any]) -> str:
    seconds = row["seconds"]
    return f"{seconds['own']:.0f} s ({seconds['work']:.0f} s)" if seconds else "-"


def _gets(row: dict[str, Any]) -> str:
    if row.get("package") == "started":
        left = f" ({WITHOUT[row['name']][1]})" if row["name"] in WITHOUT else ""
        return f"a package that was installed, started and ended{left}"
    if row.get("said"):
        return _cell(row["said"].splitlines()[0])
    gravest = max(
        (one for one in row["decisions"] if one["level"] in ("C", "D")),
        key=lambda one: one["level"],
        default=None,
    )
    if gravest:
        place = f" ({gravest['where']})" if gravest["where"] else ""
        return _cell(f"{gravest['what'].rstrip('.')}{place}: {gravest.get('why', '')}")
    if row.get("package"):
        return _cell(f"an app that starts; packaging says: {row['package'].splitlines()[0]}")
    if row.get("pages"):
        return "an app that starts"
    return _cell(f"ended under djdesk prove: {row.get('proof', '-').splitlines()[-1]}")


def _cell(text: str) -> str:
    """One table cell, shortened."""
    plain = " ".join(text.split()).rstrip(": ").replace("|", "\\|")
    # Leave out the local path of the trial.
    plain = re.sub(r"/[^\s()']*/(?:site-packages|built/project)/", "", plain)
    plain = re.sub(r"(?<![\w.])/(?:tmp|home|root|work|Users|var)/(?:[^\s()':\"]+/)+", "", plain)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def _cloned(name: str, work: Path) -> Path:
    target = work / "sources" / name
    if not target.is_dir():
        address = f"https://github.com/{PROJECTS[name].partition(' ')[0]}"
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", address, target], check=True)
    return target


def _djdesk(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return _run([sys.executable, "-m", "djdesk.cli", *words], cwd)


def _run(
    command: list[str], cwd: Path, more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=3600, check=False,
        env=os.environ | (more or {}),
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
