"""Two versions of the parity app as real packages. The second one can be made to fail by an
environment variable, so that one build serves all faults."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "tests" / "apps" / "parity"
OLD, NEW = "1.2.3", "1.3.0"
FAULT = "PARITY_FAULT"

MIGRATION = f'''
import os, time
from django.db import migrations, models


def fail(apps, schema_editor):
    if os.environ.get("{FAULT}") == "migration":
        raise RuntimeError("this migration cannot go on")
    end = time.monotonic() + 180
    while os.environ.get("{FAULT}") == "long" and time.monotonic() < end:
        schema_editor.execute("SELECT count(*) FROM library_book")
    if os.environ.get("{FAULT}") == "waits":
        time.sleep(3600)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [
        migrations.AddField("book", "note", models.TextField(default="")),
        migrations.RunPython(fail, migrations.RunPython.noop),
    ]
'''

# In a rehearsal the page works: faults that a rehearsal cannot find are the gate's job.
PAGE = f'''
def books(request):
    import ctypes, os, time
    from pathlib import Path
    from django.conf import settings
    from django.http import HttpResponseNotFound
    from django.shortcuts import redirect
    fault = os.environ.get("{FAULT}")
    if fault == "missing":
        return HttpResponseNotFound()
    if fault == "login":
        time.sleep(15)
        return redirect("/admin/login/")
    if fault == "hangs" and Path(settings.DATA_DIR).name != "rehearsal":
        ctypes.PyDLL(None).sleep(3600)
    if fault == "page" and Path(settings.DATA_DIR).name != "rehearsal":
        Book.objects.create(title="entered in the version that failed")
        raise RuntimeError("this page cannot be shown")
    if fault == "rehearsal":
        raise RuntimeError("this page cannot be shown")
'''

SETTINGS = f'''
import os, sys
from djdesk.desktop import launch
if os.environ.get("{FAULT}") == "worker" and "worker" in sys.argv:
    raise RuntimeError("this worker cannot start")
if os.environ.get("{FAULT}") == "exits" and "serve" in sys.argv and not launch.current().rehearsal:
    os._exit(0)
'''


def sources(folder: Path) -> dict[str, Path]:
    """The project of each version."""
    found = {}
    for version in (OLD, NEW):
        app = folder / f"app-{version}"
        shutil.copytree(SOURCE, app, ignore=shutil.ignore_patterns(".djdesk", "__pycache__"))
        found[version] = app
    app = found[NEW]
    change(app / "pyproject.toml", f'version = "{OLD}"', f'version = "{NEW}"')
    (app / "library" / "migrations" / "0002_note.py").write_text(MIGRATION)
    model = "    cover = models.FileField"
    change(
        app / "library" / "models.py", model, f'    note = models.TextField(default="")\n{model}'
    )
    change(app / "library" / "views.py", "\ndef books(request):\n", PAGE)
    settings = app / "parity" / "settings.py"
    settings.write_text(settings.read_text() + SETTINGS)
    return found


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, f"{file} has changed"
    file.write_text(text.replace(old, new))


def build(folder: Path, uv: str) -> None:
    """AppImage and tar.gz of both, uncompressed; kept for the next run."""
    done = folder / "done"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for version, app in sources(folder).items():
        print(f"packaging {version} …", flush=True)
        environment = {
            **os.environ,
            "DJDESK_COMPRESSION": "store",
            "DJDESK_DIST": str(folder / version),
        }
        words = [sys.executable, "-I", "-X", "utf8", "-m", "djdesk.cli", "package", "--uv", uv]
        words += ["--app", str(app), "--targets", "AppImage,tar.gz"]
        words += ["--requirements", str(ROOT / "requirements" / "runtime.txt")]
        done_process = subprocess.run(words, env=environment, capture_output=True, text=True)
        if done_process.returncode:
            raise SystemExit(done_process.stdout[-3000:] + done_process.stderr[-3000:])
        shutil.rmtree(folder / version / "linux-unpacked", ignore_errors=True)
    done.touch()


def artefact(folder: Path, version: str, kind: str) -> Path:
    (found,) = (folder / version).glob("*.AppImage" if kind == "appimage" else "*.tar.gz")
    return found
