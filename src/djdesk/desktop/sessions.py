"""Codes and sessions of the browser shell: one session for each one-time code.

Both are signed names: ``<name>.<signature>``, made from the secret of the launch. So a server that
is started again still knows its browsers, and recognises a code that was spent before it started.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import secrets
import threading

from . import launch, ownfiles

KEPT = 16  # unspent codes; the oldest is dropped

_unspent: list[str] = []
_ended: set[str] | None = None
_lock = threading.Lock()


def new_code() -> str:
    """A code that ``spend`` accepts once."""
    name = secrets.token_urlsafe(12)
    with _lock:
        _unspent.append(name)
        del _unspent[:-KEPT]
    return _signed("code", name)


def spend(code: str) -> str:
    """The value of the session cookie that ``code`` gives, or "" where it gives none.

    A genuine code that is not waiting to be spent was presented twice: somebody else has seen it.
    Whoever came first may not have been the user, so the session that it gave ends.
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
    """The name of the session that ``cookie`` stands for, or "" where we did not make it."""
    return _name("session", cookie)


def has_ended(name: str) -> bool:
    with _lock:
        return name in _ended_names()


def end(name: str) -> None:
    """No request of the session called ``name`` is answered any more in this launch."""
    config = launch.current()
    if config is None:
        return
    with _lock:
        if name in _ended_names():
            return
        _ended_names().add(name)
        # Kept for a server that is started again; if it cannot be written, this one knows it.
        with contextlib.suppress(OSError):
            path = config.data_dir / "run" / "ended-sessions.txt"
            path.parent.mkdir(mode=0o700, exist_ok=True)
            lines = [config.launch_id, *sorted(_ended_names())]
            path.write_text("\n".join(lines), encoding="ascii")


def forget() -> None:
    """As after the start of the process: what only memory holds is gone."""
    global _ended
    with _lock:
        _unspent.clear()
        _ended = None


def _ended_names() -> set[str]:
    """Call with the lock held. Names of an earlier launch mean nothing: its secret is gone."""
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
    # Compared as bytes: ``compare_digest`` raises on text that is not ASCII.
    expected = _signed(purpose, name.encode("ascii", "replace").decode())
    same = hmac.compare_digest(value.encode("utf-8", "surrogatepass"), expected.encode())
    return name if same and name else ""
