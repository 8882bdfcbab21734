# ruff: noqa: E501 - source texts of projects stand in long lines
"""The jail around the live child: what it refuses even with the guard off, and doing without it."""

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path
from shutil import which

import pytest
from projects import make, scan

from inspector import stages
from inspector.run import sandbox

bwrap = pytest.mark.skipif(
    sys.platform != "linux" or sandbox.detect().program is None,
    reason="bubblewrap does not work here" if which("bwrap") else "needs-package: bubblewrap",
)
# ctypes goes around audit hooks of Python: this is what the jail is for.
OPEN = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
FD = libc.open(os.fsencode(str(BASE_DIR / "made.txt")), os.O_CREAT | os.O_WRONLY, 0o600)
BESIDE = libc.open(os.fsencode(str(BASE_DIR.parent / "beside.txt")), os.O_CREAT | os.O_WRONLY, 0o600)
SCRATCH = libc.open(os.fsencode(os.environ["HOME"] + "/own.txt"), os.O_CREAT | os.O_WRONLY, 0o600)
PIDS = [name for name in os.listdir("/proc") if name.isdigit()]
INTERFACES = sorted(line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line)
"""


@bwrap
def test_compiled_code_cannot_write_connect_or_see_others(tmp_path):
    make(tmp_path / "p", settings=OPEN)
    result = scan(tmp_path / "p", trust=True)
    runtime = result["sections"]["runtime"]["data"]
    assert runtime["safety"] == "guard + bubblewrap" and runtime["safety_notes"]
    rows = {
        one["name"]: one["value"] for one in result["sections"]["settings"]["data"]["variables"]
    }
    assert rows["FD"] == rows["BESIDE"] == "-1" and int(rows["SCRATCH"]) > 2
    assert len(rows["PIDS"].split(",")) < 6 and rows["INTERFACES"] == "['lo']"
    assert result["changed"] == [] and sorted(one.name for one in tmp_path.iterdir()) == ["p"]


@bwrap
def test_keys_in_the_home_are_not_there(tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh/id_ed25519").write_text("key")
    (home / ".netrc").write_text("machine x password y")
    monkeypatch.setattr(Path, "home", lambda: home)
    text = (
        f"import os\nSEEN = repr(os.listdir({str(home / '.ssh')!r}))\n"
        f"try:\n    NETRC = open({str(home / '.netrc')!r}).read()\nexcept OSError:\n    NETRC = 'refused'\n"
    )
    make(tmp_path / "p", settings=text)
    result = scan(tmp_path / "p", trust=True)
    rows = {
        one["name"]: one["value"] for one in result["sections"]["settings"]["data"]["variables"]
    }
    assert rows["SEEN"] == "'[]'" and rows["NETRC"] == "'refused'"


def test_a_project_below_a_hidden_folder_can_still_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".aws").mkdir()
    found = sandbox.hidden([tmp_path / ".ssh" / "project"])
    assert (tmp_path / ".ssh").resolve() not in found and (tmp_path / ".aws").resolve() in found


@bwrap
def test_a_crash_in_the_jail_is_a_crash(tmp_path):
    make(tmp_path, settings="import ctypes\nctypes.string_at(0)\n")
    error = scan(tmp_path, trust=True)["sections"]["runtime"]["error"]
    assert error["type"] == "Crash" and "signal 11" in error["message"]


@bwrap
def test_what_left_the_session_is_ended_with_the_jail(tmp_path):
    make(
        tmp_path,
        settings="import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(300)\n",
    )
    assert scan(tmp_path, trust=True)["status"] == "complete"
    mark = f"HOME={tempfile.gettempdir()}/djdesk-inspect-{os.getpid()}-".encode()

    def left():
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdigit() and mark in (folder / "environ").read_bytes():
                    yield folder.name

    deadline = time.monotonic() + 20
    while list(left()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(left()) == []


def test_without_a_jail_the_guard_does_it_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(stages, "detect", lambda: sandbox.Sandbox(notes=[sandbox.NO_BWRAP]))
    make(tmp_path)
    runtime = scan(tmp_path, trust=True)["sections"]["runtime"]["data"]
    assert runtime["safety"] == "guard" and runtime["safety_notes"] == [sandbox.NO_BWRAP]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_jail_that_does_not_start_is_left_out(tmp_path, monkeypatch):
    broken = tmp_path / "bwrap"
    broken.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setattr(
        stages, "detect", lambda: sandbox.Sandbox("guard + bubblewrap", str(broken))
    )
    make(tmp_path / "p")
    result = scan(tmp_path / "p", trust=True)
    assert result["status"] == "complete"
    runtime = result["sections"]["runtime"]["data"]
    assert runtime["safety"] == "guard" and "could not be started" in runtime["safety_notes"][-1]


def test_detection_survives_a_program_that_hangs_or_fails(monkeypatch):
    assert sandbox._works(["/nowhere/bwrap"]) is False
    monkeypatch.setattr(sandbox, "TRY", 0.2)
    assert sandbox._works([sys.executable, "-c", "import time; time.sleep(30)"]) is False


def test_the_profile_for_macos_quotes_its_folders():
    text = sandbox.seatbelt([Path('/a "b"')])
    assert '(subpath "/a \\"b\\"")' in text and "(deny network*)" in text
