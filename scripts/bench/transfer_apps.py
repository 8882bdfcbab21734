"""Move the data of two real apps from SQLite to PostgreSQL and back, and compare.

    .venv/bin/python scripts/bench/transfer_apps.py [--app simulation inspector]

The simulation example has run two jobs, the inspector has inspected its sample project. Each is
exported from the desktop's data, imported on a server and exported there, and imported into an
empty desktop. Exit code 1 if one of the three exports differs in a row, a counter or a file.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from djdesk.tools import postgres
from djdesk.tools.new import make_app

ROOT = Path(__file__).resolve().parents[2]
PERMISSIONS = "auth.Permission"
# As in docs/how-to/web.md; the inspector's own settings are not for a server.
SERVER = """
import os
from pathlib import Path
import dj_database_url
from {settings} import *
DATABASES = {{"default": dj_database_url.config()}}
WANTED = ["djdesk.desktop", "djdesk.desktop.jobs", "djdesk.web", "django_tasks_db"]
INSTALLED_APPS = INSTALLED_APPS + [app for app in WANTED if app not in INSTALLED_APPS]
DATA_DIR = Path(os.environ["DATA_DIR"])
MEDIA_ROOT = DATA_DIR / "media"
"""
SCENARIOS = """
from klima.models import Scenario
[Scenario.objects.create(name=name, draws=20, plants=10) for name in ("Ärger", "Zweite")]
"""
SCAN = """
from pathlib import Path
import inspector
from inspector.models import Scan, Project
from inspector.tasks import queue_scan, run_scan
folder = Path(inspector.__file__).parent / "sample" / "spokes"
scan = queue_scan(Project.objects.create(path=str(folder), name="Spökes"))
run_scan.call(scan.pk)
scan.refresh_from_db()
assert scan.status in Scan.RESULTS, (scan.status, scan.error)
"""


class Desktop:
    """The commands that a user types, on their own data folder."""

    def __init__(self, app: Path, data: Path) -> None:
        self.app, self.data = app, data

    def __call__(self, *words: object) -> None:
        run(["-m", "djdesk.cli", *words, "--data-dir", self.data], self.app)

    def manage(self, *words: object) -> None:
        run(["-m", "djdesk.cli", "manage", "--data-dir", self.data, *words], self.app)


def run(words: list[object], folder: Path, **more: str) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK"))}
    done = subprocess.run(
        [sys.executable, *map(str, words)], cwd=folder, env=kept | more,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}")


def contents(export: Path) -> dict[str, object]:
    """Rows and sequences by model, checksums of the files by name."""
    found: dict[str, object] = {}
    with tarfile.open(export) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            data = stream.read() if stream else b""
            if member.name.startswith("rows/"):
                lines = gzip.decompress(data).decode().splitlines()
                known = found.setdefault(member.name.split("/")[2], [])
                assert isinstance(known, list)
                known += [json.dumps(json.loads(line), sort_keys=True) for line in lines]
            elif member.name == "rows.json":
                for name, one in json.loads(data).items():
                    found[f"counter of {name}"] = one["counter"]
            elif member.name.startswith("files/"):
                found[member.name] = hashlib.sha256(data).hexdigest()
    return {k: sorted(v) if isinstance(v, list) else v for k, v in found.items()}


def simulation(top: Path) -> tuple[Path, str, Desktop]:
    app = make_app("klima", top, "simulation")
    desktop = Desktop(app, top / "daten é")
    desktop.manage("migrate", "-v", "0")
    desktop.manage("shell", "-v", "0", "-c", SCENARIOS)
    for scenario in (1, 2):
        desktop.manage("run_job", "klima.tasks.simulate", scenario)
    return app, "klima.settings", desktop


def inspector(top: Path) -> tuple[Path, str, Desktop]:
    app = ROOT / "inspector"
    desktop = Desktop(app, top / "daten é")
    desktop.manage("migrate", "-v", "0")
    desktop.manage("shell", "-v", "0", "-c", SCAN)
    return app, "inspector.settings", desktop


def same(key: str, one: object, other: object) -> bool:
    """The server has an extra app, hence more content types and permissions than the desktop."""
    if key.rpartition(" ")[2].rpartition("/")[2] not in ("contenttypes.ContentType", PERMISSIONS):
        return one == other
    if isinstance(one, list) and isinstance(other, list):
        return {*one} <= {*other}
    return isinstance(one, int) and isinstance(other, int) and one <= other


def there_and_back(name: str, top: Path, port: int) -> bool:
    app, settings, desktop = {"simulation": simulation, "inspector": inspector}[name](top)
    desktop("data", "export", top / "1")
    (top / "server_settings.py").write_text(SERVER.format(settings=settings))
    postgres.create(port, name)
    server = {
        "DJANGO_SETTINGS_MODULE": "server_settings",
        "PYTHONPATH": f"{top}{os.pathsep}{app}",
        "DATA_DIR": str(top / "server"),
        "DATABASE_URL": f"postgres://{postgres.USER}@127.0.0.1:{port}/{name}",
    }
    (top / "server").mkdir()
    for words in (["migrate", "-v", "0"], ["data", "import", top / "1"]):
        run(["-m", "django", *words], app, **server)
    run(["-m", "django", "data", "export", top / "2"], app, **server)
    back = Desktop(app, top / "zurück")
    back("data", "import", top / "2")
    back("data", "export", top / "3")
    first, *others = (contents(top / one) for one in "123")
    rows = sum(len(one) for one in first.values() if isinstance(one, list))
    files = sum(one.startswith("files/") for one in first)
    equal = 0
    for number, other in enumerate(others, 2):
        differ = {key for key in {*first, *other} if not same(key, first.get(key), other.get(key))}
        equal += not differ
        for key in sorted(differ):
            print(f"{name}: export {number} differs in {key}: {first.get(key)}, {other.get(key)}")
    print(f"{name}: {rows} rows and {files} files, {equal} of 2 copies equal", flush=True)
    return equal == 2 and rows > 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = ("simulation", "inspector")
    parser.add_argument("--app", nargs="+", choices=names, default=names)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="djdesk transfer é ") as folder,
        postgres.running() as port,
    ):
        done = []
        for name in options.app:
            (Path(folder) / name).mkdir()
            done.append(there_and_back(name, Path(folder) / name, port))
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
