"""This process: what it may use, and when it ends."""

import os
import signal
import sys
import threading
import time

from .config import CONFIG
from .guard import GUARD
from .places import real


def limit_resources():
    try:
        os.nice(5)  # who works meanwhile comes first
    except (AttributeError, OSError):  # Windows
        pass
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in (("RLIMIT_CORE", 0), ("RLIMIT_AS", CONFIG["memory_limit"])):
        try:
            _, hard = resource.getrlimit(getattr(resource, name))
            if hard != resource.RLIM_INFINITY:
                value = min(value, hard)
            resource.setrlimit(getattr(resource, name), (value, hard))
        except (ValueError, OSError, AttributeError):
            pass


def share_bytecode():
    """A private copy has the byte code of the project itself: each copy lies in another folder."""
    import _frozen_importlib_external as machinery

    original = machinery.cache_from_source

    def in_the_project(path, *args, **kwargs):
        return original(real(path), *args, **kwargs)

    machinery.cache_from_source = in_the_project


def watch_parent():
    """End with our whole process group when the inspector is gone, however it went."""
    if not hasattr(os, "getpgid"):  # Windows: the watchdog of `total_limit` has to do
        return
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        GUARD.local.busy = True  # our own signal, on this thread only
        if os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, name="inspector-watchdog", daemon=True).start()


def peak_memory():
    try:
        import resource
    except ImportError:
        return None
    # The largest process: what a copy shares with this one cannot be told apart.
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(one).ru_maxrss for one in whose)
    return round(peak / (2**20 if sys.platform == "darwin" else 1024), 1)
