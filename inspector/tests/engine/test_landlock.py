# ruff: noqa: E501 - source texts of projects stand in long lines
"""The sandbox that needs no package: what it refuses even without the guard, and what it allows."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from projects import german, make, scan

from inspector.engine import stages
from inspector.run import Child, sandbox
from inspector.run.containment import Containment

FOUND = sandbox.landlock()
pytestmark = pytest.mark.skipif(FOUND is None, reason="this kernel has no Landlock")


@pytest.fixture(autouse=True)
def only_landlock(monkeypatch):
    monkeypatch.setattr(stages, "detect", lambda: FOUND)


def inside(tmp_path, code, *, found=FOUND, writable=(), argv=(), **limits):
    """The JSON printed by ``code`` in the sandbox and without a guard."""
    running = Child(
        [sys.executable, "-I", "-c", code, *map(str, argv)],
        cwd=tmp_path,
        env={},
        containment=Containment(found, tmp_path, tuple(writable), (Path(sys.executable), tmp_path)),
        **limits,
    )
    lines = list(running.lines())
    assert running.outcome.why == "exited" and lines, (running.outcome, lines)
    return json.loads(lines[-1])


TRY = """
import ctypes, json, os, signal, socket, sys
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "done"
"""


def test_it_writes_only_where_it_may(tmp_path):
    own, other = tmp_path / "own", tmp_path / "other"
    other.mkdir()
    (other / "file").write_text("kept")
    code = """
own, other = sys.argv[1:]
print(json.dumps({
    "own": tried(lambda: open(own + "/file", "w").write("x")),
    "moved": tried(lambda: os.rename(own + "/file", own + "/there")),
    "null": tried(lambda: open("/dev/null", "w").write("x")),
    "made": tried(lambda: open(other + "/new", "w")),
    "opened": tried(lambda: open(other + "/file", "r+")),
    "truncated": tried(lambda: os.truncate(other + "/file", 0)),
    "removed": tried(lambda: os.remove(other + "/file")),
    "out": tried(lambda: os.rename(own + "/there", other + "/there")),
    "linked": tried(lambda: os.link(other + "/file", own + "/link")),
    "shared": tried(lambda: open("/dev/shm/x", "w")),
    "read": tried(lambda: open(other + "/file").read()),
}))
"""
    answer = inside(tmp_path, TRY + code, writable=[own], argv=[own, other])
    allowed = {key for key, value in answer.items() if value == "done"}
    assert allowed == {"own", "moved", "null", "read"}, answer
    assert (other / "file").read_text() == "kept"


def test_it_reaches_nobody(tmp_path):
    place = str(tmp_path / "s")
    with socket.create_server(("127.0.0.1", 0)) as tcp, contextlib.ExitStack() as stack:
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(place)
        unix.listen()
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        code = """
tcp, udp, place = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
def stream(): return socket.socket()
def packets(): return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
near, far = socket.socketpair()
near.sendall(b"x")
print(json.dumps({
    "tcp": tried(lambda: socket.create_connection(("127.0.0.1", tcp), 2)),
    "open": tried(lambda: stream().sendto(b"x", 0x20000000, ("127.0.0.1", tcp))),
    "unix": tried(lambda: socket.socket(socket.AF_UNIX).connect(place)),
    "udp": tried(lambda: packets().sendto(b"x", ("127.0.0.1", udp))),
    "message": tried(lambda: packets().sendmsg([b"x"], [], 0, ("127.0.0.1", udp))),
    "listen": tried(lambda: stream().listen()),
    "pair": far.recv(1).decode(),
}))
"""
        argv = [tcp.getsockname()[1], udp.getsockname()[1], place]
        answer = inside(tmp_path, TRY + code, argv=argv)
        assert answer.pop("pair") == "x"
        assert set(answer.values()) == {"PermissionError"}, answer
        opened = inside(tmp_path, TRY + code, argv=argv, found=sandbox.with_network(FOUND))
        assert opened["tcp"] == opened["unix"] == opened["udp"] == "done"


def test_it_reads_neither_keys_nor_the_apps_own_data(tmp_path, monkeypatch):
    home, data = tmp_path / "home", tmp_path / "data"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh/id_ed25519").write_text("key")
    (home / "notes").write_text("notes")
    (home / "way").symlink_to(home / ".ssh")
    data.mkdir()
    (data / "secret.key").write_text("key")
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(sandbox, "own_data", [data])
    code = """
home, data = sys.argv[1:]
print(json.dumps([
    tried(lambda: open(home + "/.ssh/id_ed25519").read()),
    tried(lambda: open(home + "/way/id_ed25519").read()),
    tried(lambda: open(data + "/secret.key").read()),
    tried(lambda: open(home + "/notes").read()),
    sorted(os.listdir(home)),
]))
"""
    project = tmp_path / "p"
    project.mkdir()
    *refused, notes, names = inside(project, TRY + code, argv=[home, data])
    assert refused == ["PermissionError"] * 3
    assert notes == "done" and names == [".ssh", "notes", "way"]


# Imitates the server: a process of the same user, with a secret in memory.
HOLDER = "import sys; secret = 'to' + 'ken-7'; print(id(secret), flush=True); sys.stdin.read()"
LOOK = """
pid = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
def attach():
    if libc.ptrace(16, pid, None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    libc.ptrace(17, pid, None, None)
print(json.dumps({
    "memory": tried(lambda: open("/proc/%d/mem" % pid, "rb")),
    "environment": tried(lambda: open("/proc/%d/environ" % pid, "rb").read()),
    "attached": tried(attach),
    "signalled": tried(lambda: os.kill(pid, 0)),
}))
"""


@pytest.fixture
def holder():
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_it_looks_into_no_other_process(tmp_path, holder):
    answer = inside(tmp_path, TRY + LOOK, argv=[holder.pid])
    signalled = answer.pop("signalled")
    if os.getuid() == 0:
        # Root may measure all processes (CAP_PERFMON), and can read it that way
        del answer["environment"]
    assert set(answer.values()) == {"PermissionError"}, answer
    assert signalled == ("done" if sandbox.SIGNALS in FOUND.notes else "PermissionError")
    # Without the sandbox, the same code does all of it.
    free = inside(tmp_path, TRY + LOOK, argv=[holder.pid], found=sandbox.Sandbox())
    assert free["memory"] == free["environment"] == free["signalled"] == "done"


def test_a_scan_works_in_it_and_says_so(tmp_path):
    made = make(
        tmp_path / "p",
        settings="import os, ctypes\nFD = ctypes.CDLL(None).open(os.fsencode(str(BASE_DIR / 'made')), 65, 0o600)\n",
    )
    result = scan(made, trust=True)
    runtime = result["sections"]["runtime"]["data"]
    assert result["status"] == "complete" and runtime["safety"] == "guard + Landlock"
    assert all(german(note) for note in runtime["safety_notes"])
    rows = {
        one["name"]: one["value"] for one in result["sections"]["settings"]["data"]["variables"]
    }
    assert rows["FD"] == "-1" and result["changed"] == []


def test_a_crash_in_it_is_a_crash(tmp_path):
    make(tmp_path, settings="import ctypes\nctypes.string_at(0)\n")
    error = scan(tmp_path, trust=True)["sections"]["runtime"]["error"]
    assert error["type"] == "Crash" and "signal 11" in error["message"]


def test_an_exit_code_above_128_is_no_signal(tmp_path):
    running = Child(
        [sys.executable, "-I", "-c", "raise SystemExit(139)"],
        cwd=tmp_path,
        env={},
        containment=Containment(FOUND, tmp_path, (), (tmp_path,)),
    )
    assert list(running.lines()) == []
    assert running.outcome.why == "exited" and running.outcome.returncode == 139


def test_where_it_cannot_be_made_nothing_runs_unless_the_user_says_so(tmp_path, monkeypatch):
    made = make(tmp_path / "p", settings=f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    broken = Containment._use
    monkeypatch.setattr(
        Containment,
        "_use",
        lambda containment: '{"nonsense": 1}' if containment.is_sandboxed else broken(containment),
    )
    error = scan(made, trust=True)["sections"]["runtime"]["error"]
    assert error["type"] == "NoSandbox" and "Landlock did not start" in error["message"]
    assert error["diagnosis"]["remedies"][0]["action"] == "without-sandbox"
    assert not (tmp_path / "ran").exists()
    again = scan(make(tmp_path / "q"), trust=True, sandbox=False)
    runtime = again["sections"]["runtime"]["data"]
    assert runtime["safety"] == "guard" and "without Landlock" in runtime["safety_notes"][-1]


def test_a_program_that_is_not_there_is_told_apart(tmp_path):
    running = Child(
        ["/nowhere/python"],
        cwd=tmp_path,
        env={},
        containment=Containment(FOUND, tmp_path, (), (tmp_path,)),
    )
    assert list(running.lines()) == []
    assert running.outcome.why == "not-started" and "/nowhere/python" in running.outcome.detail


def test_what_is_inside_cannot_end_its_subreaper(tmp_path):
    if sandbox.SIGNALS in FOUND.notes:
        pytest.skip("signals leave the sandbox on this kernel")
    code = "print(json.dumps(tried(lambda: os.kill(os.getppid(), signal.SIGKILL))))"
    assert inside(tmp_path, TRY + code) == "PermissionError"
