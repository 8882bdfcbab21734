"""Other programs of the same user cannot read the memory of server and worker."""

import subprocess
import sys
from pathlib import Path

import pytest

from .children import TOKEN, Child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl and /proc are Linux's")

# Two processes of one non-root user: this one tries to read its child's memory. Switching to that
# user also protects the memory, so the protection is removed first.
SCRIPT = """
import ctypes, os, sys
from djdesk.desktop import child
libc = ctypes.CDLL(None)
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
there, ready = os.pipe()
wait, go = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(go)
    os.close(there)
    libc.prctl(child.PR_SET_DUMPABLE, 1, 0, 0, 0)
    if sys.argv[1] == "closed":
        child.close_memory()
    os.write(ready, b"x")
    os.read(wait, 1)
    os._exit(0)
os.close(ready)
if not os.read(there, 1):
    raise SystemExit("the other process failed")
try:
    open(f"/proc/{pid}/mem", "rb").close()
    print("read")
except PermissionError:
    print("refused")
"""


def look(how):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()


def test_it_is_closed():
    assert look("closed") == "refused"


def test_it_would_be_open():
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    if scope.exists() and scope.read_text().strip() != "0":
        pytest.skip("this system closes the memory of every process (yama)")
    assert look("open") == "read"


@pytest.mark.parametrize(("mode", "closed"), [("packaged", True), ("development", False)])
def test_server_and_worker_close_theirs_except_in_development(tmp_path, mode, closed):
    asked = tmp_path / "asked"
    (tmp_path / "asking_settings.py").write_text(
        "import ctypes, pathlib\n"
        "from djdesk.overlay.settings import *\n"
        f"with pathlib.Path({str(asked)!r}).open('a') as file:\n"
        "    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), file=file)\n"  # PR_GET_DUMPABLE
    )
    import os

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK_"))}
    for command in ("serve", "worker"):
        with Child(
            command,
            tmp_path / "data",
            settings="asking_settings",
            python_path=str(tmp_path),
            environment=environment | {"DJDESK_MODE": mode},
        ) as child:
            child.until("listening" if command == "serve" else "ready")
            assert TOKEN not in child.log
            assert child.end_of_stdin() == 0
    assert set(asked.read_text().split()) == {"0" if closed else "1"}


def test_the_threads_of_the_server_share_one_pool_of_memory(tmp_path):
    with Child("serve", tmp_path) as server:
        event = server.until("listening")
        for _ in range(40):  # each thread has responded
            assert server.get(event["port"], "/health/")[0] == 200
        maps = Path(f"/proc/{event['pid']}/maps").read_text().splitlines()
        # glibc reserves 64 MB for each thread arena, of which the first part is writable.
        reserved = [line for line in maps if line.split()[1] == "---p" and _size(line) > 2**25]
        assert reserved == []
        assert server.end_of_stdin() == 0


def _size(line):
    begin, end = (int(part, 16) for part in line.split()[0].split("-"))
    return end - begin
