"""Compare one Django app in several shells: size, time to its first page, and memory (Linux).

    .venv/bin/python scripts/bench/alternatives.py [--only NAME …] [--rounds 3] [--docs]

Makes an app with `djdesk new` and ships it as djdesk, as PyInstaller with a browser, and as
PyInstaller with pywebview on Qt. The last two get a typical small launcher: migrate, serve with
waitress, show. Packages come from the package index, so this needs a network; a window needs Xvfb.
``--docs`` writes the rows into the table of docs/decide.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from djdesk.tools.new import make_app
from djdesk.tools.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
ROWS = {  # the names in docs/decide.md
    "djdesk": "djdesk, with the window",
    "browser": "PyInstaller, in a tab of the browser",
    "qt": "PyInstaller and pywebview, with Qt",
}
REST = 3.0  # seconds before memory is measured
LIMIT = 120.0

LAUNCHER = """
import os, sys, threading
from pathlib import Path
data = Path(os.environ["APP_DATA"])
os.environ["DJANGO_SETTINGS_MODULE"] = "launcher_settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from django.core.wsgi import get_wsgi_application
from waitress import create_server
server = create_server(get_wsgi_application(), host="127.0.0.1", port=int(os.environ["APP_PORT"]))
url = f"http://127.0.0.1:{server.effective_port}/admin/login/"
shell = sys.argv[1] if len(sys.argv) > 1 else "SHELL"
if shell == "browser":
    print("page", url, flush=True)
    server.run()
else:
    import webview
    threading.Thread(target=server.run, daemon=True).start()
    window = webview.create_window("Shelf", url)
    window.events.loaded += lambda: print("page", url, flush=True)
    webview.start(gui="qt")
"""
SETTINGS = """
import os
from pathlib import Path
from shelf.settings import *
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3",
                         "NAME": Path(os.environ["APP_DATA"]) / "db.sqlite3"}}
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
WHITENOISE_USE_FINDERS = True
"""


def run(*words: object, **how: object) -> None:
    subprocess.run([str(word) for word in words], check=True, **how)  # type: ignore[call-overload]


def size(folder: Path) -> int:
    """Bytes of the files; symbolic links are not followed."""
    return sum(one.lstat().st_size for one in folder.rglob("*") if not one.is_dir())


def download(folder: Path, scratch: Path) -> int:
    """Bytes as tar.xz."""
    packed = scratch / "packed.tar.xz"
    run("tar", "-C", folder.parent, "-cf", packed, "-I", "xz -T2 -6", folder.name)
    return packed.stat().st_size


def pyinstaller(top: Path, shell: str) -> Path:
    """The folder of the frozen app; its executable has the app's name."""
    app = make_app("shelf", top)
    venv = top / "venv"
    run(UV, "venv", "-q", "--python", Path(sys.executable).resolve(), venv)
    python = venv / "bin" / "python"
    packages = ["pyinstaller", "django", "waitress", "whitenoise"]
    packages += ["pywebview[pyside6]"] if shell == "qt" else []
    run(UV, "pip", "install", "-q", "--python", python, *packages)
    (app / "launcher.py").write_text(LAUNCHER.replace("SHELL", shell))
    (app / "launcher_settings.py").write_text(SETTINGS)
    (app / "shelf" / "tasks.py").write_text(
        (app / "shelf" / "tasks.py").read_text().replace("import task", "import task  # noqa")
    )
    run(
        python, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR", "--name=shelf",
        "--collect-all=shelf", "--collect-data=django", "--hidden-import=launcher_settings",
        "--hidden-import=whitenoise.middleware", "--collect-submodules=django.contrib",
        "--paths=.", "launcher.py",
        cwd=app, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "shelf.settings"},
    )  # fmt: skip
    return app / "dist" / "shelf"


def djdesk(top: Path) -> Path:
    app = make_app("shelf", top)
    run(sys.executable, "-m", "djdesk.cli", "package", "--dir", "--strip", cwd=app,
        stdout=subprocess.DEVNULL, env=os.environ | {"UV": str(UV)})  # fmt: skip
    return next((app / "dist").glob("*unpacked"))


def memory(pid: int) -> float:
    """PSS of the process and its children, in MiB."""
    total = 0
    process = psutil.Process(pid)
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total / 2**20


def start(program: Path, data: Path) -> tuple[float, float]:
    """Seconds from spawn to the first page, and MiB a little later."""
    environment = os.environ | {
        "APP_DATA": str(data), "APP_PORT": str(free_port()), "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu",
    }  # fmt: skip
    begun = time.monotonic()
    process = subprocess.Popen(
        [program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout
        if not process.stdout.readline().startswith("page"):
            sys.exit(f"{program} showed no page")
        taken = time.monotonic() - begun
        time.sleep(REST)
        return taken, memory(process.pid)
    finally:
        if sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def window(folder: Path, data: Path) -> tuple[float, float]:
    """Drives djdesk's window."""
    with subprocess.Popen(
        ["node", ROOT / "scripts" / "bench" / "window-start.js", folder / "shelf-app", data],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        said = process.stdout.readline().split()
        if not said:
            sys.exit("the window did not come up")
        time.sleep(REST)
        used = memory(int(said[1]))
        process.stdin.close()
    return float(said[0]) / 1000, used


def write(file: Path, row: str) -> None:
    """Replace the row with the same name."""
    start = row[: row.index("|", 1) + 1]
    lines = file.read_text(encoding="utf-8").splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith(start))
    lines[at] = row
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = ("djdesk", "browser", "qt")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="build in this folder, and leave it there")
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        top = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in options.only:
            place = top / name
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            folder = djdesk(place) if name == "djdesk" else pyinstaller(place, name)
            taken: list[float] = []
            used = 0.0
            for number in range(options.rounds):
                data = place / "data" / str(number)
                data.mkdir(parents=True)
                for _ in ("first", "second"):
                    one = (
                        window(folder, data) if name == "djdesk" else start(folder / "shelf", data)
                    )
                    taken.append(one[0])
                    used = max(used, one[1])
            cells = [
                f"{size(folder) / 1e6:.0f}",
                f"{download(folder, place) / 1e6:.0f}",
                f"{statistics.median(taken[::2]):.1f} s",
                f"{statistics.median(taken[1::2]):.1f} s",
                f"{used:.0f} MiB",
            ]
            row = f"| {ROWS[name]} | {' | '.join(cells)} |"
            print(row, flush=True)
            if options.docs:
                write(ROOT / "docs" / "decide.md", row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
