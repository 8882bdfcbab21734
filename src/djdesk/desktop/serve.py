"""The server process: Django behind waitress on 127.0.0.1, for one launch."""

from __future__ import annotations

import dataclasses
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from djdesk import __version__
from djdesk.messages import say

from . import deferred_imports, launch, lifeline
from .child import Stages, develop, run_child
from .launch import LaunchFailure

# Each event stream holds a thread (live.STREAMS); the others answer requests.
THREADS = 20
RECEIVED = 256 * 1024  # bytes read from a connection at once
LINGER = 4.0  # seconds that an earlier server's connections may block its port on Windows
DRAIN = 4.0  # seconds for running requests after the shell says stop

logger = logging.getLogger(__name__)


def main() -> int:
    return run_child(_serve, server=True)


def _serve(stages: Stages) -> int:
    config = stages.config
    application = _load_django(stages)
    record = _take_data_folder(stages)

    # Before the data are touched: a port conflict must not look like a failed update.
    stages.enter("bind")
    listener = _bind(config.port)
    port = listener.getsockname()[1]
    launch.replace(dataclasses.replace(config, port=port))

    _prepare_database(stages)
    listener.listen(1024)
    code = _run(application, listener, stages, port)
    record.unlink(missing_ok=True)
    return code


def _load_django(stages: Stages) -> Callable[..., Any]:
    stages.enter("settings")
    deferred_imports.import_django()
    from django.conf import settings
    from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
    from django.core.wsgi import get_wsgi_application

    from . import loading

    application: Callable[..., Any] = loading.set_up(get_wsgi_application)
    # Conflicting URLs are reported before anything is changed.
    loading.read_addresses()
    develop(server=True)
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not manifest.exists():
        raise LaunchFailure(
            "internal",
            say("The static files have not been made."),
            say(
                "In a checkout, run npm start, which makes them. An installed app "
                "without them is incomplete: install it again."
            ),
            f"{manifest} is missing",
        )
    return application


def _take_data_folder(stages: Stages) -> Path:
    """Take the server's lock and end what an earlier launch left behind. Returns the server's
    record.
    """
    from django.conf import settings

    from . import records, uploads
    from .lock import SERVER_LOCK, FileLock

    data_dir = settings.DATA_DIR
    stages.enter("lock")
    lock = FileLock(data_dir / SERVER_LOCK)
    # A server whose shell was killed notices within moments; give it time to exit.
    if not lock.acquire(timeout=3.0):
        # A hung server does not notice: end it if it is provably ours and has no shell.
        for ended in records.sweep(data_dir):
            logger.warning("ended a %s (pid %s) of an earlier launch", ended.kind, ended.pid)
        if not lock.acquire(timeout=2.0):
            raise LaunchFailure(
                "already_running",
                say(
                    "The app is already running with the data folder {data_dir}.", data_dir=data_dir
                ),
                say(
                    "Switch to its window, or close it and start again. A second copy "
                    "needs a folder of its own: --data-dir."
                ),
            )
    stages.keep(lock)
    uploads.prepare()
    records.sweep(data_dir)
    return records.write(data_dir, "server", stages.config.launch_id)


def _prepare_database(stages: Stages) -> None:
    from django.conf import settings

    from . import data_startup

    data_dir = settings.DATA_DIR
    stages.enter("database")
    data_startup.open_database(data_dir, lambda words: stages.events.stage("database", words))

    def step(done: int, total: int, name: str) -> None:
        # The name goes to the log; users see the progress.
        logger.info("applying migration %s", name)
        stages.events.stage("migrate", done=done, total=total)

    stages.enter("migrate")
    data_startup.update(
        data_dir,
        step,
        lambda words: stages.events.stage("migrate", words),
    )
    _make_first_user()


def _make_first_user() -> None:
    """Before the first page: two concurrent requests must not both find an empty user table."""
    from django.conf import settings

    if getattr(settings, "DESKTOP_FIRST_USER", "") == "os-user":
        from . import accounts

        try:
            accounts.make_first_user()
        except accounts.CannotMake as reason:
            logger.warning("no first user could be made: %s", reason)


def _bind(port: int) -> socket.socket:
    """A socket bound exclusively to the literal loopback address."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":
        # On Windows SO_REUSEADDR would let another program take over the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # Lets a restart bind while old connections linger; never over a live listener.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        _bind_with_retries(listener, port)
    except (OSError, OverflowError) as error:
        listener.close()
        raise LaunchFailure(
            "port_in_use",
            say("Port {port} of this computer cannot be used.", port=port),
            say("Close the program that uses it, or start again: another port will be tried."),
            str(error),
        ) from error
    return listener


def _bind_with_retries(listener: socket.socket, port: int) -> None:
    """Windows frees an exclusive port only when the last connection of the old listener is closed,
    and a page that reconnects after a restart holds one for a moment. It is worth waiting: another
    port is another origin, and pages would lose their per-origin storage."""
    deadline = time.monotonic() + (LINGER if port and sys.platform == "win32" else 0.0)
    while True:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _announce(stages: Stages, port: int) -> None:
    stages.events.send(
        "listening", port=port, pid=os.getpid(), version=__version__, build=stages.build
    )
    logger.info("listening on 127.0.0.1:%s", port)


def _run(
    application: Callable[..., Any], listener: socket.socket, stages: Stages, port: int
) -> int:
    from django.conf import settings
    from waitress.server import create_server

    from . import acceptor, commits, heartbeat, live, uploads
    from .orphans import OrphanWatcher

    pool = heartbeat.pool(THREADS)
    server = create_server(
        application,
        _dispatcher=pool,
        sockets=[listener],
        threads=THREADS,
        # Applies to bodies without a length, which browsers do not send; connections.py handles the
        # others. More than one read: a body that is dropped still gets a readable answer.
        max_request_body_size=max(uploads.limit(), RECEIVED) + 1,
        recv_bytes=RECEIVED,
        ident="",
        # Lets a stream notice that its page was closed (waitress.client_disconnected).
        channel_request_lookahead=1,
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
    )
    accepting = acceptor.Acceptor(server)
    accepting.start()
    stopping = threading.Event()

    def stop() -> None:
        stopping.set()
        server.pull_trigger()

    lifeline.watch(stop)
    orphan_watcher = OrphanWatcher(settings.DATA_DIR)
    orphan_watcher.start()
    _announce(stages, port)
    signs = heartbeat.Heartbeat(stages.events, pool)
    signs.start()
    while not stopping.is_set():
        signs.turned()
        server.asyncore.loop(
            timeout=server.adj.asyncore_loop_timeout,
            map=server._map,
            use_poll=server.adj.asyncore_use_poll,
            count=1,
        )
    logger.info("stopping")
    accepting.close()
    signs.stop()
    lifeline.exit_within(DRAIN)
    live.watcher.close()
    orphan_watcher.stop()
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=DRAIN / 2)
    commits.close()
    _close_database()
    logger.info("stopped")
    return 0


def _close_database() -> None:
    """Checkpoint the WAL, so that a copy of the file alone is complete."""
    import sqlite3

    from django.db import connection

    connection.close()
    try:
        with sqlite3.connect(connection.settings_dict["NAME"], timeout=1.0) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
    except sqlite3.Error as error:
        logger.warning("checkpoint at the end failed: %s", error)
