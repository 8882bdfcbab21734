# ruff: noqa: E501 - source texts of projects stand in long lines
"""The sandbox around the live child: what it refuses even without the guard,
and running without it.
"""

import contextlib
import shutil
import sys
from pathlib import Path
from shutil import which

import django
import pytest
from projects import german, make, scan

from inspector.engine import stages
from inspector.run import Child, sandbox
from inspector.run.containment import Containment

linux = pytest.mark.skipif(sys.platform != "linux", reason="subreapers are Linux")
bwrap = pytest.mark.skipif(
    sandbox.name_of(sandbox.detect()) != "bubblewrap",
    reason="bubblewrap does not work here" if which("bwrap") else "needs-package: bubblewrap",
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script, and bubblewrap")
# ctypes bypasses Python's audit hooks: the sandbox exists for that.
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
def test_a_crash_in_the_sandbox_is_a_crash(tmp_path):
    make(tmp_path, settings="import ctypes\nctypes.string_at(0)\n")
    error = scan(tmp_path, trust=True)["sections"]["runtime"]["error"]
    assert error["type"] == "Crash" and "signal 11" in error["message"]


# A detached grandchild, in its own session and with an empty environment.
DAEMON = """
import ctypes, os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 50)
        words = (ctypes.c_char_p * 3)({mark!r}.encode(), b"247", None)
        ctypes.CDLL(None).execve({sleep!r}.encode(), words, (ctypes.c_char_p * 1)(None))
    os._exit(0)
os.wait()
"""


def left(mark):
    """Running processes with that name."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and mark.encode() in (folder / "cmdline").read_bytes():
                found.append(folder.name)
    return found


@linux
@pytest.mark.parametrize("sandboxed", [pytest.param(True, marks=bwrap), False])
@pytest.mark.parametrize("end", ["", "os._exit(3)", "os.abort()", "os.kill(os.getpid(), 9)"])
def test_what_left_its_session_and_environment_is_ended_with_the_scan(tmp_path, sandboxed, end):
    mark = f"daemon-of-{tmp_path.name}-{sandboxed}"
    settings = DAEMON.format(sleep=shutil.which("sleep"), mark=mark)
    make(tmp_path, settings=settings + end)
    result = scan(tmp_path, trust=True, sandbox=sandboxed)
    assert result["status"] == ("partial" if end else "complete")
    assert left(mark) == []


@linux
def test_it_is_ended_too_when_the_scan_is_cancelled(tmp_path):
    mark = f"daemon-of-{tmp_path.name}"
    settings = (
        DAEMON.format(sleep=shutil.which("sleep"), mark=mark) + "import time\ntime.sleep(99)\n"
    )
    make(tmp_path / "p", settings=settings)
    seen = []

    def cancelled():
        seen.extend(left(mark))
        return bool(seen)

    assert (
        scan(tmp_path / "p", trust=True, sandbox=False, cancelled=cancelled)["status"]
        == "cancelled"
    )
    assert seen and left(mark) == []


@linux
def test_what_a_command_or_a_crash_says_is_as_without_a_subreaper(tmp_path):
    make(tmp_path, settings="import ctypes\nctypes.string_at(0)\n")
    error = scan(tmp_path, trust=True, sandbox=False)["sections"]["runtime"]["error"]
    assert error["type"] == "Crash" and "signal 11" in error["message"]


def test_without_a_sandbox_the_guard_does_it_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(stages, "detect", lambda: sandbox.Sandbox(notes=[sandbox.NO_BWRAP]))
    make(tmp_path)
    runtime = scan(tmp_path, trust=True)["sections"]["runtime"]["data"]
    assert runtime["safety"] == "guard" and runtime["safety_notes"] == [sandbox.NO_BWRAP]


@pytest.fixture
def broken_sandbox(tmp_path, monkeypatch):
    """A bubblewrap that does not start, as on a system that refuses namespaces."""
    program = tmp_path / "bin" / "bwrap"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    found = sandbox.Sandbox("guard + bubblewrap", str(program))
    monkeypatch.setattr(stages, "detect", lambda: found)


@posix
def test_where_the_sandbox_does_not_start_nothing_runs_unless_the_user_says_so(
    tmp_path, broken_sandbox
):
    made = make(tmp_path / "p")
    result = scan(made, trust=True)
    assert result["status"] == "partial"
    error = result["sections"]["runtime"]["error"]
    assert error["type"] == "NoSandbox"
    assert "No permissions to create a new namespace" in error["message"]
    assert error["diagnosis"]["kind"] == "sandbox"
    actions = [one["action"] for one in error["diagnosis"]["remedies"]]
    assert actions[0] == "without-sandbox" and actions[-1] == "static"
    assert "checks" not in result["sections"]
    assert german(error["message"]) and german(error["diagnosis"]["text"])

    again = scan(made, trust=True, sandbox=False)
    runtime = again["sections"]["runtime"]["data"]
    assert again["status"] == "complete" and runtime["safety"] == "guard"
    assert "without bubblewrap" in runtime["safety_notes"][-1]


@posix
def test_a_sandbox_that_is_gone_is_one_that_does_not_start(tmp_path, monkeypatch):
    gone = sandbox.Sandbox("guard + bubblewrap", str(tmp_path / "none"))
    monkeypatch.setattr(stages, "detect", lambda: gone)
    result = scan(make(tmp_path / "p"), trust=True)
    assert result["sections"]["runtime"]["error"]["type"] == "NoSandbox"


# Runs with the interpreter, before the guard exists, like any line of a .pth file.
EVIL = """
import os
try:
    descriptor = os.open({telltale!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, b"outside")
except OSError:
    os.write(2, b"bwrap: no luck\\n")
    os._exit({code})
"""


@bwrap
@pytest.mark.parametrize("code", [0, 1, 2])
def test_what_a_project_says_is_not_the_word_of_the_sandbox(tmp_path, code):
    environment = tmp_path / "p" / ".venv"
    packages = environment / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    packages.mkdir(parents=True)
    ours = Path(django.__file__).parent.parent
    for one in ("django", "asgiref", "sqlparse"):
        (packages / one).symlink_to(ours / one)
    telltale = tmp_path / "p" / "ESCAPED"
    (packages / "zevil.py").write_text(EVIL.format(telltale=str(telltale), code=code))
    (packages / "zevil.pth").write_text("import zevil\n")
    base = Path(sys.executable).resolve()
    (environment / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    python = environment / "bin/python"
    python.parent.mkdir()
    python.symlink_to(base)
    result = scan(make(tmp_path / "p"), trust=True, python=python)
    error = result["sections"]["runtime"]["error"]
    assert error["type"] == "NotStarted" and f"code {code}" in error["message"]
    assert error["trace"] == ["bwrap: no luck"]
    assert error["diagnosis"]["kind"] != "sandbox"
    assert not telltale.exists(), "it ran outside the sandbox"


@linux
@pytest.mark.parametrize("sandboxed", [pytest.param(True, marks=bwrap), False])
def test_the_descriptor_that_tells_is_not_the_commands(tmp_path, sandboxed):
    found = sandbox.detect() if sandboxed else sandbox.Sandbox()
    running = Child(
        [sys.executable, "-I", "-c", "import os; print(os.listdir('/proc/self/fd'))"],
        cwd=tmp_path,
        env={},
        containment=Containment(found, tmp_path, (), (Path(sys.executable), tmp_path)),
    )
    # The fourth is the folder being listed.
    assert list(running.lines()) == ["['0', '1', '2', '3']"]
    assert running.outcome.why == "exited" and running.outcome.returncode == 0


@bwrap
def test_a_folder_that_was_pruned_meanwhile_is_made_again(tmp_path):
    folder = tmp_path / "cache"
    containment = Containment(
        sandbox.detect(), tmp_path, (folder,), (Path(sys.executable), tmp_path)
    )
    running = Child(
        [sys.executable, "-I", "-c", "print(1)"], cwd=tmp_path, env={}, containment=containment
    )
    assert list(running.lines()) == ["1"] and folder.is_dir()


@linux
@pytest.mark.parametrize("sandboxed", [pytest.param(True, marks=bwrap), False])
def test_a_program_that_is_not_there_is_told_apart(tmp_path, sandboxed):
    found = sandbox.detect() if sandboxed else sandbox.Sandbox()
    running = Child(
        ["/nowhere/python"],
        cwd=tmp_path,
        env={},
        containment=Containment(found, tmp_path, (), (tmp_path,)),
    )
    assert list(running.lines()) == []
    assert running.outcome.why == "not-started"
    assert "/nowhere/python" in running.outcome.detail


def test_detection_survives_a_program_that_hangs_or_fails(monkeypatch):
    assert sandbox._works(["/nowhere/bwrap"]) is False
    monkeypatch.setattr(sandbox, "TRY", 0.2)
    assert sandbox._works([sys.executable, "-c", "import time; time.sleep(30)"]) is False


def test_the_profile_for_macos_quotes_its_folders():
    text = sandbox.seatbelt([Path('/a "b"')])
    assert '(subpath "/a \\"b\\"")' in text and "(deny network*)" in text


def test_the_profile_for_macos_hides_what_bubblewrap_hides(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (".ssh", "Library/Keychains", ".aws"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / ".netrc").write_text("machine x")
    project = tmp_path / ".aws" / "project"
    project.mkdir()
    text = sandbox.seatbelt([project / "scratch"], [project])
    refused = text.rpartition("(deny file-read* file-write*")[2]
    home = tmp_path.resolve()
    for place in (f'(subpath "{home}/.ssh")', f'(subpath "{home}/Library/Keychains")'):
        assert place in refused
    assert f'(literal "{home}/.netrc")' in refused
    assert ".aws" not in refused, "the project lies in there"
    assert text.endswith(refused), "the last rule that fits counts"
