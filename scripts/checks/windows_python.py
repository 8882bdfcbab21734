"""Set up a CPython for Windows in ``build/windows``, to run the tests under Wine.

    python scripts/checks/windows_python.py --uv UV      prints its folder, and Wine's

It has the layout of python.org's installer: ``python.exe`` at the top, ``DLLs``, ``Lib``. It is not
Windows: job objects, handles, layouts and paths behave alike; file locking by other programs, virus
scanners, consoles and windows do not.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# With a space and an accent, as in many users' folders.
HOME = ROOT / "build" / "windows" / "Pythön 3.13"
INTERPRETER = ROOT / "requirements" / "windows.txt"
DEVELOPMENT = ROOT / "requirements" / "dev.txt"
# Packages that run the tests, beyond the app's own.
RUNNERS = {"pytest", "pytest-django", "pluggy", "iniconfig", "packaging", "pygments", "colorama"}
# Features that Debian's Wine 8 lacks and that Python can do without if told to.
SITE = """\
import _winapi
import os

del _winapi.CopyFile2
del os.getppid  # PssCaptureSnapshot
"""
PREFIX = Path(
    os.environ.get("DJDESK_WINEPREFIX")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "djdesk-wine"
)


def locked(names: set[str]) -> str:
    """The entries of the development lock with these names, including hashes."""
    entries = re.split(r"\n(?=[a-z])", DEVELOPMENT.read_text(encoding="utf-8"))
    return "\n".join(one for one in entries if one.split("==")[0] in names) + "\n"


def wanted() -> set[str]:
    runtime = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+)==", runtime, re.MULTILINE)) | RUNNERS


def environment() -> dict[str, str]:
    """Wine's environment. UTF-8: names with accents could not be represented otherwise."""
    return os.environ | {"WINEPREFIX": str(PREFIX), "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8"}


def make(uv: str) -> None:
    parts = HOME.with_name("parts")
    for folder in (HOME, parts):
        shutil.rmtree(folder, ignore_errors=True)
    _install(uv, parts, INTERPRETER, "--python", sys.executable)
    _lay_out(parts, HOME)
    shutil.rmtree(parts)
    lock = HOME / "packages.txt"
    lock.write_text(locked(wanted()), encoding="utf-8")
    windows = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13")
    packages = HOME / "Lib" / "site-packages"
    _install(uv, packages, lock, "--only-binary", ":all:", *windows)
    (packages / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    # Like an editable installation: the checkout, its apps, and the commands of `djdesk`.
    apps = [file.parent for file in sorted(ROOT.glob("*/pyproject.toml"))]
    here = [f"Z:{place}".replace("/", "\\") for place in (ROOT / "src", ROOT, *apps)]
    (packages / "checkout.pth").write_text("\n".join(here), encoding="utf-8")
    if sys.version_info[:2] == (3, 13):
        # Byte code is the same on all systems; compiling under Wine would take most of the first
        # run.
        compileall.compile_dir(packages, quiet=2, workers=2)
    for info in sorted((ROOT / ".venv").glob("lib/python3*/site-packages/djdesk*.dist-info")):
        shutil.copytree(info, packages / info.name)


def _install(uv: str, target: Path, lock: Path, *options: str) -> None:
    command = [uv, "pip", "install", "--quiet", "--no-config", "--require-hashes", "--no-deps"]
    command += ["--link-mode", "copy", "--target", str(target), *options, "-r", str(lock)]
    subprocess.run(command, check=True, timeout=600)


def _lay_out(parts: Path, home: Path) -> None:
    """Convert the embeddable layout to an installer's."""
    (home / "DLLs").mkdir(parents=True)
    beside = {"python.exe", "pythonw.exe", "python3.dll", "python313.dll"}
    for file in parts.iterdir():
        if file.name in beside or file.name.startswith("vcruntime"):
            shutil.move(file, home / file.name)
        elif file.suffix in {".pyd", ".dll"} and file.name != "_wmi.pyd":  # Wine has no WMI
            shutil.move(file, home / "DLLs" / file.name)
        elif file.suffix == ".zip":
            with zipfile.ZipFile(file) as library:
                library.extractall(home / "Lib")


def make_prefix(uv: str) -> None:
    """The Wine prefix, created once for all of a user's checkouts."""
    if (PREFIX / "system.reg").exists():
        return
    PREFIX.parent.mkdir(parents=True, exist_ok=True)
    screen = ["xvfb-run", "-a"] if shutil.which("xvfb-run") else []
    for command in (["wineboot", "-i"], ["wine", "winecfg", "-v", "win10"], ["wineserver", "-w"]):
        subprocess.run(
            [*screen, *command], env=environment(), timeout=300, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uv", required=True, help="the uv to use")
    options = parser.parse_args()
    made_of = Path(__file__).read_bytes() + INTERPRETER.read_bytes() + str(ROOT).encode()
    mark = hashlib.sha256(made_of + locked(wanted()).encode()).hexdigest()
    stamp = HOME / "made-of"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != mark:
        make(options.uv)
        stamp.write_text(mark, encoding="ascii")
    make_prefix(options.uv)
    print(HOME, PREFIX, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
