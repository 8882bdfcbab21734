"""The main program: from the request on stdin to the end of this process."""

import faulthandler
import gc
import json
import os
import platform
import sys
import traceback

from .ahead import Ahead, count_models
from .config import CONFIG
from .guard import GUARD
from .loading import runtime
from .places import inside, module_file, relative
from .preload import preload
from .process import limit_resources, peak_memory, share_bytecode, watch_parent
from .protocol import EXIT, NOW, STARTED, WRITE, send, speak_on
from .redact import GIVEN
from .redirect import redirect_writes
from .remembered import keep, remember
from .section import section
from .sections import SECTIONS
from .sections.apps import section_apps
from .sections.databases import section_databases
from .sections.models import section_models
from .sections.side_effects import section_side_effects, watch_warnings
from .sections.sql import section_sql


def run(descriptor, preloads):
    """Answer on ``descriptor``, then end the process."""
    code = 0
    try:
        speak_on(descriptor)
        main(preloads)
    except BaseException:
        code = 1
        WRITE(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        # Threads and exit handlers of the project must not keep this process alive.
        try:
            sys.stderr.flush()
        finally:
            EXIT(code)


def files_read():
    """Project files that were imported or opened, with paths as in the snapshot."""
    found = {module_file(name) for name in list(sys.modules)} | GUARD.read
    own = {relative(file) for file in found if file and inside(file, CONFIG["root"])}
    return sorted(file for file in own if not file.endswith(".pyc"))


def main(preloads):
    # A short process that creates many objects and frees few: collect rarely. Garbage in cycles
    # lives a little longer, within the memory limit.
    gc.set_threshold(500000, 50, 50)
    watch_warnings()
    if preloads:
        preload(os.getcwd())
    raw = b""
    while not raw.endswith(b"\n"):
        chunk = os.read(0, 65536)
        if not chunk:
            break
        raw += chunk
    CONFIG.update(json.loads(raw.decode("utf-8")))
    values = [os.environ.get(name) or "" for name in CONFIG["masked"]]
    GIVEN.extend(sorted((one for one in values if len(one) > 3), key=len, reverse=True))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    faulthandler.enable()
    # Reports where it hung if not even the timer can interrupt it; the host's
    # own limit comes later.
    faulthandler.dump_traceback_later(max(1.0, CONFIG["total_limit"]), exit=True)
    limit_resources()
    watch_parent()
    remember()
    ahead = Ahead()
    sys.path[:0] = [CONFIG["base"], *CONFIG["paths"]]
    send({"hello": {"python": platform.python_version(), "pid": os.getpid()}})
    GUARD.start()
    if CONFIG.get("redirect"):
        redirect_writes()
    if CONFIG["real_root"] and CONFIG["bytecode"]:
        share_bytecode()
    # The project's code runs from here on.
    if section("runtime", runtime, CONFIG["setup_limit"]):
        gc.freeze()  # imported modules stay until the end
        known = count_models()
        for name, make in [("sql", section_sql)] if CONFIG["sql"] else SECTIONS:
            if CONFIG["only"] is not None and name not in CONFIG["only"]:
                continue
            if ahead.send(name):
                continue
            section(name, make)
            if name == "migrations":
                ahead.start()
            if name == "urls" and count_models() != known:
                # Importing the views may have added models that no models module imports.
                for again in (("apps", section_apps), ("models", section_models)):
                    section(*again)
                section("databases", section_databases)
    if CONFIG["only"] is None:
        section("side_effects", section_side_effects)
    keep()
    if CONFIG["tell_files"]:
        send({"files": files_read()})
    send(
        {
            "end": {
                "status": "complete",
                "seconds": round(NOW() - STARTED, 3),
                "peak_rss_mb": peak_memory(),
            }
        }
    )
