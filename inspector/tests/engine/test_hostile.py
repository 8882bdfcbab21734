# ruff: noqa: PTH208 - os.path on purpose: links must not be resolved
# ruff: noqa: E501 - source texts of projects stand in long lines
"""Misbehaving settings: nothing may hang, escape, or be believed."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from projects import events, make, scan

from inspector.engine import stages
from inspector.run import Scratch, sandbox

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="forks, signals and process groups of POSIX"
)
QUICK = {"section_limit": 1.5, "time_limit": 8.0}


@pytest.fixture(autouse=True)
def guard_alone(monkeypatch):
    """All of this must hold without a sandbox, too; test_sandbox.py tests the sandbox."""
    monkeypatch.setattr(stages, "detect", sandbox.Sandbox)


def runtime(root, settings, **options):
    make(root, settings=settings)
    result = scan(root, trust=True, **{**QUICK, **options})
    assert result["changed"] == []
    assert result["sections"]["models"]["ok"]
    return result


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_an_endless_loop_is_interrupted_by_the_section_limit(tmp_path):
    loop = "import time\nwhile True:\n    try: time.sleep(0.05)\n    except Exception: pass\n"
    error = runtime(tmp_path, loop)["sections"]["runtime"]["error"]
    assert error["type"] == "OutOfTime"
    assert error["file"] == "shop/settings.py" and "too long" in error["hint"]


def test_a_regular_expression_that_never_ends_is_interrupted(tmp_path):
    pattern = "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')\n"
    error = runtime(tmp_path, pattern)["sections"]["runtime"]["error"]
    assert error["type"] == "OutOfTime"
    assert (error["file"], error["line"]) == ("shop/settings.py", 10)


def test_a_loop_that_swallows_everything_is_killed_by_the_time_limit(tmp_path):
    loop = "import time\nwhile True:\n    try: time.sleep(0.05)\n    except BaseException: pass\n"
    error = runtime(tmp_path, loop, time_limit=4.0)["sections"]["runtime"]["error"]
    assert error["type"] == "TimeLimit"
    assert any("shop/settings.py" in line for line in error["trace"])


def test_exit_zero_without_the_end_marker_is_not_success(tmp_path):
    result = runtime(tmp_path, "import os\nos._exit(0)\n")
    assert result["status"] == "partial"
    assert "os._exit" in result["sections"]["runtime"]["error"]["hint"]


def test_system_exit_is_reported(tmp_path):
    error = runtime(tmp_path, "raise SystemExit(3)\n")["sections"]["runtime"]["error"]
    assert error["type"] == "SystemExit" and "shop/settings.py" in error["hint"]


def test_megabytes_of_prints_do_not_break_the_protocol(tmp_path):
    noisy = "import os\nprint('x' * 5_000_000)\nos.write(1, b'{\"end\": {}}\\n')\n"
    result = runtime(tmp_path, noisy, section_limit=20.0, time_limit=40.0)
    assert result["status"] == "complete"


def test_too_much_protocol_is_cut(tmp_path):
    make(tmp_path)
    result = scan(tmp_path, output_limit=2000)
    assert result["status"] in {"partial", "failed"}
    assert result["error"]["type"] == "OutputLimit"


def test_a_sleeping_fork_is_ended_with_the_group(tmp_path):

    fork = (
        "import os, sys, time\npid = os.fork()\nif pid == 0:\n    time.sleep(300)\n    os._exit(0)\n"
        "sys.FORKED = pid\nFORKED_PID = pid\n"
    )
    result = runtime(tmp_path, fork, section_limit=20.0, time_limit=40.0)
    assert result["status"] == "complete"
    rows = {one["name"]: one for one in result["sections"]["settings"]["data"]["variables"]}
    assert gone(int(rows["FORKED_PID"]["value"]))


def test_a_child_that_leaves_the_session_is_ended_too(tmp_path):
    fork = (
        "import os, time\npid = os.fork()\nif pid == 0:\n    os.setsid()\n    time.sleep(300)\n    os._exit(0)\n"
        "FORKED_PID = pid\n"
    )
    result = runtime(tmp_path, fork, section_limit=20.0, time_limit=40.0)
    rows = {one["name"]: one for one in result["sections"]["settings"]["data"]["variables"]}
    if Path("/proc/self/environ").exists():
        assert gone(int(rows["FORKED_PID"]["value"]))


def test_a_thread_and_an_exit_handler_do_not_delay_the_end(tmp_path):
    slow = (
        "import atexit, threading, time\natexit.register(time.sleep, 600)\n"
        "threading.Thread(target=time.sleep, args=(600,), name='forever').start()\n"
    )
    result = runtime(tmp_path, slow, section_limit=20.0, time_limit=40.0)
    assert result["status"] == "complete"
    assert "forever" in result["sections"]["side_effects"]["data"]["threads"]


def test_a_crash_of_the_interpreter_keeps_what_came(tmp_path):
    make(tmp_path, {"shop/urls.py": "import ctypes\nctypes.string_at(0)\n"})
    result = scan(tmp_path, trust=True)
    assert result["status"] == "partial" and result["error"]["type"] == "Crash"
    assert result["sections"]["models"]["source"] == "live"


WRITES = """
import os, pathlib, sqlite3, subprocess, socket
def attempt(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__} {getattr(error, 'errno', '')}"
    return "done"
ATTEMPTS = [
    attempt(lambda: open(BASE_DIR / "left.txt", "w")),
    attempt(lambda: os.mkdir(BASE_DIR / "left")),
    attempt(lambda: os.remove(BASE_DIR / "manage.py")),
    attempt(lambda: os.rename(BASE_DIR / "manage.py", BASE_DIR / "x.py")),
    attempt(lambda: sqlite3.connect(BASE_DIR / "left.sqlite3")),
    attempt(lambda: subprocess.run(["touch", str(BASE_DIR / "left")])),
    attempt(lambda: os.system("true")),
    attempt(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1)),
    attempt(lambda: socket.getaddrinfo("example.org", 80)),
    attempt(lambda: os.kill(os.getppid(), 15)),
    attempt(lambda: (pathlib.Path.home() / "mine").write_text("may")),
]
"""


def test_writes_connections_and_processes_are_refused_and_reported(tmp_path):
    result = runtime(tmp_path, WRITES, section_limit=20.0, time_limit=40.0)
    assert result["status"] == "complete"
    rows = {one["name"]: one for one in result["sections"]["settings"]["data"]["variables"]}
    attempts = rows["ATTEMPTS"]["value"]
    assert attempts.count("OSError 30") == 4
    assert attempts.endswith("'done']") and attempts.count("'done'") == 1
    assert sorted(os.listdir(tmp_path)) == ["catalog", "manage.py", "shop"]
    seen = result["sections"]["side_effects"]["data"]["events"]
    kinds = {one["kind"] for one in seen if one["denied"]}
    assert kinds == {"write", "sqlite-open", "spawn", "connect", "resolve"}
    write = next(one for one in seen if one["what"] == "left.txt")
    assert write["file"] == "shop/settings.py" and write["line"] == 18
    assert "shop/settings.py" in write["frames"][0]


ROUND = """
import ctypes.util, os, socket, subprocess, sys
HERE = str(BASE_DIR)
(OWN := os.path.join(os.environ["HOME"], "own")) and os.makedirs(OWN, exist_ok=True)
for name in ("gcc", "ldconfig", "git"):
    with open(os.path.join(OWN, name), "w") as file:
        file.write("#!/bin/sh\\ntouch " + HERE + "/" + name + "\\n")
    os.chmod(os.path.join(OWN, name), 0o755)
def attempt(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "done"
def run(*words, **more):
    return lambda: subprocess.run(words, capture_output=True, **more)
def off():
    sys.modules["__main__"].GUARD.on = False
own = {"env": {"PATH": OWN}}
ATTEMPTS = {
    "comment": attempt(run("sh", "-c", "echo hi > " + HERE + "/left #ldconfig")),
    "compiler in a shell": attempt(run("sh", "-c", "echo gcc -o > " + HERE + "/left")),
    "own compiler": attempt(run(os.path.join(OWN, "gcc"), "-Wl,-t", "-o", OWN, "-lc")),
    "own path": attempt(run("ldconfig", "-p", **own)),
    "own git": attempt(run("git", "--version", **own)),
    "own git in a shell": attempt(lambda: subprocess.run("git --version", shell=True, **own)),
    "other executable": attempt(run("git", "--version", executable="/bin/touch")),
    "compiler writes": attempt(run("gcc", "-Wl,-t", "-o", HERE + "/left", "-lc")),
    "compiler with a plugin": attempt(run("gcc", "-fplugin=x.so", "x.c")),
    "git writes": attempt(run("git", "log", "--output=" + HERE + "/left")),
    "git writes, short": attempt(run("git", "log", "--outp", HERE + "/left")),
    "git runs": attempt(run("git", "-c", "core.fsmonitor=touch x;false", "status")),
    "git traces": attempt(run("git", "--version", env={**os.environ, "GIT_TRACE": HERE + "/left"})),
    "git is told to run": attempt(run("git", "status", env={
        **os.environ, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": "touch " + HERE + "/left;false"})),
    "git makes a branch": attempt(run("git", "branch", "left")),
    "datagram": attempt(
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, ("127.0.0.1", 9))
    ),
    "off": attempt(off),
    "then": attempt(lambda: open(HERE + "/left", "w")),
}
PASSED = sorted(name for name, came in ATTEMPTS.items() if came == "done")
LIBRARY = ctypes.util.find_library("c")
KERNEL = attempt(run("uname", "-s"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="programs of Linux")
def test_the_easy_ways_round_the_guard_are_closed(tmp_path):
    result = runtime(tmp_path, ROUND)
    assert result["status"] == "complete", result["sections"]["runtime"]
    rows = {
        one["name"]: one["value"] for one in result["sections"]["settings"]["data"]["variables"]
    }
    assert rows["PASSED"] == "[]"
    # Look-ups by libraries with such programs still work.
    assert "libc.so" in rows["LIBRARY"] and rows["KERNEL"] == "'done'"
    assert sorted(os.listdir(tmp_path)) == ["catalog", "manage.py", "shop"]
    assert result["changed"] == []


INSISTS = (
    "(BASE_DIR / 'logs').mkdir(exist_ok=True)\n(BASE_DIR / 'logs' / 'a.log').write_text('x')\n"
)


def test_a_project_that_insists_on_writing_is_inspected_in_a_private_copy(tmp_path):
    result = runtime(tmp_path, INSISTS, section_limit=20.0, time_limit=40.0)
    assert result["status"] == "complete"
    assert "private copy" in result["sections"]["runtime"]["data"]["assumed"][0]
    assert sorted(os.listdir(tmp_path)) == ["catalog", "manage.py", "shop"]
    seen = result["sections"]["side_effects"]["data"]["events"]
    assert ("write", "logs/a.log", False) in {(e["kind"], e["what"], e["denied"]) for e in seen}
    book = next(
        one
        for one in result["sections"]["models"]["data"]["models"]
        if one["label"] == "catalog.Book"
    )
    assert (book["file"], book["origin"]) == ("catalog/models.py", "project")
    assert "djdesk-inspect-" not in str(result["sections"]["models"])


def test_a_project_too_large_to_copy_says_that_it_insists_on_writing(tmp_path, monkeypatch):
    from inspector.run import private_copy

    monkeypatch.setattr(private_copy, "FILE_LIMIT", 1)
    result = runtime(tmp_path, INSISTS, section_limit=20.0, time_limit=40.0)
    error = result["sections"]["runtime"]["error"]
    assert "has to write" in error["hint"] and error["file"] == "shop/settings.py"


def test_outside_the_copy_nothing_may_be_written_either(tmp_path):
    beside = tmp_path.parent / f"{tmp_path.name}-beside"
    result = runtime(
        tmp_path,
        INSISTS + f"open({str(beside)!r}, 'w')\n",
        section_limit=20.0,
        time_limit=40.0,
    )
    # Redirected to a scratch folder, so the real place is untouched.
    assert not beside.exists()
    assert "scratch" in str(result["sections"]["runtime"]["data"]["repairs"])


def test_a_query_while_loading_is_refused_and_reported(tmp_path):
    make(
        tmp_path,
        {
            "catalog/apps.py": """
from django.apps import AppConfig
class CatalogConfig(AppConfig):
    name = "catalog"
    def ready(self):
        from catalog.models import Book
        try:
            Book.objects.count()
        except Exception:
            pass
"""
        },
    )
    result = scan(tmp_path, trust=True)
    assert result["status"] == "complete"
    seen = result["sections"]["side_effects"]["data"]["events"]
    assert any(one["kind"] == "database" and one["file"] == "catalog/apps.py" for one in seen)


def test_our_environment_does_not_reach_the_project(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_OURS", "token-1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "djdesk.overlay.settings")
    make(
        tmp_path,
        settings="import os, sys\nSEEN = sorted(os.environ)\nCWD = os.getcwd()\nSTDIN = sys.stdin.read()\n",
    )
    rows = {
        one["name"]: one["value"]
        for one in scan(tmp_path, trust=True)["sections"]["settings"]["data"]["variables"]
    }
    assert "SECRET_OF_OURS" not in rows["SEEN"] and "djdesk-inspect-" not in rows["CWD"]
    assert rows["STDIN"] == "''"


@pytest.mark.parametrize("trust", [False, True])
def test_cancel_ends_the_process_group(tmp_path, trust, monkeypatch):
    from inspector.run import child as module

    make(tmp_path, settings="import time\ntime.sleep(300)\n" if trust else "")
    pids: list[int] = []
    original = module.Child._start

    def start(self):
        process = original(self)
        pids.append(process.pid)
        return process

    monkeypatch.setattr(module.Child, "_start", start)
    asked = threading.Event()

    def cancelled() -> bool:
        if len(pids) == (2 if trust else 1):
            asked.set()
        return asked.is_set()

    found = events(tmp_path, trust=trust, cancelled=cancelled)
    assert found[-1]["status"] == "cancelled"
    assert pids and all(gone(pid) for pid in pids)


def test_closing_the_iterator_ends_the_child(tmp_path, monkeypatch):
    from djdesk.projects.discovery.project import find_project
    from inspector.engine import Options, inspect
    from inspector.run import child as module

    make(tmp_path, settings="import time\ntime.sleep(300)\n")
    pids: list[int] = []
    original = module.Child._start
    monkeypatch.setattr(
        module.Child, "_start", lambda self: pids.append((one := original(self)).pid) or one
    )
    stream = inspect(find_project(tmp_path, python=sys.executable), Options(trust=True))
    for event in stream:
        if event["event"] == "section":
            break
    stream.close()
    assert pids and gone(pids[0])


INSPECTOR = """
import os, sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from inspector.engine import stages
from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.run import child, scratch
scratch.IN_MEMORY = Path(os.environ["TMPDIR"])
stages.bytecode_cache = lambda root: None
original = child.Child._start
def start(self):
    process = original(self)
    print(process.pid, self.env["HOME"], flush=True)
    return process
child.Child._start = start
for event in inspect(find_project(sys.argv[1], python=sys.executable), Options(trust=True)):
    pass
"""


def test_a_killed_inspector_leaves_no_process_and_the_next_sweeps_its_folder(
    tmp_path, tmp_path_factory, monkeypatch
):
    # A separate folder: another inspection on this computer would sweep it first.
    temporary = str(tmp_path_factory.mktemp("temporary"))
    monkeypatch.setattr(tempfile, "tempdir", temporary)
    make(
        tmp_path, settings="import os, time\nif os.fork() == 0: time.sleep(300)\ntime.sleep(300)\n"
    )
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            INSPECTOR,
            str(tmp_path),
            str(root / "inspector"),
            str(root / "src"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": temporary},
    )
    try:
        process.stdout.readline()  # the static child
        pid, home = process.stdout.readline().split()
        assert alive(int(pid))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert gone(int(pid))
    assert Path(home).exists()
    with Scratch():
        assert not Path(home).exists()
