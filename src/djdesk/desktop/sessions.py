"""One-time codes and sessions of the browser shell: one session per code.

Both have the form ``<name>.<signature>``, signed with the launch's secret. A restarted server thus
still knows its browsers, and recognises codes that were used before it started.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import secrets
import threading

from . import launch, ownfiles

KEPT = 16  # unused codes; the oldest is dropped

_unspent: list[str] = []
_ended: set[str] | None = None
_lock = threading.Lock()


def new_code() -> str:
    """A new code that ``spend`` accepts once."""
    name = secrets.token_urlsafe(12)
    with _lock:
        _unspent.append(name)
        del _unspent[:-KEPT]
    return _signed("code", name)


def spend(code: str) -> str:
    """The session cookie's value for ``code``, or "" if it is not valid.

    A genuine code that is not pending was presented twice: somebody else has seen it. The first to
    use it may not have been the user, so its session ends.
    """
    name = _name("code", code)
    if not name:
        return ""
    with _lock:
        if name in _unspent:
            _unspent.remove(name)
            return _signed("session", name)
    end(name)
    return ""


def known(cookie: str) -> str:
    """The name of the session in ``cookie``, or "" if we did not sign it."""
    return _name("session", cookie)


def has_ended(name: str) -> bool:
    with _lock:
        return name in _ended_names()


def end(name: str) -> None:
    """Refuse all further requests of the session ``name`` during this launch."""
    config = launch.current()
    if config is None:
        return
    with _lock:
        if name in _ended_names():
            return
        _ended_names().add(name)
        # Stored for a restarted server; if that fails, this process still knows it.
        with contextlib.suppress(OSError):
            path = config.data_dir / "run" / "ended-sessions.txt"
            path.parent.mkdir(mode=0o700, exist_ok=True)
            lines = [config.launch_id, *sorted(_ended_names())]
            path.write_text("\n".join(lines), encoding="ascii")


def forget() -> None:
    """Clear the state that only memory holds, as a restart of the process would."""
    global _ended
    with _lock:
        _unspent.clear()
        _ended = None


def _ended_names() -> set[str]:
    """Call with the lock held. Names of an earlier launch do not matter: its secret is gone."""
    global _ended
    if _ended is None:
        _ended = set()
        config = launch.current()
        with contextlib.suppress(OSError, ValueError):
            if config is not None:
                path = config.data_dir / "run" / "ended-sessions.txt"
                first, *names = ownfiles.read_bytes(path).decode("ascii").split("\n")
                if first == config.launch_id:
                    _ended.update(names)
    return _ended


def _signed(purpose: str, name: str) -> str:
    config = launch.current()
    key = config.browser_session if config else ""
    if not key:
        raise RuntimeError("only a launch of the browser shell has codes and sessions")
    digest = hmac.digest(key.encode(), f"{purpose}:{name}".encode(), hashlib.sha256)
    return f"{name}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _name(purpose: str, value: str) -> str:
    config = launch.current()
    if config is None or not config.browser_session or len(value) > 100:
        return ""
    name = value.partition(".")[0]
    # Compared as bytes: ``compare_digest`` raises on non-ASCII text.
    expected = _signed(purpose, name.encode("ascii", "replace").decode())
    same = hmac.compare_digest(value.encode("utf-8", "surrogatepass"), expected.encode())
    return name if same and name else ""
