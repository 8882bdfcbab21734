"""Runs a command and kills every process it leaves behind: ``python subreaper.py FD HOW COMMAND
[ARGUMENT …]``.

Linux only. This process is a subreaper (PR_SET_CHILD_SUBREAPER): it adopts all descendants of the
command whose parent has ended, even after setsid() and with an empty environment. It kills them all
when the command ends, on SIGTERM, or when its own parent is gone. Its exit status is the command's.
If the command cannot be started, the reason is written to the descriptor FD.

HOW is ``keep``; ``pass`` to pass FD to the command too; or the arguments of ``landlock.restrict``
as JSON, to start the command in that sandbox. If the sandbox cannot be set up,
``{"no-sandbox": "reason"}`` is written to FD.

Runs in our own Python, without its packages.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

assert sys.platform == "linux"  # for mypy
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LOOK = 0.5  # seconds between checks that the parent is alive
ENOUGH = 3.0  # seconds to spend on killing processes that keep forking


def main(status: int, use: str, argv: list[str]) -> None:
    os.set_inheritable(status, use == "pass")
    wanted = {signal.SIGCHLD, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        # Its own process group, so that it can kill itself together with its children; no blocked
        # signals.
        if use.startswith("{"):
            child = start_sandboxed(status, use, argv)
        else:
            child = os.posix_spawn(argv[0], argv, os.environ, setpgroup=0, setsigmask=[])
    except OSError as error:
        os.write(status, f"{error.strerror}: {argv[0]}".encode())
        os._exit(127)
    os.close(status)
    # From now on only the command holds these descriptors, so its end is the end of its output.
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    code = None
    while code is None:
        arrived = signal.sigtimedwait(wanted, LOOK)
        code = reap(child)
        if os.getppid() != parent or (arrived and arrived.si_signo == signal.SIGTERM):
            break
    end_all(child)
    code = reap(child)
    if code is not None and code < 0 and code != -signal.SIGKILL:
        # Die from the same signal, so that callers see no difference.
        signal.signal(-code, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [-code])
        os.kill(os.getpid(), -code)
    if code is None or code < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(code or 0)


def start_sandboxed(status: int, rules: str, argv: list[str]) -> int:
    """Apply the sandbox to the command alone, so that processes inside cannot reach this one."""
    import json

    sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120 - this folder, which -I leaves out
    import landlock  # type: ignore[import-not-found]

    child = os.fork()
    if child:
        return child
    try:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        landlock.restrict(**json.loads(rules))
    except BaseException as error:
        os.write(status, json.dumps({"no-sandbox": str(error)}).encode())
        os._exit(127)
    try:
        os.execv(argv[0], argv)  # noqa: S606 - the command that this process was given
    except OSError as error:
        os.write(status, f"{error.strerror}: {argv[0]}".encode())
        os._exit(127)


_codes: dict[int, int] = {}


def reap(child: int) -> int | None:
    """Reap ended processes. Returns the returncode of ``child``, or None while it runs."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
        _codes[pid] = os.waitstatus_to_exitcode(status)
    return _codes.get(child)


def end_all(child: int) -> None:
    """Stop all processes below this one until no new ones appear, then kill them."""
    limit = time.monotonic() + ENOUGH
    # A process listing is not atomic: a process that was reparented meanwhile may be missing from
    # one listing, but not from the next.
    empty = 0
    while empty < 2 and time.monotonic() < limit:
        found = set(below(os.getpid()))
        held: set[int] = set()
        while (fresh := found - held) and time.monotonic() < limit:
            for pid in fresh:
                _send(pid, signal.SIGSTOP)
            held |= fresh
            found = set(below(os.getpid()))
        for pid in held:
            _send(pid, signal.SIGKILL)
        empty = 0 if held or reap(child) is None else empty + 1
        time.sleep(0.001)


def below(top: int) -> list[int]:
    """Every running process below ``top``. Includes children of a process whose first thread has
    exited while other threads still run.
    """
    children: dict[int, list[int]] = {}
    ended = set()
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib takes longer to import than to run
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                words = file.read().rpartition(b") ")[2].split()
            state, parent, threads = words[0], words[1], int(words[17])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(int(parent), []).append(int(name))
        if state in (b"Z", b"X") and threads <= 1:
            ended.add(int(name))
    found: list[int] = []
    queue = [top]
    while queue:
        beneath = children.get(queue.pop(), [])
        found += beneath
        queue += beneath
    return [pid for pid in found if pid not in ended]


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        return  # it has exited, or belongs to somebody else now


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
