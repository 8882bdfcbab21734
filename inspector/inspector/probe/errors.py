"""Describes an error of the project for a section."""

import os
import traceback

from .config import CONFIG
from .guard import GUARD
from .places import inside, is_ours, origin, relative
from .redact import scrub
from .wanted import settings_fields


def describe(error):
    """An error in the format of the snapshot, redacted."""
    frames = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in frames if not is_ours(frame.filename)]
    own = [frame for frame in frames if origin(frame.filename) == "project"]
    last = own[-1] if own else None
    file, line = (last.filename, last.lineno) if last else (None, None)
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno
    result = {
        "type": type(error).__name__,
        "message": scrub(str(error)) or type(error).__name__,
        "trace": [
            "%s:%s in %s" % (relative(frame.filename), frame.lineno, frame.name)
            for frame in frames[-15:]
        ],
        "file": relative(file),
        "line": line,
    }
    if isinstance(error, ImportError) and getattr(error, "name", None):
        result["module"] = error.name
    if isinstance(error, SyntaxError):
        result["text"] = (error.text or "").strip()[:200]
    wanted = settings_fields(error)
    if wanted:
        result["wanted"] = wanted
    folder = missing_folder(error)
    if folder:
        result["missing_folder"] = relative(folder)
    unset = [fact["name"] for fact in GUARD.env.values() if not fact["set"]][-300:]
    result["unset"] = [name for name in unset if name != "DJANGO_SETTINGS_MODULE"]
    refused = [one for one in GUARD.events.values() if one["denied"]]
    result["refused"] = [{"kind": one["kind"], "what": one["what"]} for one in refused[-8:]]
    cause = error.__cause__ or error.__context__
    if cause is not None and not getattr(error, "__suppress_context__", False):
        result["cause"] = "%s: %s" % (type(cause).__name__, scrub(str(cause))[:300])
        root = root_cause(cause)
        if root is not cause:
            result["cause"] += " / %s: %s" % (type(root).__name__, scrub(str(root))[:300])
        if isinstance(cause, ImportError) and getattr(cause, "name", None):
            result.setdefault("module", cause.name)
    return result


LISTING = ("listdir", "scandir", "chdir", "iterdir", "mkdir", "makedirs")


def missing_folder(error):
    """The project folder whose absence caused the error, or None."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if GUARD.lost and (isinstance(error, FileNotFoundError) or "open database" in str(error)):
            return GUARD.lost
        path = getattr(error, "filename", None)
        if isinstance(error, FileNotFoundError) and isinstance(path, str):
            frames = traceback.extract_tb(error.__traceback__)
            whole = os.path.abspath(path)
            if frames and any(word in (frames[-1].line or "") for word in LISTING):
                made = "mkdir" in frames[-1].line
                whole = os.path.dirname(whole) if made else whole
                if inside(whole, CONFIG["root"]) and not os.path.isdir(whole):
                    return whole
        error = error.__cause__ or error.__context__
    return None


def root_cause(error):
    for _ in range(20):
        deeper = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if deeper is None or deeper is error:
            break
        error = deeper
    return error


def error_row(prefix, error):
    fault = describe(error)
    return {"text": prefix + fault["message"], "file": fault["file"], "line": fault["line"]}
