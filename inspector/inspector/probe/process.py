"""This process: its resources, and when it must end."""

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
        os.nice(5)  # interactive programs have priority
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
    """Let a private copy use the project's own bytecode cache: each copy has a new path."""
    import _frozen_importlib_external as machinery

    original = machinery.cache_from_source

    def in_the_project(path, *args, **kwargs):
        return original(real(path), *args, **kwargs)

    machinery.cache_from_source = in_the_project


def watch_parent():
    """End our whole process group when the inspector is gone, for whatever reason."""
    if not hasattr(os, "getpgid"):  # Windows relies on the watchdog of `total_limit`
        return
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        GUARD.local.busy = True  # our own signal, in this thread only
        if os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, name="inspector-watchdog", daemon=True).start()


def peak_memory():
    try:
        import resource
    except ImportError:
        return None
    # The largest process: memory shared by the forked copy cannot be told apart.
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(one).ru_maxrss for one in whose)
    return round(peak / (2**20 if sys.platform == "darwin" else 1024), 1)
