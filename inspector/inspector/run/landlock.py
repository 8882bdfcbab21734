"""A sandbox from features of every recent Linux kernel: Landlock (5.13 and later) and a seccomp
filter.

``restrict`` applies to this process and its children, irrevocably. Everything can be read except
hidden places and devices; only the given folders can be written; no outgoing connections; no
outside process can be inspected or, since Linux 6.12, signalled. What Landlock does not cover stays
allowed: names, sizes and dates of files are visible, and modes, owners and dates of the user's
files can be changed.

Runs in our own Python, without its packages: ``subreaper.py`` imports it, and
``python landlock.py`` tests it, with exit code 0 if it works.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterator, Sequence

assert sys.platform == "linux"  # for mypy
libc = ctypes.CDLL(None, use_errno=True)
# From linux/landlock.h; the system call numbers are the same on all architectures.
CREATE, ADD_RULE, RESTRICT = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, MAKE_CHAR, MAKE_BLOCK, TRUNCATE = (
    1 << bit for bit in (0, 1, 2, 3, 6, 11, 14)
)
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
# number of access rights per version; later versions have the same as 5
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
SCOPED = {6: 0b11}  # abstract sockets, and signals to processes outside
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # linux/prctl.h
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

# System calls that Landlock does not cover: Unix sockets, datagrams, kernel keys, truncate() before
# version 3, and io_uring, which seccomp filters cannot see into. The numbers are from asm/unistd.h.
NETWORK = ("connect", "listen", "sendmsg", "sendmmsg")
ALWAYS = ("truncate", "add_key", "request_key", "keyctl", "io_uring_setup")
CALLS = {
    "x86_64": {
        "arch": 0xC000003E, "sendto": 44, "connect": 42, "listen": 50, "sendmsg": 46,
        "sendmmsg": 307, "truncate": 76, "add_key": 248, "request_key": 249, "keyctl": 250,
        "io_uring_setup": 425,
    },
    "aarch64": {
        "arch": 0xC00000B7, "sendto": 206, "connect": 203, "listen": 201, "sendmsg": 211,
        "sendmmsg": 269, "truncate": 45, "add_key": 217, "request_key": 218, "keyctl": 219,
        "io_uring_setup": 425,
    },
}  # fmt: skip
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 13  # linux/seccomp.h; EACCES


def version() -> int:
    """Landlock version of the kernel; 0 if unavailable, or if there is no filter for this
    architecture.
    """
    if platform.machine() not in CALLS or ctypes.sizeof(ctypes.c_void_p) != 8:
        return 0
    return max(0, int(libc.syscall(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def restrict(writable: Sequence[str], hidden: Sequence[str], *, network: bool) -> None:
    """Raises OSError when the kernel refuses; treat the process as unrestricted then."""
    known = version()
    if not known:
        raise OSError("this kernel has no Landlock")
    handled = (1 << RIGHTS[min(known, 5)]) - 1
    # IOCTL_DEV is not needed: devices with own ioctls cannot be opened anyway
    handled &= ~(1 << 15)
    scoped = SCOPED[6] if known >= 6 else 0
    attributes = struct.pack("=QQQ", handled, 0, scoped)
    rules = _called(libc.syscall(CREATE, attributes, ctypes.c_size_t(len(attributes)), 0))
    # The right to list a folder covers everything below it: names cannot be hidden.
    _allow(rules, "/", READ_DIR)
    for place in _all_but([*hidden, "/dev"]):
        _allow(rules, place, (EXECUTE | READ_FILE) & handled)
    for place in DEVICES:
        _allow(rules, place, READ_FILE | WRITE_FILE)
    for place in writable:
        _allow(rules, place, handled & ~(MAKE_CHAR | MAKE_BLOCK))
    _called(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _called(libc.syscall(RESTRICT, rules, 0))
    os.close(rules)
    _filter(ALWAYS if network else ALWAYS + NETWORK, datagrams=network)


def _all_but(hidden: Sequence[str]) -> Iterator[str]:
    """Files and folders that together cover everything except ``hidden``."""
    queue = ["/"]
    while queue:
        place = queue.pop()
        if place in hidden:
            continue
        if not any(one.startswith(place.rstrip("/") + "/") for one in hidden):
            yield place
            continue
        try:
            queue += [os.path.join(place, name) for name in os.listdir(place)]  # noqa: PTH118, PTH208
        except OSError:
            continue  # unreadable anyway


def _allow(rules: int, place: str, rights: int) -> None:
    """Missing paths, and links to places with rules of their own, are skipped."""
    try:
        found = os.open(place, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        mode = os.fstat(found).st_mode
        if not stat.S_ISLNK(mode):
            rights &= -1 if stat.S_ISDIR(mode) else OF_FILES
            attributes = struct.pack("=Qi", rights, found)
            _called(libc.syscall(ADD_RULE, rules, 1, attributes, 0))
    finally:
        os.close(found)


def _filter(refused: Sequence[str], *, datagrams: bool) -> None:
    """Refuse these system calls and, without ``datagrams``, sending to an address."""
    calls = CALLS[platform.machine()]
    refuse = (RETURN, 0, 0, REFUSE)
    # Offsets in struct seccomp_data: number 0, architecture 4, fifth argument 48.
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, calls["arch"]), refuse, (LOAD, 0, 0, 0)]
    if platform.machine() == "x86_64":
        steps += [(AT_LEAST, 0, 1, 0x40000000), refuse]  # x32: the same calls under other numbers
    for name in refused:
        steps += [(EQUAL, 0, 1, calls[name]), refuse]
    if not datagrams:
        steps += [(EQUAL, 0, 5, calls["sendto"]), (LOAD, 0, 0, 48), (EQUAL, 0, 2, 0)]
        steps += [(LOAD, 0, 0, 52), (EQUAL, 1, 0, 0), refuse]
    steps.append((RETURN, 0, 0, ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    _called(libc.prctl(SECCOMP, FILTER, program, 0, 0))


def _called(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return result


def main() -> int:
    """Exit code 0 if it can restrict a child here."""
    import tempfile

    with tempfile.TemporaryDirectory() as beside, tempfile.TemporaryDirectory() as own:
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if _holds(own, beside) else 1)
            except BaseException:
                os._exit(2)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _holds(own: str, beside: str) -> bool:
    import socket

    restrict([own], [beside], network=False)
    with open(own + "/file", "w"), open("/dev/null", "w"):  # noqa: PTH123
        pass
    for refused in (
        lambda: open(beside + "/file", "w"),  # noqa: PTH123, SIM115
        lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    ):
        try:
            refused()
        except PermissionError:
            continue
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
