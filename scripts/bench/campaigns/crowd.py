"""Opens many connections without credentials, as another user if possible.

python crowd.py PORT HOW-MANY idle|slow|body     runs until it is killed; prints its uid once
                                                 all are open

idle sends nothing, slow sends a head byte by byte, body announces 100 MB. Closed connections are
reopened at once. Uses only the standard library, so that it also runs from its source text.
"""

import contextlib
import encodings.idna  # noqa: F401 - wanted by socket, and later this user may not read the library
import os
import socket
import sys
import time

assert sys.platform != "win32"  # tells mypy the platform
NOBODY = 65534


def main(port: int, many: int, kind: str) -> None:
    user = 0
    if sys.platform != "win32":
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        user = os.getuid()
    host = f"Host: 127.0.0.1:{port}\r\n"
    first = {
        "idle": "",
        "slow": "GET / HTTP/1.1\r\nX: ",
        "body": f"POST / HTTP/1.1\r\n{host}Content-Length: 100000000\r\n\r\n",
    }[kind].encode()
    held: list[socket.socket] = []
    opened = 0
    while True:
        held = [one for one in held if _is_open(one, kind)]
        with contextlib.suppress(OSError):
            while len(held) < many:
                one = socket.create_connection(("127.0.0.1", port), timeout=1)
                held.append(one)
                opened += 1
                if opened == many:
                    print(user, flush=True)
                one.sendall(first)
                one.setblocking(False)
        time.sleep(0.05)


def _is_open(one: socket.socket, kind: str) -> bool:
    try:
        if kind == "slow":
            one.send(b"a")
        if one.recv(4096):
            return True
    except BlockingIOError:
        return True
    except OSError:
        pass
    one.close()
    return False


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
