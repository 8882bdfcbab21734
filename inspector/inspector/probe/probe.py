# ruff: noqa: B905, C420, PTH100, PTH109, PTH110, PTH112, PTH113, PTH116, PTH118, PTH119, PTH120, PTH123, PTH202, PTH208, RUF005, RUF021, RUF100, S110, S112, SIM102, SIM105, SIM115 - paths are text in audit hooks; Python 3.8
# Audit hooks see every path as text, and Python 3.8 has no newer spelling for the rest.
# mypy: ignore-errors
"""The probe: runs in the project's interpreter and says what Django knows about the project.

One self-contained file for Python 3.8 to 3.14 and Django 3.2 to 6.1. It is started by the
inspector with one JSON line on stdin (see `CONFIG`) and answers with JSON lines: hello, one line
per section, end. A run without the end line crashed; what came before is still true.

The project's code is not trusted to be careful: stdout is moved away before anything is
imported, and an audit hook refuses writes outside the scratch folder, connections and processes.
That guard is a seat belt, not a jail: C extensions can go around it.
"""

import os
import sys

# Before anything else: our lines travel on a private descriptor, and fd 1 becomes stderr, so that
# nothing that prints can break the protocol.
_OUT = os.dup(1)
os.dup2(2, 1)

import ast  # noqa: E402
import errno  # noqa: E402
import faulthandler  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import platform  # noqa: E402
import re  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
import traceback  # noqa: E402
import warnings  # noqa: E402
import weakref  # noqa: E402

CONFIG = {
    "root": "",  # the project's folder
    "base": "",  # the folder that goes on sys.path
    "manage_py": None,  # absolute path or null
    "settings": None,  # dotted name or null
    "settings_source": "",  # where that name comes from
    "settings_forced": False,  # the user chose it: manage.py must not override it
    "scratch": "",  # the only folder that may be written
    "bytecode": None,  # bytecode cache, may be written too
    "section_limit": 60.0,
    "setup_limit": 90.0,
    "total_limit": 300.0,
    "memory_limit": 4 * 2**30,
    "real_root": None,  # "root" is a private copy of this folder
    "masked": [],  # variables whose values the user gave and nobody may read
    "only": None,  # names of the sections to make besides runtime; null: all
    "ask": [],  # aliases of server databases that the user wants asked
    "scratch_database": False,  # queries of SQLite go to a private copy of the file
    "paths": [],  # folders of packages that the project carries in itself
    "places": {},  # {path: [size, mtime in ns, {name: line}]} of files that were parsed already
    "sql": None,  # {"app", "name", "engine", "alias"}: only the SQL of that migration is wanted
    "ahead": None,  # from so many models on, sections are made ahead (see `Ahead`); null: never
}
GIVEN = []
CUT = 2000
STARTED = time.time()


# Kept before the project can replace them: tools that fake the clock or green threads do.
_DUMPS, _WRITE, _GETPID, _EXIT = json.dumps, os.write, os.getpid, os._exit
_NOW, _CLOCK = time.time, time.perf_counter
_SPEAKER = _GETPID()  # the process whose lines are ours


def send(line):
    write(_DUMPS(line, ensure_ascii=True, default=type_name).encode("ascii") + b"\n")


def write(data):
    if _GETPID() != _SPEAKER:
        _EXIT(0)  # a copy that the project made of us, and that came back to our code
    view = memoryview(data)
    while view:
        view = view[_WRITE(_OUT, view) :]


# --------------------------------------------------------------------------------- redaction

MASK = "\u2022" * 6
NAME = re.compile(
    r"(secret|passw(or)?d|passwd|passphrase|token|api_?key|access_?key|auth_?key|private|signing_?key"
    r"|encryption_?key|credential|_dsn$|^dsn$|_salt$|(^|_)pwd($|_)|(^|_)pass($|_)|cookie_?key)",
    re.IGNORECASE,
)
HARMLESS = re.compile(
    r"(HASHERS|VALIDATORS|TIMEOUT|_AGE$|COOKIE_NAME|HEADER_NAME|_URL_NAME|TOKEN_(LIFETIME|EXPIR)"
    r"|SECRET_KEY_FALLBACKS_COUNT|PASSWORD_RESET_TIMEOUT|(MIN|MAX)(IMUM)?_LENGTH$)",
)
SHAPES = [
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*-----|\Z)", re.DOTALL),
    re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    re.compile(r"\b(gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,}"),
    re.compile(r"\b(sk|pk|rk)_(live|test)_[A-Za-z0-9]{10,}"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"),
    re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bglpat-[A-Za-z0-9_-]{15,}"),
    re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}"),
    re.compile(r"django-insecure-[^\s'\"]{10,}"),
]
ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*://)([^\s/:@'\"]*):([^\s/@'\"]+)@", re.IGNORECASE)
# Every shape holds one of these; most texts hold none, and one look is cheaper than eleven.
HINT = re.compile(
    r"PRIVATE KEY|A[KS]IA|gh[pousr]_|github_pat_|[spr]k_|sk-|xox|glpat-|SG\.|eyJ|django-insecure-|://"
)


def secret_name(name):
    return bool(NAME.search(name)) and not HARMLESS.search(name)


def scrub(text):
    text = text[: CUT * 4]
    for value in GIVEN:
        text = text.replace(value, MASK)
    if HINT.search(text):
        for shape in SHAPES:
            text = shape.sub(MASK, text)
        text = ADDRESS.sub(lambda m: m.group(1) + (m.group(2) and MASK) + ":" + MASK + "@", text)
    return text if len(text) <= CUT else text[:CUT] + "\u2026"


def type_name(value):
    kind = type(value)
    return "<%s.%s>" % (kind.__module__, kind.__qualname__)


def text_of(value):
    """A name or message as text; lazy translations are resolved, nothing else is called."""
    try:
        return scrub(str(value))
    except Exception:  # noqa: BLE001
        return type_name(value)


def nothing(value):
    """Whether a value says nothing that could be secret: it is empty, or a yes or no."""
    return isinstance(value, bool) or value in (None, "", [], {}, ())


def literal(value, name="", depth=0, seen=None):
    """A Python literal of plain values, redacted; objects appear as their type only."""
    if name and secret_name(name) and not nothing(value):
        return repr(MASK)
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, str):
        return repr(scrub(value))
    if isinstance(value, bytes):
        return repr(MASK) if len(value) > 64 else repr(value)
    if depth > 5:
        return "…"
    if isinstance(value, dict):
        rows = []
        for key in list(value)[:100]:
            label = key if isinstance(key, str) else ""
            inner = value[key]
            if name == "DATABASES" and label == "USER" and inner:
                rows.append("%r: %r" % (key, MASK))
                continue
            child = "DATABASES" if name == "DATABASES" and not label.isupper() else label
            rows.append("%s: %s" % (literal(key), literal(inner, child, depth + 1)))
        return "{%s}" % ", ".join(rows)
    if isinstance(value, (list, tuple, set, frozenset)):
        rows = [literal(item, "", depth + 1) for item in list(value)[:200]]
        if isinstance(value, (set, frozenset)):
            rows.sort()  # their order is another one in every process
        pair = "[]" if isinstance(value, list) else "()" if isinstance(value, tuple) else "{}"
        comma = "," if isinstance(value, tuple) and len(rows) == 1 else ""
        return pair[0] + ", ".join(rows) + comma + pair[1]
    if isinstance(value, os.PathLike):
        return repr(os.fspath(value))
    if isinstance(value, re.Pattern):
        return "re.compile(%r)" % value.pattern
    if isinstance(value, type) or callable(value) and hasattr(value, "__qualname__"):
        return "%s.%s" % (getattr(value, "__module__", ""), value.__qualname__)
    if type(value).__module__.startswith(("django.utils.functional", "datetime", "decimal")):
        return repr(text_of(value))
    return type_name(value)


# ----------------------------------------------------------------------------------- places

_PARSED = {}
_RELATIVE = {}
_ORIGIN = {}


def inside(path, folder):
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def relative(path):
    if not path:
        return None
    if path not in _RELATIVE:
        _RELATIVE[path] = _relative(path)
    return _RELATIVE[path]


def _relative(path):
    if inside(path, CONFIG["root"]):
        return os.path.relpath(path, CONFIG["root"]).replace(os.sep, "/")
    if CONFIG["real_root"] and inside(path, CONFIG["real_root"]):
        return os.path.relpath(path, CONFIG["real_root"]).replace(os.sep, "/")
    return path


def real(path):
    """The place in the project of a path in the private copy."""
    if CONFIG["real_root"] and inside(path, CONFIG["root"]):
        return CONFIG["real_root"] + path[len(CONFIG["root"]) :]
    return path


def origin(path):
    """Whose code a file is."""
    if not path:
        return "outside"
    if not DJANGO:  # not known yet, so that the answer may still change
        return _origin(path)
    if path not in _ORIGIN:
        _ORIGIN[path] = _origin(path)
    return _ORIGIN[path]


def _origin(path):
    packages = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
    tail = path[len(CONFIG["root"]) :] if inside(path, CONFIG["root"]) else None
    carried = any(inside(path, folder) for folder in CONFIG["paths"])
    if tail is not None and not carried and not any(part in tail for part in packages):
        return "project"
    if DJANGO and inside(path, DJANGO):
        return "django"
    if carried or any(part in path for part in packages):
        return "third-party"
    if inside(path, os.path.dirname(os.__file__)):
        return "stdlib"
    return "outside"


DJANGO = ""


def module_file(name):
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    if not file:
        return None
    return file[:-1] if file.endswith(".pyc") else file


def definitions(file):
    """{qualified name: line} of a file, class attributes included; parsed once at most."""
    if file in _PARSED:
        return _PARSED[file]
    lines = _PARSED[file] = {}
    try:
        if real(file) in CONFIG["places"]:
            size, changed, known = CONFIG["places"][real(file)]
            now = os.stat(file)
            if (now.st_size, now.st_mtime_ns) == (size, changed):
                _PARSED[file] = known
                return known
        with open(file, "rb") as handle:
            tree = ast.parse(handle.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return lines

    def walk(body, prefix):
        for node in body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                lines.setdefault(prefix + node.name, node.lineno)
                if isinstance(node, ast.ClassDef):
                    walk(node.body, prefix + node.name + ".")
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        lines[prefix + target.id] = node.lineno
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                lines[prefix + node.target.id] = node.lineno
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(node, name, None)
                if isinstance(inner, list) and isinstance(
                    node, (ast.If, ast.Try, ast.With, ast.For, ast.While)
                ):
                    walk(inner, prefix)
            for handler in getattr(node, "handlers", None) or []:
                walk(handler.body, prefix)

    try:
        walk(tree.body, "")
    except RecursionError:
        pass
    return lines


def place(thing):
    """(file, line) of a class or function; Nones where it is not known."""
    file = module_file(getattr(thing, "__module__", "") or "")
    code = getattr(thing, "__code__", None)
    if file is None and code is not None:
        file = code.co_filename
    if file is None:
        return None, None
    line = definitions(file).get(getattr(thing, "__qualname__", ""))
    if line is None and code is not None:
        line = code.co_firstlineno
    return file, line


# ------------------------------------------------------------------------------------ guard

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Programs that only look, with the very arguments that ctypes.util.find_library and platform give
# them: denying them makes libraries such as GDAL "missing". {out} is a file that may be written.
LIBRARY = r"-l[\w.+:-]+"
HELPERS = {
    "ldconfig": [r"-[pr]"],
    "gcc": [r"-Wl,-t", r"-o", "{out}", LIBRARY],
    "cc": [r"-Wl,-t", r"-o", "{out}", LIBRARY],
    "clang": [r"-Wl,-t", r"-o", "{out}", LIBRARY],
    "ld": [r"-t", r"(-L)*", r"-o", "{out}", LIBRARY],
    "objdump": [r"-p", r"-j", r"\.dynamic", r"[^-].*"],
    "uname": [r"-[a-z]+"],
    "lsb_release": [r"-[a-z]+"],
}
# Where they are taken from: a folder that the project could write is none of these.
SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/opt/homebrew/bin/")
# Subcommands of git that only look, and how many arguments without a dash keep them at that.
GIT = {
    "rev-parse": 9,
    "describe": 9,
    "log": 9,
    "status": 9,
    "version": 9,
    "show": 9,
    "--version": 9,
    "branch": 0,
    "symbolic-ref": 1,
}
CHANGES = {
    "os.mkdir": 0,
    "os.remove": 0,
    "os.rmdir": 0,
    "os.rename": 0,
    "os.link": 1,
    "os.symlink": 1,
    "os.truncate": 0,
    "os.chmod": 0,
    "os.chown": 0,
    "os.utime": 0,
    "os.setxattr": 0,
    "os.removexattr": 0,
    "os.mkfifo": 0,
    "os.mknod": 0,
}


class Guard:
    """Refuses what inspecting must not do, with errors that projects already handle.

    It catches accidents. Code that wants to can go around it, also in plain Python: whatever this
    process can reach to let its own work through, the project's code can reach too.
    """

    __slots__ = ("allowed", "env", "events", "local", "lost", "server")

    def __init__(self):
        self.events = {}
        self.env = {}
        self.local = threading.local()
        self.allowed = []
        self.lost = None  # the last folder of the project that a file was to be written in
        self.server = None  # (host, port, its addresses) while the user's question is asked

    def start(self):
        self.allowed = [
            os.path.realpath(path) for path in (CONFIG["scratch"], CONFIG["bytecode"]) if path
        ]
        sys.addaudithook(self.hook)
        self._watch_environment()

    def ours(self):
        return _Ours(self)

    def frames(self):
        found = []
        frame = sys._getframe(2)
        while frame is not None and len(found) < 6:
            file = frame.f_code.co_filename
            if file != __file__ and origin(file) == "project":
                found.append((file, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        return found

    def culprit(self):
        """Whose code is nearest, when no frame of the project is among the callers."""
        frame = sys._getframe(2)
        while frame is not None:
            file = frame.f_code.co_filename
            if file != __file__ and origin(file) in ("third-party", "django"):
                return origin(file)
            frame = frame.f_back
        return "outside"

    def note(self, kind, what, denied):
        frames = self.frames()
        first = frames[0] if frames else (None, None, None)
        key = (kind, what, first[0], first[1])
        if key in self.events:
            self.events[key]["count"] += 1
            return
        if len(self.events) > 500:
            return
        self.events[key] = {
            "kind": kind,
            "what": scrub(str(what)),
            "denied": denied,
            "count": 1,
            "file": relative(first[0]),
            "line": first[1],
            "frames": ["%s:%s in %s" % (relative(f), n, name) for f, n, name in frames],
            "during": STATE["phase"],
            "origin": "project" if frames else self.culprit(),
        }

    def hook(self, event, args):
        # The many events that are nobody's business first: this runs at every import.
        handler = HANDLERS.get(event)
        if handler is None and event not in CHANGES:
            return
        if getattr(self.local, "busy", False):
            return
        self.local.busy = True
        try:
            if handler is not None:
                handler(self, args)
            else:
                self.change(event, args)
        finally:
            self.local.busy = False

    def may_write(self, path):
        if not isinstance(path, (str, bytes, os.PathLike)):
            return True  # a descriptor that is open already
        path = os.fsdecode(path)
        if path in (os.devnull, "/dev/stdout", "/dev/stderr", "nul", "NUL"):
            return True
        full = os.path.realpath(os.path.join(os.getcwd(), path))
        return any(inside(full, folder) for folder in self.allowed)

    def opened(self, args):
        path, mode, flags = (list(args) + [None, None])[:3]
        writing = bool(flags & WRITING) if isinstance(flags, int) else False
        if isinstance(mode, str):
            writing = writing or any(letter in mode for letter in "wax+")
        if writing and not self.may_write(path):
            self.refuse_write(path)
        if writing:
            self.look_around(path)
        if writing and CONFIG["real_root"] and isinstance(path, (str, bytes, os.PathLike)):
            full = os.path.realpath(os.fsdecode(path))
            if inside(full, CONFIG["root"]):
                self.note("write", relative(full), False)

    def look_around(self, path):
        """Remember a folder of the project that is missing where a file is to be written."""
        if isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path):
            folder = os.path.dirname(os.path.abspath(os.fsdecode(path)))
            if inside(folder, CONFIG["root"]) and not os.path.isdir(folder):
                self.lost = folder

    def refuse_write(self, path):
        shown = os.fsdecode(path)
        self.note("write", relative(os.path.abspath(shown)), True)
        raise OSError(errno.EROFS, "Read-only: the inspector writes nothing here", shown)

    def change(self, event, args):
        index = CHANGES[event]
        path = args[index] if index < len(args) else None
        paths = [path, args[1]] if event == "os.rename" and len(args) > 1 else [path]
        for one in paths:
            if one is None or self.may_write(one):
                continue
            if event == "os.mkdir" and os.path.isdir(one):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fsdecode(one))
            self.refuse_write(one)

    def sqlite(self, args):
        name = (
            os.fsdecode(args[0]) if args and isinstance(args[0], (str, bytes, os.PathLike)) else ""
        )
        if name in (":memory:", "") or "mode=memory" in name or self.may_write(name):
            self.look_around(name)
            return
        self.note("sqlite-open", relative(os.path.abspath(name)), True)
        import sqlite3

        raise sqlite3.OperationalError("unable to open database file (inspection)")

    def connect(self, args):
        address = args[1] if len(args) > 1 else None
        if self.server and self.is_server(address):
            return
        self.note("connect", address_text(address), True)
        raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))

    def sent(self, args):
        if len(args) > 1 and args[1] is not None:  # without an address it goes where it may
            self.connect(args)

    def is_server(self, address):
        """Whether this is exactly the database server that the user wants asked."""
        host, port, addresses = self.server
        if isinstance(address, (str, bytes)):
            return bool(host) and host[0] == "/" and inside(os.fsdecode(address), host)
        if not isinstance(address, tuple) or len(address) < 2:
            return False
        return address[0] in addresses and address[1] == port

    def resolve(self, args):
        host = args[0] if args else None
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if self.server and host == self.server[0]:
            return
        if (
            not host
            or host in ("localhost", "localhost.localdomain")
            or re.match(r"^[\d.:a-f]+$", host)
        ):
            return
        if host == socket.gethostname():
            return
        self.note("resolve", host, True)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def spawn(self, args):
        words = args[1] if len(args) > 1 and args[1] else [args[0] if args else ""]
        if isinstance(words, (str, bytes)):
            words = os.fsdecode(words).split()
        try:
            words = [os.fsdecode(word) for word in words]
        except TypeError:
            words = [str(word) for word in words]
        program = os.path.basename(words[0]) if words else ""
        if self.only_looks(args[0] if args else None, words, args[-1] if args else None):
            return
        self.note("spawn", " ".join(words)[:200], True)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)

    def only_looks(self, executable, words, env):
        """Whether it is a program of the system that writes nothing when it is called so."""
        import shutil

        started = executable if isinstance(executable, (str, bytes)) else words[0] if words else ""
        path = os.fsdecode(started)
        if os.sep not in path:
            places = env.get("PATH") if isinstance(env, dict) else None
            path = shutil.which(path, path=places) or ""
        path = os.path.normpath(path)
        if not words or not path.startswith(SYSTEM):
            return False
        program = os.path.basename(path)
        if program != os.path.basename(words[0]):
            return False  # called by a name that is not its own
        if program == "git":
            return self.git_looks(words[1:])
        if program == "sh" and words[1:2] == ["-c"] and len(words) == 3:
            # A read-only git through the shell, with nothing in it that a shell would interpret.
            plain = re.match(r"git( [\w./=:%-]+)+$", words[2].strip())
            places = env.get("PATH") if isinstance(env, dict) else None
            known = (shutil.which("git", path=places) or "").startswith(SYSTEM)
            return bool(plain) and known and self.git_looks(words[2].split()[1:])
        wanted = HELPERS.get(program)
        if wanted is None:
            return False
        given = words[1:]
        if program == "ld":
            while given[1:2] == ["-L"] and len(given) > 2:
                del given[1:3]
            wanted = [one for one in wanted if one != r"(-L)*"]
        return len(given) == len(wanted) and all(
            self.may_write(word) if one == "{out}" else re.match("(?:%s)$" % one, word)
            for one, word in zip(wanted, given)
        )

    @staticmethod
    def git_looks(words):
        while words[:1] == ["--no-pager"] or (words[:1] == ["-C"] and len(words) > 1):
            words = words[1:] if words[0] == "--no-pager" else words[2:]
        if not words or words[0] not in GIT:
            return False
        rest = words[1:]
        if any(re.match(r"-o|--(ou|ext-|textconv|edit)", word) for word in rest):
            return False
        return sum(not word.startswith("-") for word in rest) <= GIT[words[0]]

    def system(self, args):
        self.note("spawn", os.fsdecode(args[0])[:200] if args else "", True)
        raise FileNotFoundError(errno.ENOENT, "commands are not run during an inspection")

    def forked(self, args):
        # The copy keeps this guard and is ended with this process.
        self.note("spawn", "fork", False)

    def kill(self, args):
        target, number = args[0], args[1]
        if number != 0 and target != os.getpid():
            self.note("spawn", "signal %s to %s" % (number, target), True)
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    def _watch_environment(self):
        guard = self
        kind = type(os.environ)
        original = kind.__getitem__

        def getitem(self, key):
            try:
                value = original(self, key)
            except KeyError:
                guard._asked(key, False)
                raise
            guard._asked(key, True)
            return value

        kind.__getitem__ = getitem

    def _asked(self, key, present):
        if not isinstance(key, str) or len(self.env) > 2000:
            return
        frame = sys._getframe(2)
        for _ in range(12):
            if frame is None:
                return
            if origin(frame.f_code.co_filename) == "project":
                if key in self.env:
                    self.env[key]["count"] += 1
                else:
                    self.env[key] = {
                        "name": key,
                        "set": present,
                        "file": relative(frame.f_code.co_filename),
                        "line": frame.f_lineno,
                        "count": 1,
                        "origin": "project",
                    }
                return
            frame = frame.f_back


def address_text(address):
    """Host and port as one writes them; the path of a local socket."""
    if isinstance(address, tuple) and len(address) >= 2:
        host = "[%s]" % address[0] if ":" in str(address[0]) else address[0]
        return "%s:%s" % (host, address[1])
    return os.fsdecode(address) if isinstance(address, bytes) else str(address)


class _Ours:
    """While this is open, the guard lets the probe's own work through (this thread only)."""

    def __init__(self, guard):
        self.guard = guard

    def __enter__(self):
        self.guard.local.busy = True

    def __exit__(self, *exc):
        self.guard.local.busy = False


HANDLERS = {
    "open": Guard.opened,
    "sqlite3.connect": Guard.sqlite,
    "socket.connect": Guard.connect,
    "socket.sendto": Guard.connect,
    "socket.sendmsg": Guard.sent,
    "socket.getaddrinfo": Guard.resolve,
    "socket.gethostbyname": Guard.resolve,
    "subprocess.Popen": Guard.spawn,
    "os.posix_spawn": Guard.spawn,
    "os.spawn": lambda guard, args: Guard.spawn(guard, args[1:]),
    "os.exec": Guard.spawn,
    "os.system": Guard.system,
    "os.startfile": Guard.system,
    "os.fork": Guard.forked,
    "os.forkpty": Guard.forked,
    "os.kill": Guard.kill,
    "os.killpg": Guard.kill,
}
GUARD = Guard()


# ----------------------------------------------------------------------------------- limits


class OutOfTime(BaseException):
    """A BaseException, so that `except Exception` in a loop does not swallow it."""


class Limit:
    """Interrupts what takes too long; fires again every second in case it was swallowed."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.usable = hasattr(signal, "setitimer")

    def __enter__(self):
        if self.usable:
            self.before = signal.signal(signal.SIGALRM, self._fire)
            signal.setitimer(signal.ITIMER_REAL, max(0.05, self.seconds), 1.0)
        return self

    def __exit__(self, *exc):
        if self.usable:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)

    def _fire(self, number, frame):
        raise OutOfTime("took longer than %g seconds" % self.seconds)


def describe(error):
    """An error as the snapshot wants it, redacted."""
    frames = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in frames if frame.filename != __file__]
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
    """The folder of the project whose absence an error is about, or None."""
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


def redirect_writes():
    """Files that the project makes outside its folder are made in ours, and found there again."""
    import builtins
    import io

    make, opened, low = os.mkdir, builtins.open, os.open
    elsewhere = os.path.join(CONFIG["scratch"], "elsewhere")

    def ours(path, writing):
        if not isinstance(path, (str, bytes, os.PathLike)):
            return path
        whole = os.path.abspath(os.fsdecode(path))
        if inside(whole, CONFIG["root"]) or GUARD.may_write(whole):
            return path
        inner = os.path.join(elsewhere, os.path.splitdrive(whole)[1].lstrip("/\\"))
        if writing:
            folder = os.path.dirname(inner)
            missing = []
            while not os.path.isdir(folder):
                missing.append(folder)
                folder = os.path.dirname(folder)
            for one in reversed(missing):
                make(one)
            GUARD.note("write", whole, False)
            return inner
        return inner if os.path.exists(inner) else path

    def open_ours(file, mode="r", *args, **kwargs):
        writing = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        return opened(ours(file, writing), mode, *args, **kwargs)

    def open_low(path, flags, *args, **kwargs):
        if kwargs.get("dir_fd") is not None:
            return low(path, flags, *args, **kwargs)
        return low(ours(path, bool(flags & WRITING)), flags, *args, **kwargs)

    def make_ours(path, *args, **kwargs):
        if kwargs.get("dir_fd") is not None or os.path.isdir(path):
            return make(path, *args, **kwargs)
        inner = ours(path, True)
        if inner is not path and os.path.isdir(inner):
            return None
        return make(inner, *args, **kwargs)

    builtins.open = io.open = open_ours
    os.open, os.mkdir = open_low, make_ours
    import sqlite3

    connect = sqlite3.connect

    def connect_ours(database, *args, **kwargs):
        name = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else ""
        plain = name and name != ":memory:" and not name.startswith("file:")
        return connect(ours(name, True) if plain else database, *args, **kwargs)

    sqlite3.connect = sqlite3.dbapi2.connect = connect_ours


def settings_fields(error):
    """Variables that a class of pydantic-settings wants and did not find, by their whole names."""
    if type(error).__name__ != "ValidationError" or not hasattr(error, "errors"):
        return []
    try:
        title = getattr(error, "title", None) or error.model.__name__
        kinds = [
            getattr(sys.modules.get(name), "BaseSettings", None)
            for name in ("pydantic_settings", "pydantic.env_settings", "pydantic.v1.env_settings")
        ]
        kinds = [one for one in kinds if one is not None]
        found = None
        while kinds and found is None:
            kind = kinds.pop()
            kinds += kind.__subclasses__()
            found = kind if kind.__name__ == title else None
        if found is None:
            return []
        names = []
        for one in error.errors():
            if one["type"] in ("missing", "value_error.missing") and len(one["loc"]) == 1:
                names.append(variable_of(found, str(one["loc"][0])))
        return names
    except Exception:  # noqa: BLE001 - another version of that library
        return []


def variable_of(kind, name):
    config = getattr(kind, "model_config", None)
    if config is None:  # pydantic 1
        field = kind.__fields__.get(name)
        known = field.field_info.extra.get("env_names") if field is not None else None
        if known:
            return sorted(known)[0].upper()
        prefix, exact = kind.__config__.env_prefix, kind.__config__.case_sensitive
    else:
        prefix, exact = config.get("env_prefix") or "", config.get("case_sensitive")
        if name not in kind.model_fields:
            prefix = ""  # an alias stands for itself
    return prefix + name if exact else (prefix + name).upper()


def root_cause(error):
    for _ in range(20):
        deeper = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if deeper is None or deeper is error:
            break
        error = deeper
    return error


def section(name, make, limit=None):
    """Run one section and send its line. Returns whether it worked."""
    started = _CLOCK()
    STATE["phase"] = "load" if name == "runtime" else name
    line = {"section": name, "ok": True}
    try:
        with Limit(limit or CONFIG["section_limit"]):
            line["data"] = make()
    except BaseException as error:  # noqa: BLE001 - SystemExit and OutOfTime too
        if isinstance(error, KeyboardInterrupt):
            raise
        line["ok"] = False
        line["error"] = describe(error)
    line["seconds"] = round(_CLOCK() - started, 3)
    send(line)
    return line["ok"]


# ---------------------------------------------------------------------------------- loading

COPY = "The project writes while it loads: a private copy of it was inspected."
STATE = {"assumed": [], "setup_seconds": 0.0, "settings_source": "", "phase": "load"}


class _Learned(BaseException):
    """manage.py came to the point where it would run a command."""


def run_manage(path):
    """Execute manage.py up to its command: it loads `.env` files and edits sys.path."""
    import runpy

    import django.core.management as management

    def stop(argv=None):
        raise _Learned

    original = management.execute_from_command_line
    management.execute_from_command_line = stop
    argv = sys.argv
    sys.argv = [path, "check"]
    try:
        runpy.run_path(path, run_name="__main__")
    except _Learned:
        pass
    except OutOfTime:
        raise
    except BaseException as error:  # noqa: BLE001
        STATE["assumed"].append(
            "manage.py ended with %s: %s" % (type(error).__name__, scrub(str(error))[:200])
        )
    finally:
        sys.argv = argv
        management.execute_from_command_line = original


def import_single(name):
    """A site in one file: importing it calls `settings.configure()`, and nothing is run."""
    from importlib import import_module

    import django.core.management as management

    original = management.execute_from_command_line
    management.execute_from_command_line = lambda argv=None: None
    try:
        import_module(name)
    finally:
        management.execute_from_command_line = original


def load():
    """Settings, then `django.setup()`. Leaves the facts of `runtime` behind."""
    global DJANGO
    import django

    DJANGO = os.path.dirname(os.path.abspath(django.__file__))
    forced = CONFIG["settings"] if CONFIG["settings_forced"] else None
    if forced:
        os.environ["DJANGO_SETTINGS_MODULE"] = forced
    STATE["settings_source"] = CONFIG["settings_source"]
    if CONFIG.get("single"):
        import_single(CONFIG["settings"])
        forced = None
    elif CONFIG["manage_py"]:
        run_manage(CONFIG["manage_py"])
        if os.environ.get("DJANGO_SETTINGS_MODULE") and not forced:
            STATE["settings_source"] = os.path.basename(CONFIG["manage_py"])
    if forced:
        os.environ["DJANGO_SETTINGS_MODULE"] = forced
    elif not os.environ.get("DJANGO_SETTINGS_MODULE") and CONFIG["settings"]:
        os.environ["DJANGO_SETTINGS_MODULE"] = CONFIG["settings"]
        STATE["settings_source"] = CONFIG["settings_source"]
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    if os.environ.get("DJANGO_CONFIGURATION"):
        import configurations

        configurations.setup()
    settings.INSTALLED_APPS  # noqa: B018 - loads the module
    try:
        settings.SECRET_KEY  # noqa: B018
    except ImproperlyConfigured:
        settings.SECRET_KEY = "inspection-placeholder-" + "0" * 40
        STATE["assumed"].append("SECRET_KEY is empty: a placeholder was used for this inspection.")
    # Handlers would open log files.
    settings.LOGGING_CONFIG = None
    refuse_databases()
    started = _CLOCK()
    django.setup()
    STATE["setup_seconds"] = round(_CLOCK() - started, 3)
    from django.utils import translation

    translation.deactivate_all()


def refuse_databases():
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.utils import OperationalError

    def refuse(self, *args, **kwargs):
        GUARD.note("database", "query on %r" % self.alias, True)
        raise OperationalError("databases are not opened during an inspection")

    originals = BaseDatabaseWrapper.connect, BaseDatabaseWrapper.ensure_connection
    STATE["connect"] = originals

    def connect(self, *args, **kwargs):
        if not CONFIG["scratch_database"] or self.vendor != "sqlite":
            refuse(self)
        GUARD.note("database", "query on %r" % self.alias, False)
        own = private_database(str(self.settings_dict.get("NAME") or ""))
        params = self.get_connection_params
        self.get_connection_params = lambda: dict(params(), database=own)
        try:
            return originals[0](self, *args, **kwargs)
        finally:
            self.get_connection_params = params

    def ensure_connection(self):
        if not CONFIG["scratch_database"] or self.vendor != "sqlite":
            refuse(self)
        return originals[1](self)

    BaseDatabaseWrapper.connect = connect
    BaseDatabaseWrapper.ensure_connection = ensure_connection


def private_database(name):
    """A copy of a SQLite file in the scratch folder, empty where there is none yet."""
    import shutil

    if not name or ":memory:" in name or "mode=memory" in name:
        return ":memory:"
    path = os.path.abspath(name[5:].partition("?")[0] if name.startswith("file:") else name)
    target = os.path.join(CONFIG["scratch"], "tmp", "own-%x.sqlite3" % abs(hash(path)))
    with GUARD.ours():
        for side in ("", "-wal"):
            if os.path.isfile(path + side) and not os.path.exists(target + side):
                shutil.copyfile(path + side, target + side)
    return target


def runtime():
    if CONFIG["real_root"]:
        STATE["assumed"].append(COPY)
    load()
    import django
    from django.conf import settings

    name = os.environ.get("DJANGO_SETTINGS_MODULE")
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "in_venv": sys.prefix != sys.base_prefix,
        "platform": platform.platform(),
        "django": django.get_version(),
        "django_path": DJANGO,
        "settings_module": name,
        "settings_source": STATE["settings_source"],
        "settings_file": relative(module_file(getattr(settings, "SETTINGS_MODULE", name) or "")),
        "base": real(CONFIG["base"]),
        "setup_seconds": STATE["setup_seconds"],
        "modules_loaded": len(sys.modules),
        "assumed": STATE["assumed"],
    }


# --------------------------------------------------------------------------------- sections


def dotted(kind):
    name = "%s.%s" % (kind.__module__, kind.__qualname__)
    if name.startswith("django.db.models."):
        return "django.db.models." + kind.__qualname__
    return name


def section_apps():
    from django.apps import AppConfig, apps

    rows = []
    for config in apps.get_app_configs():
        kind = type(config)
        file, line = place(kind) if kind is not AppConfig else (None, None)
        if file is None:
            init = os.path.join(config.path, "__init__.py")
            file, line = (init, 1) if os.path.exists(init) else (None, None)
        rows.append(
            {
                "label": config.label,
                "name": config.name,
                "verbose_name": text_of(config.verbose_name),
                "path": relative(config.path),
                "origin": origin(os.path.join(config.path, "__init__.py")),
                "config": None if kind is AppConfig else dotted(kind),
                "file": relative(file),
                "line": line,
                "models": sum(1 for _ in config.get_models()),
                "models_module": config.models_module.__name__ if config.models_module else None,
                "default_auto_field": getattr(config, "default_auto_field", None),
                "ready_overridden": kind.ready is not AppConfig.ready,
            }
        )
    return {"apps": rows, "source": "registry", "complete": True, "unresolved": [], "errors": []}


def section_models():
    from django.apps import apps

    rows, errors, abstract = [], [], {}
    for model in apps.get_models(include_auto_created=True, include_swapped=True):
        try:
            rows.append(one_model(model, abstract, errors))
        except Exception as error:  # noqa: BLE001
            fault = describe(error)
            errors.append(
                {
                    "text": "%s: %s" % (model._meta.label, fault["message"]),
                    "file": fault["file"],
                    "line": fault["line"],
                }
            )
    return {"models": rows, "abstract": list(abstract.values()), "errors": errors}


def one_model(model, abstract, errors):
    meta = model._meta
    file, line = place(model)
    row = {
        "label": meta.label,
        "app": meta.app_label,
        "name": meta.object_name,
        "module": model.__module__,
        "file": relative(file),
        "line": line,
        "origin": origin(file or module_file(model.__module__)),
        "table": meta.db_table,
        "verbose_name": text_of(meta.verbose_name),
        "bases": bases_of(model, abstract),
        "managers": [{"name": one.name, "class": dotted(type(one))} for one in meta.managers],
        "fields": [],
        "methods": [],
        "properties": [],
    }
    doc = model.__doc__ or ""
    if doc.strip() and not doc.startswith(meta.object_name + "("):
        row["doc"] = scrub(" ".join(doc.strip().split("\n\n")[0].split()))
    if meta.proxy:
        row["proxy"] = True
    if not meta.managed:
        row["managed"] = False
    if meta.swapped:
        row["swapped"] = str(meta.swapped)
    if meta.auto_created:
        row["auto_created"] = meta.auto_created._meta.label
    if meta.ordering:
        row["ordering"] = [one if isinstance(one, str) else text_of(one) for one in meta.ordering]
    for name in ("unique_together", "index_together"):
        value = getattr(meta, name, None)
        if value:
            row[name] = [list(one) if isinstance(one, (list, tuple)) else one for one in value]
    if meta.permissions:
        row["permissions"] = [[text_of(part) for part in one] for one in meta.permissions]
    if meta.indexes:
        row["indexes"] = [
            {
                "name": one.name,
                "class": type(one).__name__,
                "fields": list(one.fields),
                "expressions": ", ".join(text_of(x) for x in getattr(one, "expressions", ()))
                or None,
                "condition": text_of(one.condition) if one.condition else None,
            }
            for one in meta.indexes
        ]
    if meta.constraints:
        row["constraints"] = [
            {
                "name": one.name,
                "class": type(one).__name__,
                "fields": list(getattr(one, "fields", None) or ()),
                "condition": condition_of(one),
            }
            for one in meta.constraints
        ]
    for name, value in vars(model).items():
        func = getattr(value, "fget", None) or getattr(value, "func", None) or value
        prefix = model.__qualname__ + "."
        if not getattr(func, "__qualname__", "").startswith(prefix) or name.startswith("__"):
            continue
        if getattr(func, "__module__", None) != model.__module__ or isinstance(value, type):
            continue
        row["properties" if value is not func else "methods"].append(name)
    if not meta.proxy:
        # Generic relations of concrete parents are copied to every child: they belong up there.
        above = {
            one.name for parent in meta.get_parent_list() for one in parent._meta.private_fields
        }
        generic = [
            one for one in meta.private_fields if one.model is model and one.name not in above
        ]
        for field in list(meta.local_fields) + list(meta.local_many_to_many) + generic:
            try:
                row["fields"].append(one_field(model, field))
            except Exception as error:  # noqa: BLE001 - of the field, not of the model
                errors.append(error_row("%s.%s: " % (meta.label, field.name), error))
    return row


def condition_of(constraint):
    """`check` became `condition` in 5.1, and both may be properties that warn."""
    values = vars(constraint)
    value = values.get("condition")
    value = values.get("check") if value is None else value
    return text_of(value) if value is not None else None


def bases_of(model, abstract):
    rows = []
    for base in model.__bases__:
        meta = getattr(base, "_meta", None)
        if meta is None:
            if base.__module__ == "django.db.models.base" or base is object:
                continue
            rows.append(
                {"name": base.__name__, "module": base.__module__, "kind": "mixin", "label": None}
            )
        elif meta.abstract:
            rows.append(
                {
                    "name": base.__name__,
                    "module": base.__module__,
                    "kind": "abstract",
                    "label": None,
                }
            )
        else:
            kind = "proxy-of" if model._meta.proxy else "multi-table"
            rows.append(
                {
                    "name": base.__name__,
                    "module": base.__module__,
                    "kind": kind,
                    "label": meta.label,
                }
            )
    for base in model.__mro__[1:]:
        meta = getattr(base, "_meta", None)
        key = "%s.%s" % (base.__module__, base.__qualname__)
        if meta is not None and meta.abstract and key not in abstract:
            file, line = place(base)
            abstract[key] = {
                "name": base.__name__,
                "module": base.__module__,
                "file": relative(file),
                "line": line,
                "origin": origin(file or module_file(base.__module__)),
                "fields": [one.name for one in meta.local_fields + meta.local_many_to_many],
            }
    return rows


def one_field(model, field):
    kind = type(field)
    auto = bool(getattr(field, "auto_created", False))
    row = {
        "name": field.name,
        "class": dotted(kind),
        "type": kind.__name__,
        "column": None if field.many_to_many else getattr(field, "column", None),
        "file": None,
        "line": None,
    }
    if not auto:
        for owner in model.__mro__:
            file = module_file(owner.__module__)
            line = (
                definitions(file).get("%s.%s" % (owner.__qualname__, field.name)) if file else None
            )
            if line is not None:
                row["file"], row["line"] = relative(file), line
                if owner is not model:
                    row["inherited_from"] = owner.__name__
                break
    many = getattr(field, "many_to_many", False)
    for key, name in (
        ("pk", "primary_key"),
        ("null", "null"),
        ("blank", "blank"),
        ("unique", "unique"),
    ):
        if getattr(field, name, False):
            row[key] = True
    if getattr(field, "db_index", False) and not many:
        row["index"] = True
    if auto:
        row["auto"] = True
    if not getattr(field, "editable", True):
        row["editable"] = False
    if getattr(field, "max_length", None) is not None:
        row["max_length"] = field.max_length
    has_default = getattr(field, "has_default", None)
    if has_default and has_default():
        row["default"] = default_text(field)
    database = vars(field).get("db_default")
    if database is not None and type(database).__name__ not in ("NOT_PROVIDED", "type"):
        row["db_default"] = text_of(getattr(database, "value", database))
    if getattr(field, "generated", False) and hasattr(field, "expression"):
        row["generated"] = text_of(field.expression)
    # As text first: what is lazy runs code of the project as soon as it is asked anything.
    if help_text := text_of(getattr(field, "help_text", "")):
        row["help"] = help_text
    verbose = getattr(field, "verbose_name", None)
    verbose = "" if verbose is None else text_of(verbose)
    if verbose and not auto and verbose != field.name.replace("_", " "):
        row["verbose"] = verbose
    try:
        choices = list(getattr(field, "flatchoices", None) or [])
    except Exception:  # noqa: BLE001 - choices may be computed from a database
        choices = []
    if choices:
        row["choices"] = len(choices)
        row["choice_values"] = [[text_of(one), text_of(two)] for one, two in choices[:50]]
    rel = relation_of(field)
    if rel:
        row["rel"] = rel
    return row


def default_text(field):
    value = field.default
    if secret_name(field.name) and value not in ("", None):
        return MASK
    if callable(value):
        name = getattr(value, "__qualname__", type(value).__name__)
        return "lambda" if "<lambda>" in name else name.rpartition(".")[2] + "()"
    return scrub(literal(value))


def label_of(model):
    return model if isinstance(model, str) else model._meta.label


def relation_of(field):
    name = type(field).__name__
    if name == "GenericForeignKey" or hasattr(field, "ct_field") and hasattr(field, "fk_field"):
        return {
            "kind": "generic",
            "to": None,
            "ct_field": field.ct_field,
            "fk_field": field.fk_field,
        }
    remote = getattr(field, "remote_field", None)
    if remote is None:
        return None
    if any(one.__name__ == "GenericRelation" for one in type(field).__mro__):
        kind = "generic-relation"
    elif field.many_to_many:
        kind = "m2m"
    elif field.one_to_one:
        kind = "o2o"
    else:
        kind = "fk"
    rel = {"kind": kind, "to": label_of(remote.model)}
    on_delete = getattr(remote, "on_delete", None)
    if on_delete is not None and kind in ("fk", "o2o"):
        text = getattr(on_delete, "__name__", None) or str(on_delete)
        rel["on_delete"] = "SET" if text == "set_on_delete" else text
    if getattr(remote, "related_name", None):
        rel["related_name"] = str(remote.related_name)
    if kind == "m2m":
        through = getattr(remote, "through", None)
        if through is not None and not isinstance(through, str) and through._meta.auto_created:
            rel["through_auto"] = True
        elif through is not None:
            rel["through"] = label_of(through)
    if getattr(remote, "parent_link", False):
        rel["parent_link"] = True
    if getattr(field, "db_constraint", True) is False:
        rel["db_constraint"] = False
    return rel


# ------------------------------------------------------------------------------- migrations


def load_migrations(errors):
    if "loader" not in STATE:
        STATE["loader"] = migration_loader(None, errors)
    return STATE["loader"]


def migration_loader(connection, errors):
    """Django's loader with its graph; a migration that is broken does not hide the others."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection, load=False, ignore_no_migrations=True)
    try:
        loader.build_graph()
    except Exception:  # noqa: BLE001 - any code may stand in a migration
        loader = patient(MigrationLoader)(connection, load=False, ignore_no_migrations=True)
        try:
            loader.build_graph()
        except Exception as error:  # noqa: BLE001 - a circle
            loader.failure = error
            row = error_row("", error)
            if type(error).__name__ == "CircularDependencyError":
                names = row["text"].split(", ")
                path = " → ".join([*names, names[0]])
                row["text"] = "%s depend on each other in a circle." % path
            loader.faults.append(row)
        errors += loader.faults
    return loader


def patient(kind):
    """The loader, going on with the next file where Django gives up at the first that fails.

    ``whole``: also the migrations that are left out of the graph, because what they depend on is
    not there. ``broken``: labels of apps whose migrations are not all in the graph. ``unread``:
    those of them with a file that cannot be imported. ``failure``: why there is no graph.
    """
    import types
    from importlib import import_module

    from django.db.migrations import loader as django

    class Patient(kind):
        failure = None

        def load_disk(self):
            self.faults, self.broken, self.unread = [], set(), set()
            found, unmigrated, migrated = {}, set(), set()
            apps, pkgutil = django.apps, django.pkgutil
            try:
                for config in apps.get_app_configs():
                    django.apps = types.SimpleNamespace(
                        get_app_configs=lambda config=config: [config],
                        get_app_config=apps.get_app_config,
                    )
                    django.pkgutil = types.SimpleNamespace(
                        iter_modules=lambda path, config=config: self.readable(config, path)
                    )
                    try:
                        super().load_disk()
                    except Exception as error:  # noqa: BLE001 - the package itself
                        self.broken.add(config.label)
                        self.unread.add(config.label)
                        self.faults.append(error_row("%s: " % config.label, error))
                    found.update(self.disk_migrations)
                    unmigrated |= set(self.unmigrated_apps)
                    migrated |= set(self.migrated_apps)
            finally:
                django.apps, django.pkgutil = apps, pkgutil
            self.whole, self.disk_migrations = found, dict(found)
            self.unmigrated_apps, self.migrated_apps = unmigrated, migrated
            while self.leave_out():
                pass

        def readable(self, config, path):
            package, _ = self.migrations_module(config.label)
            import pkgutil

            for finder, name, is_package in pkgutil.iter_modules(path):
                if is_package or name[0] in "_~":
                    continue
                label = "%s.%s" % (config.label, name)
                try:
                    module = import_module("%s.%s" % (package, name))
                    if not hasattr(module, "Migration"):
                        row = {"text": "%s has no class Migration." % label, "line": None}
                        row["file"] = relative(module_file(module.__name__))
                        self.faults.append(row)
                        self.broken.add(config.label)
                        continue
                except Exception as error:  # noqa: BLE001
                    row = error_row(label + ": ", error)
                    if row["file"] is None and getattr(finder, "path", None):
                        row["file"] = relative(os.path.join(finder.path, name + ".py"))
                    self.faults.append(row)
                    self.broken.add(config.label)
                    self.unread.add(config.label)
                    continue
                yield finder, name, is_package

        def leave_out(self):
            """Take those out of the graph whose parents are not in it. Whether there were any."""
            known = set(self.disk_migrations)
            for migration in self.disk_migrations.values():
                known.update(map(tuple, migration.replaces))
            labels = {label for label, _ in known}
            lost = []
            for key, migration in self.disk_migrations.items():
                for app, name in migration.dependencies:
                    first = name in ("__first__", "__latest__")
                    if first and (app in labels or app in self.unmigrated_apps or app == key[0]):
                        continue
                    if (app, name) in known or (first and app in self.broken):
                        continue
                    lost.append(key)
                    if (app, name) not in self.whole:
                        text = "%s.%s depends on %s.%s, which is not there." % (*key, app, name)
                        file = relative(module_file(type(migration).__module__))
                        self.faults.append({"text": text, "file": file, "line": None})
                    break
            for key in lost:
                self.broken.add(key[0])
                del self.disk_migrations[key]
            return bool(lost)

    return Patient


def section_migrations():
    from django.apps import apps
    from django.conf import settings

    errors = []
    loader = load_migrations(errors)
    result = {}
    for (label, _), migration in sorted(whole(loader).items()):
        if label not in result:
            module = sys.modules.get(loader.migrations_module(label)[0])
            folder = os.path.dirname(getattr(module, "__file__", None) or "")
            result[label] = {
                "origin": origin(os.path.join(folder, "__init__.py")),
                "path": relative(folder),
                "leaves": [],
                "migrations": [],
            }
        result[label]["migrations"].append(one_migration(migration, settings))
    conflicts = {}
    # Django's own word, where it has a graph of all that the app has.
    whole_graph = getattr(loader, "failure", None) is None
    found = loader.detect_conflicts() if whole_graph else {}
    for label, row in result.items():
        if whole_graph and label not in getattr(loader, "broken", ()):
            row["leaves"] = sorted(name for _, name in loader.graph.leaf_nodes(label))
            conflict = label in found
        else:
            row["leaves"] = sorted(leaves_of(label, row["migrations"]))
            # A file that could not be read may be what brings them together.
            conflict = len(row["leaves"]) > 1 and label not in getattr(loader, "unread", ())
        row["migrations"] = in_order(label, row["migrations"])
        if conflict:
            conflicts[label] = row["leaves"]
    unmigrated = sorted(loader.unmigrated_apps)
    with_models = [
        label
        for label in unmigrated
        if any(not one._meta.proxy for one in apps.get_app_config(label).get_models())
    ]
    return {
        "apps": result,
        "conflicts": conflicts,
        "unmigrated": unmigrated,
        "no_migrations_with_models": with_models,
        "overridden": overridden_commands(),
        "errors": errors,
    }


def whole(loader):
    """All migrations that could be read, also those that have no place in the graph."""
    return getattr(loader, "whole", loader.disk_migrations)


def overridden_commands():
    from django.core.management import get_commands

    commands = get_commands()
    texts = []
    for name in ("makemigrations", "migrate"):
        owner = commands.get(name, "django.core")
        if owner != "django.core":
            texts.append("%s replaces the command %s" % (owner, name))
    return texts


def reference(pair, settings):
    app, name = pair[0], pair[1]
    if app == "__setting__":
        app = str(getattr(settings, name, name)).split(".")[0]
        name = "__first__"
    return "%s.%s" % (app, name)


def one_migration(migration, settings):
    module = sys.modules.get(type(migration).__module__)
    file = getattr(module, "__file__", None)
    row = {
        "name": migration.name,
        "file": relative(file),
        "ops": len(migration.operations),
        "op_kinds": {},
        "deps": [reference(pair, settings) for pair in migration.dependencies],
        "irreversible": [],
        "data_ops": [],
    }
    if migration.run_before:
        row["run_before"] = [reference(pair, settings) for pair in migration.run_before]
    if migration.replaces:
        row["replaces"] = [reference(pair, settings) for pair in migration.replaces]
    own = [pair for pair in migration.dependencies if pair[0] == migration.app_label]
    if migration.initial or (migration.initial is None and not own):
        row["initial"] = True
    if not migration.atomic:
        row["atomic"] = False
    lines = {}
    for operation in migration.operations:
        kind = type(operation).__name__
        row["op_kinds"][kind] = row["op_kinds"].get(kind, 0) + 1
        inner = [operation]
        if kind == "SeparateDatabaseAndState":
            inner = list(operation.database_operations)
        for one in inner:
            name = type(one).__name__
            if name not in ("RunPython", "RunSQL"):
                continue
            if name not in lines:
                lines[name] = call_lines(file, name)
            if name == "RunPython":
                what = getattr(one.code, "__name__", type(one.code).__name__)
            else:
                what = one.sql if isinstance(one.sql, str) else "%d statements" % len(one.sql)
            fact = {
                "op": name,
                "what": scrub(" ".join(what.split())[:120]),
                "line": lines[name].pop(0) if lines[name] else None,
            }
            row["data_ops"].append(fact)
            if not one.reversible:
                row["irreversible"].append(fact)
    return row


def call_lines(file, name):
    try:
        with open(file, "rb") as handle:
            tree = ast.parse(handle.read())
    except (OSError, SyntaxError, ValueError, TypeError, RecursionError):
        return []
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", None)) == name
    )


def leaves_of(label, rows):
    names = {row["name"] for row in rows}
    stands = {}
    for row in rows:
        for one in row.get("replaces", []):
            app, _, name = one.partition(".")
            if app == label and name != row["name"]:
                stands[name] = row["name"]
    wanted = set()
    for row in rows:
        me = stands.get(row["name"], row["name"])
        for dep in row["deps"]:
            app, _, name = dep.partition(".")
            if app == label and stands.get(name, name) != me:
                wanted.add(stands.get(name, name))
    return [name for name in names if name not in stands and name not in wanted]


def in_order(label, rows):
    by_name = {row["name"]: row for row in sorted(rows, key=lambda row: row["name"])}
    out, state = [], {}
    for start in by_name:
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                out.append(by_name[name])
                continue
            if state.get(name):
                continue
            state[name] = True
            stack.append((name, True))
            for dep in sorted(by_name[name]["deps"], reverse=True):
                app, _, inner = dep.partition(".")
                if app == label and inner in by_name and not state.get(inner):
                    stack.append((inner, False))
    return out


# -------------------------------------------------------------------------- SQL of a migration


def section_sql():
    """The SQL of one migration, from its files alone: no database of the project is opened."""
    from django.db.migrations.loader import MigrationLoader

    wanted = CONFIG["sql"]
    loader = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False)
    key = (wanted["app"], wanted["name"])
    if key not in loader.graph.nodes:
        return {"state": "gone", "lines": [], "driver": "", "why": "", "tables": False}
    try:
        connection = unconnected(wanted["engine"], wanted["alias"])
    except Exception as error:  # noqa: BLE001 - Django says which package is missing
        cause = root_cause(error)
        why = "%s: %s" % (type(cause).__name__, text_of(cause))
        return {
            "state": "driver",
            "lines": [],
            "driver": wanted["engine"],
            "why": why,
            "tables": False,
        }
    tables = False
    try:
        lines = collected(loader, key, connection, False)
    except OutOfTime:
        raise
    except Exception as error:  # noqa: BLE001 - names of indexes and the like are looked up
        if connection.vendor != "sqlite":
            return {
                "state": "database",
                "lines": [],
                "driver": "",
                "why": text_of(error),
                "tables": False,
            }
        # What is looked up has to be there: the tables so far, in memory, without their rows.
        tables = True
        connection = unconnected(wanted["engine"], wanted["alias"])
        lines = collected(loader, key, connection, True)
    return {
        "state": "ok",
        "lines": [scrub_sql(one) for one in lines],
        "driver": "",
        "why": "",
        "tables": tables,
    }


def scrub_sql(line):
    """Without what looks like a secret, and whole: SQL that is cut would be wrong."""
    for value in GIVEN:
        line = line.replace(value, MASK)
    for shape in SHAPES:
        line = shape.sub(MASK, line)
    return line


def unconnected(engine, alias):
    """A connection of that engine that never connects; SQLite's is to an empty one in memory."""
    from importlib import import_module

    from django.db import connections

    settings = dict(connections.databases.get(alias) or connections.databases["default"])
    settings.update(
        ENGINE=engine, NAME=":memory:" if "sqlite" in engine or "spatialite" in engine else ""
    )
    settings["TEST"] = dict(settings.get("TEST") or {})
    own = connections.databases.get(alias) or {}
    if own.get("ENGINE") != engine:
        settings["OPTIONS"] = {}
    connection = import_module(engine + ".base").DatabaseWrapper(settings, alias)
    if connection.vendor == "sqlite":
        connect, ensure = STATE["connect"]
        connection.connect = connect.__get__(connection)
        connection.ensure_connection = ensure.__get__(connection)
    elif connection.vendor == "postgresql":
        # Asked of the server otherwise; all that is supported now is at least this new.
        connection.__dict__["pg_version"] = 150000
    return connection


def collected(loader, key, connection, tables):
    """As `sqlmigrate` collects it, besides that no Python of the migration runs."""
    migration = loader.graph.nodes[key]
    before = loader.project_state(key, at_end=False)
    if tables:
        with connection.schema_editor(atomic=False) as editor:
            for model in before.apps.get_models(include_auto_created=False):
                if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                    editor.create_model(model)
    lines = []
    # Never atomic: that would open a transaction, and so a connection.
    editor = connection.schema_editor(collect_sql=True, atomic=False)
    with editor:
        for operation in migration.operations:
            after = before.clone()
            operation.state_forwards(migration.app_label, after)
            editor.collected_sql += ["--", "-- %s" % operation.describe(), "--"]
            count = len(editor.collected_sql)
            one_operation(operation, migration.app_label, editor, before, after)
            if len(editor.collected_sql) == count:
                editor.collected_sql.append("-- (no SQL)")
            before = after
    lines = [str(one) for one in editor.collected_sql]
    if migration.atomic and connection.features.can_rollback_ddl:
        end = connection.ops.end_transaction_sql()
        lines = [connection.ops.start_transaction_sql(), *lines, end]
    return lines


def one_operation(operation, label, editor, before, after):
    inner = getattr(operation, "database_operations", None)
    if type(operation).__name__ == "SeparateDatabaseAndState" and inner is not None:
        for one in inner:
            after = before.clone()
            one.state_forwards(label, after)
            one_operation(one, label, editor, before, after)
            before = after
    elif type(operation).__name__ == "RunPython" or not operation.reduces_to_sql:
        code = getattr(operation, "code", None)
        name = getattr(code, "__qualname__", None) or type(operation).__name__
        editor.collected_sql.append(
            "-- Here the Python function %s runs. What it does to the data is not known as SQL."
            % name
        )
    else:
        operation.database_forwards(label, editor, before, after)


# -------------------------------------------------------------------------------- databases


NOT_CONTACTED = "Server databases are only asked when you say so."


def options_of(conf):
    options = conf.get("OPTIONS")
    if not isinstance(options, dict):
        return {}
    return {text_of(key): literal(options[key], text_of(key)) for key in list(options)[:100]}


def section_databases():
    from django.conf import settings

    errors = []
    result = {}
    for alias, conf in settings.DATABASES.items():
        engine = str(conf.get("ENGINE", ""))
        if not engine or engine.endswith(".dummy"):
            continue
        row = {
            "engine": engine,
            "name": scrub(str(conf.get("NAME") or "")),
            "host": scrub(str(conf.get("HOST") or "")),
            "port": str(conf.get("PORT") or ""),
            "user_set": bool(conf.get("USER")),
            "password_set": bool(conf.get("PASSWORD")),
            "options": options_of(conf),
            "state": "not-opened",
            "note": NOT_CONTACTED,
            "applied_count": 0,
            "applied": [],
            "pending": None,
            "ghosts": [],
            "missing_tables": [],
            "unclaimed_tables": [],
        }
        result[alias] = row
        try:
            if "sqlite" in engine or "spatialite" in engine:
                read_sqlite(alias, str(conf.get("NAME") or ""), row)
            elif alias in CONFIG["ask"]:
                row["asked"] = True
                ask_server(alias, conf, row)
        except Exception as error:  # noqa: BLE001
            row["state"], row["note"] = "error", without_password(text_of(error), conf)
    return {"databases": result, "errors": errors}


def read_sqlite(alias, name, row):
    if name == ":memory:" or "mode=memory" in name:
        row["state"], row["note"] = "memory", "An in-memory database is empty at every start."
        return
    path = name[5:].partition("?")[0] if name.startswith("file:") else name
    path = os.path.abspath(path)
    row["name"] = relative(path)
    if CONFIG["real_root"] and inside(path, CONFIG["root"]):
        # The truth is in the original, whatever loading has made of the copy.
        path = os.path.join(CONFIG["real_root"], os.path.relpath(path, CONFIG["root"]))
    if not os.path.isfile(path):
        row["state"], row["note"] = "missing", "The file does not exist yet."
        compare(row, alias, [], None)
        return
    applied, tables, state, note = query_sqlite(path)
    row["state"], row["note"] = state, note
    if applied is None:
        return
    compare(row, alias, applied, tables)


def query_sqlite(path):
    """(applied, tables, state, note). Reads the file itself only where nothing can be written."""
    import shutil
    import sqlite3
    from urllib.parse import quote

    note = ""
    with GUARD.ours():
        sides = [path + end for end in ("-wal", "-journal")]
        sides = [one for one in sides if os.path.exists(one) and os.path.getsize(one)]
        if sides:
            # Somebody writes: SQLite would want to create or repair side files. Look at a copy.
            if os.path.getsize(path) > 1024 * 2**20:
                return None, [], "busy", "In use, and too large to copy."
            target = os.path.join(CONFIG["scratch"], "tmp", "copy-%x.sqlite3" % abs(hash(path)))
            shutil.copyfile(path, target)
            for side in sides:
                shutil.copyfile(side, target + side[len(path) :])
            connection = sqlite3.connect(target)
            note = "Read from a private copy, because the database is in use."
        else:
            address = "file:%s?mode=ro&immutable=1" % quote(path.replace(os.sep, "/"))
            connection = sqlite3.connect(address, uri=True)
        try:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table','view')"
            )
            tables = [one for (one,) in names]
            if "django_migrations" not in tables:
                return [], tables, "empty", "It has no table of migrations."
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
            return [(app, one) for app, one in rows], tables, "ok", note
        finally:
            connection.close()


CONNECT_LIMIT = 3  # seconds
QUERY_LIMIT = 10  # seconds, of one query
TABLES = {
    "postgresql": "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')"
    " AND pg_catalog.pg_table_is_visible(c.oid)",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
}
# What a server says that was reached and did not let us in.
ANSWERED = re.compile(
    r"authentication|password|does not exist|no pg_hba|Access denied|Unknown database|permission",
    re.IGNORECASE,
)
PORTS = {"postgresql": 5432, "mysql": 3306}


class Unreachable(Exception):
    """No answer from a database server in time."""


def ask_server(alias, conf, row):
    """What a server database says of migrations and tables, over one read-only connection."""
    from django.db import connections

    wrapper = connections[alias]
    kind = wrapper.vendor
    if kind not in TABLES:
        row["note"] = "Databases of the kind %s are not asked: only PostgreSQL and MySQL." % kind
        return
    host = str(conf.get("HOST") or "")
    port = int(conf.get("PORT") or PORTS[kind])
    local = not host or host.startswith("/")
    where = "its local socket" if local else "%s:%s" % (host, port)
    try:
        GUARD.server = (host or "/", port, addresses_of(host, port))
        connection = {"postgresql": open_postgresql, "mysql": open_mysql}[kind](wrapper)
    except Exception as error:  # noqa: BLE001 - every driver has its own
        text = without_password(" ".join(text_of(error).split()), conf)
        reached = bool(ANSWERED.search(text))
        row["state"] = "error" if reached else "unreachable"
        row["note"] = ("%s refused the connection: %s" if reached else "%s does not answer: %s") % (
            where,
            text,
        )
        return
    finally:
        GUARD.server = None
    try:
        cursor = connection.cursor()
        cursor.execute(TABLES[kind])
        tables = [str(one[0]) for one in cursor.fetchall()]
        applied = []
        if "django_migrations" in tables:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
            applied = [(str(app), str(name)) for app, name in cursor.fetchall()]
            row["state"], row["note"] = "ok", "Asked over a read-only connection to %s." % where
        else:
            row["state"], row["note"] = "empty", "It has no table of migrations."
    finally:
        connection.close()
    compare(row, alias, applied, tables)


def addresses_of(host, port):
    """The addresses behind a host's name, looked up within the time for connecting."""
    if not host or host.startswith("/"):
        return set()
    found = []

    def look():
        with GUARD.ours():
            try:
                found.extend(one[4][0] for one in socket.getaddrinfo(host, port))
            except OSError as error:
                found.append(error)

    thread = threading.Thread(target=look, name="inspector-watchdog", daemon=True)
    thread.start()
    thread.join(CONNECT_LIMIT)
    if not found:
        raise Unreachable("its name was not resolved within %d seconds" % CONNECT_LIMIT)
    if isinstance(found[0], OSError):
        raise Unreachable("its name cannot be resolved (%s)" % found[0].strerror)
    return set(found)


def open_postgresql(wrapper):
    """A connection of the project's own driver that the server itself keeps from writing."""
    params = wrapper.get_connection_params()
    params.pop("pool", None)
    params["connect_timeout"] = CONNECT_LIMIT
    wanted = {
        "default_transaction_read_only": "on",
        "statement_timeout": QUERY_LIMIT * 1000,
        "lock_timeout": QUERY_LIMIT * 1000,
    }
    options = " ".join("-c %s=%s" % one for one in wanted.items())
    given = str(params.get("options") or "")
    try:
        connection = wrapper.Database.connect(
            **dict(params, options=(given + " " + options).strip())
        )
    except wrapper.Database.OperationalError as error:
        # A pooler in between may take no options: the same is said right after connecting.
        if "startup parameter" not in str(error):
            raise
        connection = wrapper.Database.connect(**params)
        for name, value in wanted.items():
            connection.cursor().execute("SET %s = '%s'" % (name, value))
        connection.commit()
    connection.cursor().execute("SET TRANSACTION READ ONLY")
    return connection


def open_mysql(wrapper):
    """The same for MySQL and MariaDB; each has its own name for the time limit of a query."""
    params = wrapper.get_connection_params()
    params.pop("init_command", None)  # it could be anything
    params["connect_timeout"] = CONNECT_LIMIT
    params["read_timeout"] = params["write_timeout"] = QUERY_LIMIT
    connection = wrapper.Database.connect(**params)
    cursor = connection.cursor()
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    for text in (
        "SET SESSION max_execution_time = %d" % (QUERY_LIMIT * 1000),
        "SET SESSION max_statement_time = %d" % QUERY_LIMIT,
    ):
        try:
            cursor.execute(text)
            break
        except Exception:  # noqa: BLE001, S112 - the other product's
            continue
    return connection


def without_password(text, conf):
    password = str(conf.get("PASSWORD") or "")
    return text.replace(password, MASK) if len(password) > 2 else text


def compare(row, alias, applied, tables):
    """Pending, ghosts and tables: Django's own loader decides what a squash stands for."""
    from django.apps import apps
    from django.db import router
    from django.db.migrations import loader as module

    class Recorder:
        def __init__(self, connection):
            pass

        def applied_migrations(self):
            return {key: None for key in applied}

    original = module.MigrationRecorder
    module.MigrationRecorder = Recorder
    row["applied"] = ["%s.%s" % key for key in applied]
    row["applied_count"] = len(applied)
    try:
        loader = migration_loader(object(), [])
    finally:
        module.MigrationRecorder = original
    broken = getattr(loader, "broken", set())
    pending = []
    if getattr(loader, "failure", None) is None:
        done = set(loader.applied_migrations)
        plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), True)
        pending = [key for key in plan if key not in done]
        row["pending"] = ["%s.%s" % key for key in pending]
    files = whole(loader)
    replaced = {one for migration in files.values() for one in migration.replaces}
    row["ghosts"] = [
        "%s.%s" % key
        for key in applied
        # Of an app with a broken file nobody knows what belongs to it.
        if key not in files and key not in replaced and key[0] not in broken
    ]
    if tables is None or row["state"] != "ok":
        return
    waiting = {app for app, _ in pending} | broken
    present = {one.lower() for one in tables}
    claimed = {"django_migrations"}
    missing = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        claimed.add(meta.db_table.lower())
        if meta.proxy or not meta.managed or meta.swapped or meta.app_label in waiting:
            continue
        try:
            wanted = router.allow_migrate_model(alias, model)
        except Exception:  # noqa: BLE001 - a project's router
            wanted = False
        if wanted and meta.db_table.lower() not in present:
            missing.append(meta.db_table)
    row["missing_tables"] = sorted(missing)
    row["unclaimed_tables"] = sorted(
        one for one in tables if one.lower() not in claimed and not one.startswith("sqlite_")
    )


# ----------------------------------------------------------------------------------- checks


def section_checks():
    from django.conf import settings
    from django.core.checks.registry import registry

    messages, failed, slow = [], [], []
    ran = 0
    groups = [(registry.registered_checks, False), (registry.deployment_checks, True)]
    if CONFIG["only"] is not None:  # other settings: what they change is what a deployment sees
        groups = groups[1:]
    started = _CLOCK()
    for checks, deploy in groups:
        for check in sorted(checks, key=lambda one: (one.__module__, one.__name__)):
            if "database" in getattr(check, "tags", ()):
                continue
            spent = _CLOCK() - started
            left = CONFIG["section_limit"] * 0.9 - spent
            name = "%s.%s" % (check.__module__, check.__name__)
            if left <= 0.5:
                failed.append({"check": name, "type": "OutOfTime", "message": "no time was left"})
                continue
            began = _CLOCK()
            try:
                # The section's own timer is replaced; the section still ends in time.
                with Limit(min(15.0, left)):
                    found = list(check(app_configs=None, databases=None) or ())
                rows = [one_message(one, check, deploy) for one in found]
                ran += 1
            except (Exception, OutOfTime, SystemExit) as error:  # noqa: BLE001
                failed.append(
                    {"check": name, "type": type(error).__name__, "message": text_of(error)}
                )
                continue
            took = _CLOCK() - began
            if took > 1.0:
                slow.append({"check": name, "seconds": round(took, 2)})
            messages += rows
    return {
        "messages": messages,
        "ran": ran,
        "failed": failed,
        "slow": slow,
        "silenced": [str(one) for one in settings.SILENCED_SYSTEM_CHECKS],
    }


def one_message(message, check, deploy):
    obj = message.obj
    file = line = None
    shown = None
    owner = module_file(check.__module__)
    if isinstance(obj, type):
        file, line = place(obj)
        owner = file
        shown = obj._meta.label if hasattr(obj, "_meta") else dotted(obj)
    elif obj is not None and isinstance(getattr(obj, "model", None), type):
        field = one_field(obj.model, obj) if hasattr(obj, "column") else {}
        file, line = place(obj.model)
        owner = file
        if field.get("line"):
            file, line = os.path.join(CONFIG["root"], field["file"]), field["line"]
        shown = (
            "%s.%s" % (obj.model._meta.label, getattr(obj, "name", ""))
            if hasattr(obj.model, "_meta")
            else dotted(obj.model)
        )
    elif obj is None:
        # Checks without an object speak about the project's settings and URLs, whoever makes them.
        if owner and origin(owner) in ("django", "third-party"):
            owner = os.path.join(CONFIG["root"], "settings")
    elif hasattr(obj, "__code__") or hasattr(obj, "__wrapped__"):  # a view
        file, line = place(obj)
        owner = file or owner
        shown = dotted(obj)
    else:
        shown = text_of(obj)
        if type(obj).__module__.startswith("django.urls") is False and not isinstance(obj, str):
            place_of_type = place(type(obj))
            file, line = place_of_type
            owner = file or owner
    # A package that checks the project's views names their files.
    if file is None and origin(owner) == "third-party":
        text = "%s %s" % (text_of(message.msg), shown or "")
        named = re.search(re.escape(CONFIG["root"]) + r"[/\\][^\s:'\"]+\.py(?=(?::(\d+))?)", text)
        if named and origin(named.group(0)) == "project":
            owner = file = named.group(0)
            line = int(named.group(1)) if named.group(1) else None
    levels = {10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}
    return {
        "id": message.id or "",
        "level": levels.get(message.level, "info" if message.level < 30 else "error"),
        "msg": text_of(message.msg),
        "hint": text_of(message.hint) if message.hint else None,
        "obj": shown,
        "origin": origin(owner),
        "file": relative(file),
        "line": line,
        "deploy": deploy,
        "silenced": bool(message.is_silenced()),
    }


# ------------------------------------------------------------------------------------- urls


def section_urls():
    from django.conf import settings
    from django.urls import get_resolver

    facts = {"routes": [], "errors": []}
    root = getattr(settings, "ROOT_URLCONF", None)
    if root:
        resolver = get_resolver(root)
        converters = converter_names()
        protected = any(
            str(one).endswith("LoginRequiredMiddleware")
            for one in getattr(settings, "MIDDLEWARE", [])
        )
        resolver.url_patterns  # noqa: B018 - a broken root URLconf fails the section
        walk_urls(resolver, "", [], str(root), facts, converters, protected, 0)
    names = names_of(facts["routes"])
    hosts = hosts_of(settings, facts["errors"])
    for host in hosts:
        if root and host["urlconf"] != str(root):
            there = {"routes": [], "errors": facts["errors"]}
            resolver = get_resolver(host["urlconf"])
            walk_urls(resolver, "", [], host["urlconf"], there, converters, protected, 0)
            facts["routes"] += [dict(route, host=host["name"]) for route in there["routes"]]
    return {
        "root": [str(root)] if root else [],
        "hosts": hosts,
        "routes": facts["routes"],
        "unresolved": [],
        "duplicate_names": {name: count for name, count in names.items() if count > 1},
        "errors": facts["errors"],
    }


def names_of(routes):
    """How many patterns have a name and the same parameters: others are told apart by those."""
    groups = {}
    for route in routes:
        if route["full_name"] and route["kind"] == "route":
            key = (route["full_name"], tuple(sorted(route["params"])))
            groups.setdefault(key, set()).add(route["pattern"])
    names = {}
    for (name, _), patterns in groups.items():
        names[name] = max(names.get(name, 0), len(patterns))
    return names


def hosts_of(settings, errors):
    """What django-hosts serves on which host, in the order in which it looks."""
    if not getattr(settings, "ROOT_HOSTCONF", None) or "django_hosts" not in sys.modules:
        return []
    try:
        from django_hosts.resolvers import get_host_patterns

        return [
            {
                "name": text_of(one.name),
                "pattern": text_of(one.regex),
                "urlconf": one.urlconf
                if isinstance(one.urlconf, str)
                else getattr(one.urlconf, "__name__", ""),
            }
            for one in get_host_patterns()
        ]
    except Exception as error:  # noqa: BLE001 - the routes of the root are there all the same
        fault = describe(error)
        text = "ROOT_HOSTCONF: %s" % fault["message"]
        errors.append({"text": text, "file": fault["file"], "line": fault["line"]})
        return []


def converter_names():
    try:
        from django.urls.converters import get_converters

        return {id(one): name for name, one in get_converters().items()}
    except Exception:  # noqa: BLE001
        return {}


def pattern_text(pattern):
    if type(pattern).__name__ == "LocalePrefixPattern":
        return "<language>/"
    return text_of(pattern)


def walk_urls(resolver, prefix, spaces, urlconf, facts, converters, protected, depth):
    if depth > 30 or len(facts["routes"]) > 50000:
        return
    try:
        patterns = list(resolver.url_patterns)
    except Exception as error:  # noqa: BLE001 - the other includes can still be walked
        fault = describe(error)
        facts["errors"].append(
            {
                "text": "%s: %s" % (urlconf, fault["message"]),
                "file": fault["file"],
                "line": fault["line"],
            }
        )
        return
    for pattern in patterns:
        text = pattern_text(pattern.pattern)
        if prefix and text.startswith("^"):
            text = text[1:]
        whole = prefix + text
        if hasattr(pattern, "url_patterns") or hasattr(pattern, "urlconf_name"):
            inner = spaces + ([pattern.namespace] if pattern.namespace else [])
            name = pattern.urlconf_name
            name = name if isinstance(name, str) else getattr(name, "__name__", urlconf)
            facts["routes"].append(
                dict(
                    EMPTY,
                    pattern=whole,
                    kind="include",
                    ns=":".join(inner) or None,
                    params=params_of(pattern.pattern, converters),
                    urlconf=name,
                )
            )
            walk_urls(pattern, whole, inner, name, facts, converters, protected, depth + 1)
            continue
        try:
            facts["routes"].append(
                one_route(pattern, whole, spaces, urlconf, converters, protected)
            )
        except Exception as error:  # noqa: BLE001
            facts["errors"].append(
                {"text": "%s: %s" % (whole, text_of(error)), "file": None, "line": None}
            )


EMPTY = {
    "name": None,
    "full_name": None,
    "view": None,
    "view_kind": None,
    "file": None,
    "line": None,
    "route_file": None,
    "route_line": None,
    "methods": [],
    "login_required": None,
    "csrf_exempt": None,
    "origin": None,
}


def params_of(pattern, converters):
    found = {}
    for name, converter in getattr(pattern, "converters", {}).items():
        known = converters.get(id(converter))
        found[name] = known or type(converter).__name__.replace("Converter", "").lower()
    if type(pattern).__name__ == "RegexPattern":
        try:
            found.update({name: "regex" for name in pattern.regex.groupindex})
        except Exception:  # noqa: BLE001 - an invalid regular expression
            pass
    return found


def one_route(pattern, whole, spaces, urlconf, converters, protected):
    callback = pattern.callback
    view, login, methods = unwrap(callback)
    name = pattern.name
    space = ":".join(spaces)
    kind = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    target = kind or getattr(view, "view_class", None) or getattr(view, "cls", None)
    if target is not None:
        view_kind = "class"
    elif hasattr(view, "__code__"):
        view_kind, target = "function", view
    elif hasattr(view, "__func__"):
        view_kind, target = "function", view.__func__
    else:
        view_kind, target = "object", type(view)
    file, line = place(target)
    row = dict(
        EMPTY,
        pattern=whole,
        kind="route",
        name=str(name) if name else None,
        ns=space or None,
        full_name=("%s:%s" % (space, name) if space else str(name)) if name else None,
        params=params_of(pattern.pattern, converters),
        view="%s.%s" % (target.__module__, target.__qualname__),
        view_kind=view_kind,
        file=relative(file),
        line=line,
        methods=methods,
        csrf_exempt=bool(getattr(callback, "csrf_exempt", False)),
        origin=origin(file),
        urlconf=urlconf,
    )
    # The parameters of the includes above count too.
    for one, two in re.findall(r"<(?:(\w+):)?(\w+)>", whole):
        if two != "language":
            row["params"].setdefault(two, one or "str")
    if view_kind == "class":
        login = login or needs_login(target)
        row["methods"] = methods or methods_of(target, callback)
        for key in ("permission_classes", "authentication_classes"):
            values = getattr(target, key, None)
            if isinstance(values, (list, tuple)):
                row[key] = [getattr(one, "__name__", type(one).__name__) for one in values]
        actions = getattr(callback, "actions", None)
        if isinstance(actions, dict) and actions:
            row["actions"] = {str(one): str(two) for one, two in actions.items()}
            row["methods"] = [str(one).upper() for one in actions]
    if protected and not login:
        login = bool(getattr(callback, "login_required", True))
    row["login_required"] = bool(login)
    return row


def unwrap(callback):
    """(innermost view, login required, methods) through decorators and partials."""
    login, methods = False, []
    view = callback
    for _ in range(20):
        code = getattr(view, "__code__", None)
        if code is not None:
            file = code.co_filename.replace(os.sep, "/")
            if file.endswith(("contrib/auth/decorators.py", "contrib/admin/views/decorators.py")):
                login = True
            if "request_method_list" in code.co_freevars and view.__closure__:
                cell = view.__closure__[code.co_freevars.index("request_method_list")]
                if isinstance(cell.cell_contents, (list, tuple)):
                    methods = [str(one) for one in cell.cell_contents]
        if hasattr(view, "func") and hasattr(view, "keywords"):
            view = view.func
        elif getattr(view, "__wrapped__", None) is not None and not hasattr(view, "view_class"):
            view = view.__wrapped__
        elif hasattr(view, "view_class") or hasattr(view, "cls"):
            break
        else:
            inner = wrapped_by(view)
            if inner is None:
                break
            view = inner
    return view, login, methods


# What decorators call the view that they wrap.
VIEW_NAMES = ("view_func", "view", "function", "func", "viewfunc", "fn", "f", "callback")


def wrapped_by(view):
    """The view inside a decorator that forgot `functools.wraps`, found in its closure."""
    code, cells = getattr(view, "__code__", None), getattr(view, "__closure__", None)
    if code is None or not cells:
        return None
    for name in VIEW_NAMES:
        if name in code.co_freevars:
            try:
                inner = cells[code.co_freevars.index(name)].cell_contents
            except ValueError:  # an empty cell
                continue
            if callable(inner) and not isinstance(inner, type) and inner is not view:
                return inner
    return None


def needs_login(kind):
    mixins = {"LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin", "AccessMixin"}
    return any(
        one.__name__ in mixins and one.__module__ == "django.contrib.auth.mixins"
        for one in kind.__mro__
    )


def methods_of(kind, callback):
    names = getattr(kind, "http_method_names", None) or []
    found = []
    for name in names:
        handler = getattr(kind, name, None)
        if handler is None:
            continue
        if name in ("options", "trace") and getattr(handler, "__module__", "").startswith(
            ("django.views", "rest_framework.views")
        ):
            continue
        found.append(name.upper())
    return found


# --------------------------------------------------------------------------------- settings


def section_settings():
    from django.conf import global_settings, settings

    module = os.environ.get("DJANGO_SETTINGS_MODULE")
    rows = []
    names = [name for name in dir(settings) if name.isupper()]
    for name in names:
        if name == "LOGGING_CONFIG":
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = getattr(settings, name)
        except Exception:  # noqa: BLE001
            continue
        known = hasattr(global_settings, name)
        default = getattr(global_settings, name, None)
        try:
            changed = not known or bool(value != default)
        except Exception:  # noqa: BLE001
            changed = True
        if not changed:
            continue
        redacted = secret_name(name) and not isinstance(value, bool)
        text = MASK if redacted and not nothing(value) else scrub(literal(value, name))
        rows.append(
            {
                "name": name,
                "value": text,
                "default": scrub(literal(default)) if known else None,
                "changed": True,
                "known": known,
                "redacted": redacted or MASK in text,
                "computed": False,
                "file": None,
                "line": None,
            }
        )
    key = getattr(settings, "SECRET_KEY", "") or ""
    placeholder = str(key).startswith("inspection-placeholder-")
    return {
        "module": module,
        "files": [relative(module_file(module or ""))] if module_file(module or "") else [],
        "variables": rows,
        "env": [
            {
                "name": fact["name"],
                "default": None,
                "required": False,
                "set": fact["set"],
                "file": fact["file"],
                "line": fact["line"],
                "kind": None,
                "places": [{"file": fact["file"], "line": fact["line"], "default": None}],
                "example": None,
                "secret": secret_name(fact["name"]),
            }
            for fact in sorted(GUARD.env.values(), key=lambda one: one["name"])
        ],
        "env_examples": [],
        "secret_key": {
            "set": bool(key) and not placeholder,
            "length": 0 if placeholder else len(str(key)),
            "insecure_prefix": str(key).startswith("django-insecure-"),
        },
        "errors": [],
    }


# ------------------------------------------------------------------------------------ admin


def section_admin():
    from django.apps import apps

    errors, sites = [], []
    if apps.is_installed("django.contrib.admin"):
        from django.contrib.admin.sites import all_sites

        for site in sorted(all_sites, key=lambda one: one.name):
            rows = []
            for model, admin in site._registry.items():
                try:
                    rows.append(one_admin(model, admin))
                except Exception as error:  # noqa: BLE001
                    errors.append(error_row("%s: " % model._meta.label, error))
            rows.sort(key=lambda row: row["model"])
            sites.append({"name": site.name, "class": dotted(type(site)), "registered": rows})
    return {"sites": sites, "errors": errors}


def error_row(prefix, error):
    fault = describe(error)
    return {"text": prefix + fault["message"], "file": fault["file"], "line": fault["line"]}


def one_admin(model, admin):
    kind = type(admin)
    file, line = place(kind)
    row = {
        "model": model._meta.label,
        "admin": dotted(kind),
        "origin": origin(file),
        "file": relative(file),
        "line": line,
    }
    for name in ("list_display", "list_filter", "search_fields", "readonly_fields", "ordering"):
        value = getattr(admin, name, None)
        row[name] = [named(one) for one in value] if isinstance(value, (list, tuple)) else []
    row["inlines"] = []
    for inline in getattr(admin, "inlines", None) or ():
        inner, number = place(inline)
        target = getattr(inline, "model", None)
        row["inlines"].append(
            {
                "admin": dotted(inline),
                "model": target._meta.label if hasattr(target, "_meta") else None,
                "file": relative(inner),
                "line": number,
            }
        )
    return row


def named(value):
    """An entry of an option list: a text, the first of a pair, or a callable's name."""
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    if isinstance(value, str):
        return scrub(value)
    return getattr(value, "__name__", None) or text_of(value)


# --------------------------------------------------------------------------------- commands


def section_commands():
    from django.apps import apps
    from django.core.management import get_commands

    folders = [("django.core", os.path.join(DJANGO, "core"))]
    folders += [(one.name, one.path) for one in reversed(list(apps.get_app_configs()))]
    labels = {one.name: one.label for one in apps.get_app_configs()}
    folders = [(app, os.path.join(path, "management", "commands")) for app, path in folders]
    folders = [(app, folder, names_in(folder)) for app, folder in folders]
    rows = []
    for name, owner in sorted(get_commands().items()):
        owner = owner if isinstance(owner, str) else type(owner).__module__
        found = []
        for app, folder, present in folders:
            if name + ".py" in present:
                found.append((app, os.path.join(folder, name + ".py")))
            package = os.path.join(folder, name, "__init__.py")
            if name in present and os.path.isfile(package):
                found.append((app, package))
        file = next((one for app, one in found if app == owner), None)
        hidden = [app for app, _ in found if app != owner]
        line, text = command_help(file)
        rows.append(
            {
                "name": name,
                "app": labels.get(owner, owner),
                "origin": origin(file),
                "file": relative(file),
                "line": line,
                "help": text,
                "overrides": labels.get(hidden[0], hidden[0]) if hidden else None,
            }
        )
    return {"commands": rows, "errors": []}


def names_in(folder):
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def command_help(file):
    """(line of the class, help text) without importing the command."""
    try:
        with open(file, "rb") as handle:
            tree = ast.parse(handle.read())
    except (OSError, SyntaxError, ValueError, TypeError, RecursionError):
        return None, None
    for node in tree.body:
        if not (isinstance(node, ast.ClassDef) and node.name == "Command"):
            continue
        for item in node.body:
            target = item.targets[0] if isinstance(item, ast.Assign) else None
            if isinstance(item, ast.AnnAssign):
                target = item.target
            if getattr(target, "id", "") == "help" and item.value is not None:
                value = item.value
                if isinstance(value, ast.Call) and value.args:
                    value = value.args[0]
                try:
                    text = ast.literal_eval(value)
                except ValueError:
                    text = None
                if isinstance(text, str):
                    return node.lineno, scrub(" ".join(text.split()))
        return node.lineno, None
    return None, None


# ---------------------------------------------------------------------------------- signals


def section_signals():
    from django.apps import apps
    from django.dispatch import Signal

    found = {}
    for name, module in list(sys.modules.items()):
        values = getattr(module, "__dict__", None)
        if not isinstance(values, dict) or name == "__main__":
            continue
        for attribute, value in list(values.items()):
            # The type, never the instance: isinstance() would wake lazy objects.
            if issubclass(type(value), Signal):
                found.setdefault(id(value), (value, []))[1].append((name, attribute))
    models = {id(one): one._meta.label for one in apps.get_models(include_auto_created=True)}
    receivers, defined, errors = [], [], []
    for sent, names in found.values():
        module, attribute = home_of(names)
        full = "%s.%s" % (module, attribute)
        file = module_file(module)
        if origin(file) != "django":
            defined.append(
                {
                    "name": full,
                    "file": relative(file),
                    "line": definitions(file).get(attribute) if file else None,
                    "origin": origin(file),
                }
            )
        for entry in list(sent.receivers):
            try:
                row = one_receiver(full, entry, models)
            except Exception as error:  # noqa: BLE001
                errors.append(error_row("%s: " % full, error))
                continue
            if row is not None and len(receivers) < 5000:
                receivers.append(row)
    receivers.sort(key=lambda row: (row["signal"], row["receiver"]))
    defined.sort(key=lambda row: row["name"])
    return {"receivers": receivers, "defined": defined, "errors": errors}


def home_of(names):
    """The module that makes a signal, among all that have imported it."""
    ranked = sorted(
        names,
        key=lambda one: (
            not one[0].startswith("django."),
            "signals" not in one[0],
            len(one[0]),
            one[0],
        ),
    )
    for module, attribute in ranked[:6]:
        file = module_file(module)
        if file and attribute in definitions(file):
            return module, attribute
    return ranked[0]


def one_receiver(signal, entry, models):
    # (key, receiver), then also is_async since 5.0, then the sender's reference since 6.1.
    key, receiver = entry[0], entry[1]
    if isinstance(receiver, weakref.ReferenceType):
        receiver = receiver()
    if receiver is None:
        return None
    sender = models.get(key[1])
    if sender is None and key[1] != id(None):
        for part in entry[2:]:
            thing = part() if isinstance(part, weakref.ReferenceType) else None
            if thing is not None:
                sender = dotted(thing) if isinstance(thing, type) else type_name(thing)
        if sender is None:
            sender = "an object that is not known by name"
    target = getattr(receiver, "__func__", None) or receiver
    if not hasattr(target, "__code__"):
        target = getattr(target, "func", None) or type(receiver)
    file, line = place(target)
    name = getattr(target, "__qualname__", type(target).__name__)
    return {
        "signal": signal,
        "receiver": "%s.%s" % (getattr(target, "__module__", ""), name),
        "sender": sender,
        "origin": origin(file),
        "file": relative(file),
        "line": line,
        "dispatch_uid": scrub(key[0]) if isinstance(key[0], str) else None,
        "conditional": None,
    }


# ------------------------------------------------------------------------------- middleware


def section_middleware():
    from django.conf import settings
    from django.utils.module_loading import import_string

    rows, errors = [], []
    for path in settings.MIDDLEWARE:
        row = {
            "path": scrub(str(path)),
            "origin": "outside",
            "file": None,
            "line": None,
            "async": None,
            "sync": None,
            "conditional": None,
        }
        rows.append(row)
        try:
            target = import_string(path)
            file, line = place(target)
            row.update(
                origin=origin(file),
                file=relative(file),
                line=line,
                sync=bool(getattr(target, "sync_capable", True)),
            )
            row["async"] = bool(getattr(target, "async_capable", False))
        except Exception as error:  # noqa: BLE001
            errors.append(error_row("%s: " % path, error))
    return {"middleware": rows, "errors": errors}


# --------------------------------------------------------------------------------- packages


def section_packages():
    from importlib import metadata

    rows, needed, errors = {}, set(), []
    for one in metadata.distributions():
        try:
            facts = one.metadata
            name = facts.get("Name")
            if not name or normal(name) in rows:
                continue
            for text in one.requires or ():
                # What only an extra wants does not make a package somebody's dependency.
                found = re.match(r"[A-Za-z0-9._-]+", text)
                if found and "extra ==" not in text.replace("'", '"'):
                    needed.add(normal(found.group(0)))
            short = facts.get("License-Expression") or facts.get("License") or ""
            rows[normal(name)] = {
                "name": name,
                "version": facts.get("Version"),
                "requires_python": facts.get("Requires-Python"),
                "license": scrub(short.strip().split("\n")[0][:120]) or license_of(facts),
                "summary": scrub((facts.get("Summary") or "")[:300]),
                "django_classifiers": [
                    line.rpartition(" :: ")[2]
                    for line in facts.get_all("Classifier") or ()
                    if re.match(r"Framework :: Django :: \d", line)
                ],
                "direct": True,
                "declared": None,
            }
        except Exception as error:  # noqa: BLE001 - a broken dist-info
            errors.append(error_row("", error))
    for name, row in rows.items():
        row["direct"] = name not in needed
    return {"packages": [rows[name] for name in sorted(rows)], "errors": errors}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def license_of(facts):
    for line in facts.get_all("Classifier") or ():
        if line.startswith("License :: "):
            return line.rpartition(" :: ")[2]
    return None


# ------------------------------------------------------------------------------------ drift


def section_drift():
    from django.apps import apps
    from django.core.management import get_commands, load_command_class
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState

    errors, overridden = [], []
    detector = MigrationAutodetector
    owner = get_commands().get("makemigrations", "django.core")
    if owner != "django.core":
        overridden.append("%s replaces the command makemigrations" % owner)
        try:
            own = getattr(load_command_class(owner, "makemigrations"), "autodetector", detector)
        except Exception as error:  # noqa: BLE001
            errors.append(error_row("", error))
            own = detector
        if own is not detector and isinstance(own, type):
            overridden.append("%s has its own autodetector, which was used" % owner)
            detector = own
    loader = load_migrations(errors)
    broken = getattr(loader, "broken", set())
    if getattr(loader, "failure", None) is not None:
        # A circle: there is no graph, and the page of migrations says why.
        return {
            "method": "autodetector",
            "apps": {},
            "incomplete": {
                label: UNKNOWN_DRIFT for label in sorted({key[0] for key in loader.whole})
            },
            "overridden": overridden,
            "errors": [],
        }
    with SwappableNames(apps):
        before, now = loader.project_state(), ProjectState.from_apps(apps)
        for key in [key for key in (*before.models, *now.models) if key[0] in broken]:
            # What their migrations make is not known: no change, so that the others can be seen.
            before.models.pop(key, None)
            if key in now.models:
                before.models[key] = now.models[key].clone()
        changes = linear(detector)(
            before,
            now,
            MigrationQuestioner(specified_apps=set(), dry_run=True),
        ).changes(graph=loader.graph)
    result = {}
    for label, migrations in sorted(changes.items()):
        if label in broken:
            continue
        try:
            path = apps.get_app_config(label).path
        except LookupError:
            path = None
        ops = [one_change(label, one, before) for step in migrations for one in step.operations]
        if ops:
            whose = origin(os.path.join(path, "__init__.py")) if path else "outside"
            result[label] = {"origin": whose, "ops": ops}
    return {
        "method": "autodetector",
        "apps": result,
        "incomplete": {label: UNKNOWN_DRIFT for label in sorted(broken)},
        "overridden": overridden,
        "errors": errors,
    }


UNKNOWN_DRIFT = "Its drift is not known, because not all of its migrations can be loaded."


def linear(detector):
    """The same detector; looking for altered indexes takes a time linear in the models.

    Django asks for the altered `index_together` of all models once for every model.
    """

    class Linear(detector):
        _known = None

        def create_altered_indexes(self):
            self._known = {}
            try:
                super().create_altered_indexes()
            finally:
                self._known = None

        def _get_altered_foo_together_operations(self, option_name):
            make = super()._get_altered_foo_together_operations
            if self._known is None:
                return make(option_name)
            if option_name not in self._known:
                self._known[option_name] = list(make(option_name))
            return self._known[option_name]

    if hasattr(detector, "create_altered_indexes"):
        return Linear
    return detector


class SwappableNames:
    """While this is open, the setting that swaps a model is looked up, not searched for.

    Django goes through all models for every model that a foreign key points to.
    """

    def __init__(self, apps):
        self.apps = apps
        self.names = {}
        for model in apps.get_models(include_swapped=True):
            meta = model._meta
            # The first that fits wins, as in `Apps.get_swappable_settings_name()`.
            if meta.swapped:
                self.names.setdefault(str(meta.swapped).lower(), meta.swappable)
            if meta.swappable:
                self.names.setdefault(meta.label_lower, meta.swappable)

    def __enter__(self):
        def find(name):
            return self.names.get(name.lower())

        find.cache_clear = self.__exit__  # a model was registered: let Django search again
        self.apps.get_swappable_settings_name = find

    def __exit__(self, *exc):
        vars(self.apps).pop("get_swappable_settings_name", None)


WITHOUT_SQL = ("AlterModelOptions", "AlterModelManagers")


def state_only(label, operation, before):
    """Whether an operation changes nothing in a database: choices, texts, options of a model."""
    if type(operation).__name__ in WITHOUT_SQL:
        return True
    if type(operation).__name__ != "AlterField":
        return False
    try:
        old = before.models[label, operation.model_name_lower].fields[operation.name]
        new = operation.field
        names = getattr(new, "non_db_attrs", ())
        shown = []
        for field in (old, new):
            _, path, args, kwargs = field.clone().deconstruct()
            kept = {key: value for key, value in kwargs.items() if key not in names}
            shown.append((path, args, sorted((key, repr(value)) for key, value in kept.items())))
        return bool(names) and shown[0] == shown[1]
    except Exception:  # noqa: BLE001 - a field of the project may do what it likes
        return False


def one_change(label, operation, before):
    from django.apps import apps

    kind = type(operation).__name__
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    field = getattr(operation, "name", None) if hasattr(operation, "model_name") else None
    file = line = model = None
    try:
        model = apps.get_model(label, str(name))
        file, line = place(model)
    except (LookupError, ValueError):
        pass
    if model is not None and field and "Field" in kind:
        for owner in model.__mro__:
            inner = module_file(owner.__module__)
            at = definitions(inner).get("%s.%s" % (owner.__qualname__, field)) if inner else None
            if at is not None:
                file, line = inner, at
                break
    return {
        "op": kind,
        "text": text_of(operation.describe()),
        "model": model.__name__ if model is not None else (str(name) if name else None),
        "field": str(field) if field else None,
        "file": relative(file),
        "line": line,
        "state_only": state_only(label, operation, before),
    }


# -------------------------------------------------------------------------------- templates

TEMPLATE_LIMIT = 20000
# A template of another encoding cannot be used; other files beside templates may hold anything.
JINJA = (".jinja", ".jinja2", ".j2")
TEXTS = (".html", ".htm", ".txt", ".xml", ".json", ".js", ".css", ".svg", ".md", ".eml")
NOT_TEMPLATES = (".py", ".pyc", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".woff", ".woff2", ".zip")


def section_templates():
    from django.apps import apps
    from django.template import engines

    homes = {}
    for one in apps.get_app_configs():
        homes.setdefault(one.path.rstrip(os.sep), one.label)
    result = {
        "engines": [],
        "templates": [],
        "checked": 0,
        "broken": [],
        "shadowed": [],
        "missing": [],
        "edges": [],
        "references": [],
        "unused": [],
        "computed": [],
        "errors": [],
        "loadable": [],
    }
    claimed = set()
    for alias in list(engines.templates):
        try:
            backend = engines[alias]
        except Exception as error:  # noqa: BLE001 - a library that is not installed
            result["errors"].append(error_row("%s: " % alias, error))
            continue
        folders = template_folders(backend)
        result["engines"].append(
            {
                "name": alias,
                "backend": dotted(type(backend)),
                "dirs": [relative(one) for one in map(str, getattr(backend, "dirs", ()))],
                "app_dirs": bool(getattr(backend, "app_dirs", False)),
            }
        )
        found = list_templates(folders)
        for name, files in found.items():
            row = {
                "name": name,
                "file": relative(files[0]),
                "origin": origin(files[0]),
                "app": nearest(homes, os.path.dirname(files[0])),
            }
            result["templates"].append(row)
            if len(files) > 1:
                result["shadowed"].append(
                    {
                        "name": name,
                        "file": row["file"],
                        "origin": row["origin"],
                        "hidden": [
                            {"file": relative(one), "origin": origin(one)} for one in files[1:]
                        ],
                    }
                )
        for name in CONFIG.get("templates") or ():
            if name not in result["loadable"] and (name in found or known_to(backend, name)):
                result["loadable"].append(name)
        if hasattr(backend, "engine"):
            compile_templates(backend.engine, found, result, claimed)
        claimed.update(files[0] for files in found.values())
    return result


def known_to(backend, name):
    """Whether an engine finds a template, by whatever loaders it has."""
    try:
        backend.get_template(name)
    except Exception as error:  # noqa: BLE001 - one that is there may not compile
        return type(error).__name__ != "TemplateDoesNotExist"
    return True


def nearest(homes, folder):
    """The value of the folder or of the nearest one above it; what was found is remembered."""
    if folder not in homes:
        above = os.path.dirname(folder)
        homes[folder] = None if above == folder else nearest(homes, above)
    return homes[folder]


def template_folders(backend):
    engine = getattr(backend, "engine", None)
    loaders = list(getattr(engine, "template_loaders", None) or ())
    folders = []
    while loaders:
        loader = loaders.pop(0)
        loaders = list(getattr(loader, "loaders", None) or ()) + loaders
        if hasattr(loader, "get_dirs"):
            try:
                folders += [str(one) for one in loader.get_dirs()]
            except Exception:  # noqa: BLE001, S112
                continue
    if not folders:
        folders = [str(one) for one in getattr(backend, "template_dirs", ())]
    return list(dict.fromkeys(map(os.path.abspath, folders)))


def list_templates(folders):
    """{name: [files]}, the winner first."""
    found, count = {}, 0
    for folder in folders:
        for path, below, files in os.walk(folder):
            below[:] = sorted(one for one in below if one not in ("node_modules", "__pycache__"))
            for file in sorted(files):
                if file.startswith(".") or file.lower().endswith(NOT_TEMPLATES):
                    continue
                count += 1
                if count > TEMPLATE_LIMIT:
                    return found
                whole = os.path.join(path, file)
                name = os.path.relpath(whole, folder).replace(os.sep, "/")
                files_of = found.setdefault(name, [])
                if whole not in files_of:
                    files_of.append(whole)
    return found


def compile_templates(engine, found, result, claimed):
    """``claimed``: files that an engine before this one finds and renders, in its own language."""
    from django.template import Origin, Template

    for name, files in found.items():
        file = files[0]
        if origin(file) != "project" or file in claimed or file.lower().endswith(JINJA):
            continue
        try:
            with open(file, encoding=getattr(engine, "file_charset", None) or "utf-8") as handle:
                text = handle.read(2 * 2**20)
        except OSError:
            continue
        except UnicodeDecodeError as error:
            if file.lower().endswith(TEXTS):
                result["broken"].append(
                    {
                        "name": name,
                        "file": relative(file),
                        "line": None,
                        "text": "UnicodeDecodeError: %s" % text_of(error),
                        "origin": "project",
                    }
                )
            continue
        result["checked"] += 1
        try:
            template = Template(text, Origin(file, name), name, engine)
        except Exception as error:  # noqa: BLE001 - tags of the project raise what they like
            token = getattr(error, "token", None)
            debug = getattr(error, "template_debug", None) or {}
            result["broken"].append(
                {
                    "name": name,
                    "file": relative(file),
                    "line": getattr(token, "lineno", None) or debug.get("line"),
                    # Django 6.1 puts the path before what it says; the row has it already.
                    "text": "%s: %s"
                    % (
                        type(error).__name__,
                        text_of(error).replace("Template: %s, " % file, "", 1),
                    ),
                    "origin": "project",
                }
            )
            continue
        for target, kind, line in template_links(template):
            result["edges"].append(
                {
                    "source": name,
                    "target": target,
                    "kind": kind,
                    "file": relative(file),
                    "line": line,
                }
            )
            if target not in found and not loadable(engine, target):
                result["missing"].append(
                    {"name": target, "kind": kind, "file": relative(file), "line": line}
                )


def loadable(engine, name):
    """Whether a loader knows it that reads no folder, or the engine of the form renderer."""
    from django.template import TemplateDoesNotExist

    if name.startswith("django/forms/"):
        return True
    try:
        engine.find_template(name)
    except TemplateDoesNotExist:
        return False
    except Exception:  # noqa: BLE001 - it is there, and does not compile
        return True
    return True


def template_links(template):
    from django.template.loader_tags import ExtendsNode, IncludeNode

    for kind, name, attribute in (
        (ExtendsNode, "extends", "parent_name"),
        (IncludeNode, "include", "template"),
    ):
        for node in template.nodelist.get_nodes_by_type(kind):
            expression = getattr(node, attribute, None)
            target = getattr(expression, "var", None)
            if isinstance(target, str) and not getattr(expression, "filters", None):
                # Since Django 6.0 `page.html#part` is a part of that template.
                yield (
                    str(target).partition("#")[0],
                    name,
                    getattr(getattr(node, "token", None), "lineno", None),
                )


# ------------------------------------------------------------------------------------ tasks


def section_tasks():
    errors = []
    import_task_modules(errors)
    rows, schedule = celery_tasks(errors)
    backends = task_backends()
    rows += django_tasks()
    rows.sort(key=lambda row: (row["kind"], row["name"]))
    return {"tasks": rows, "schedule": schedule, "backends": backends, "errors": errors}


def import_task_modules(errors):
    """What a worker imports at its start: the `tasks` modules of the project's own apps."""
    import importlib
    from importlib.util import find_spec

    from django.apps import apps

    for config in apps.get_app_configs():
        if origin(os.path.join(config.path, "__init__.py")) != "project":
            continue
        try:
            if find_spec(config.name + ".tasks") is not None:
                importlib.import_module(config.name + ".tasks")
        except (Exception, SystemExit) as error:  # noqa: BLE001
            errors.append(error_row("%s.tasks: " % config.name, error))


def celery_tasks(errors):
    celery = sys.modules.get("celery")
    if celery is None:
        return [], []
    rows, schedule = [], []
    app = celery.current_app
    try:
        app.loader.import_default_modules()
    except Exception as error:  # noqa: BLE001
        errors.append(error_row("Celery's own import of tasks: ", error))
    for name, task in sorted(app.tasks.items()):
        if name.startswith("celery."):
            continue
        target = getattr(task, "__wrapped__", None) or type(task)
        target = getattr(target, "__func__", target)
        file, line = place(target)
        rows.append(
            {
                "name": scrub(name),
                "kind": "celery",
                "function": "%s.%s" % (target.__module__, target.__qualname__),
                "queue": text_of(task.queue) if getattr(task, "queue", None) else None,
                "origin": origin(file),
                "file": relative(file),
                "line": line,
            }
        )
    entries = getattr(app.conf, "beat_schedule", None) or {}
    for name, entry in sorted(entries.items(), key=lambda one: str(one[0])):
        entry = entry if isinstance(entry, dict) else {}
        schedule.append(
            {
                "name": text_of(name),
                "task": text_of(entry.get("task") or ""),
                "when": text_of(entry.get("schedule")),
                "file": None,
                "line": None,
            }
        )
    return rows, schedule


def task_backends():
    from django.conf import settings

    rows = []
    value = getattr(settings, "TASKS", None)
    for alias, conf in value.items() if isinstance(value, dict) else ():
        conf = conf if isinstance(conf, dict) else {}
        rows.append(
            {
                "alias": text_of(alias),
                "backend": text_of(conf.get("BACKEND") or ""),
                "queues": [text_of(one) for one in conf.get("QUEUES") or ()],
                "file": None,
                "line": None,
            }
        )
    return rows


def django_tasks():
    """Objects that `django.tasks.task` has made, in whatever module they stand."""
    bases = tuple(
        sys.modules[name].Task
        for name in ("django.tasks.base", "django_tasks.base")
        if hasattr(sys.modules.get(name), "Task")
    )
    found = {}
    for name, module in list(sys.modules.items()):
        values = getattr(module, "__dict__", None)
        if not bases or not isinstance(values, dict) or name == "__main__":
            continue
        for value in list(values.values()):
            # The type, never the instance: isinstance() would wake lazy objects.
            if not issubclass(type(value), bases) or not hasattr(value, "func"):
                continue
            target = value.func
            full = "%s.%s" % (target.__module__, target.__qualname__)
            file, line = place(target)
            found[full] = {
                "name": full,
                "kind": "django",
                "function": full,
                "queue": text_of(value.queue_name),
                "origin": origin(file),
                "file": relative(file),
                "line": line,
            }
    return list(found.values())


# ------------------------------------------------------------------------------------- i18n

CATALOGUE_LIMIT = 16 * 2**20  # bytes of one file
CATALOGUES = 2000
# What only the source of a catalogue tells.
UNREAD = ("messages", "translated", "fuzzy", "untranslated", "obsolete", "plural_forms")


def section_i18n():
    from django.apps import apps
    from django.conf import settings
    from django.utils.translation import to_locale

    homes = {}
    for one in apps.get_app_configs():
        homes.setdefault(os.path.join(one.path, "locale"), one.label)
    named = list(dict.fromkeys(os.path.abspath(str(one)) for one in settings.LOCALE_PATHS))
    rows = []
    for folder in dict.fromkeys(named + list(homes)):
        if origin(os.path.join(folder, "x.mo")) == "project" and os.path.isdir(folder):
            rows += catalogues_in(folder, homes.get(folder))
    offered = [{"code": text_of(one[0]), "name": text_of(one[1])} for one in settings.LANGUAGES]
    missing = []
    if settings.is_overridden("LANGUAGES"):
        missing = without_catalogue(rows, offered, settings.LANGUAGE_CODE, to_locale)
    return {
        "use_i18n": bool(settings.USE_I18N),
        "use_tz": bool(settings.USE_TZ),
        "language_code": text_of(settings.LANGUAGE_CODE),
        "time_zone": text_of(settings.TIME_ZONE) if settings.TIME_ZONE else None,
        "languages": offered,
        "languages_set": bool(settings.is_overridden("LANGUAGES")),
        "locale_paths": [{"path": relative(one), "exists": os.path.isdir(one)} for one in named],
        "middleware": chooses_language(settings.MIDDLEWARE),
        "prefix": language_prefix(),
        "catalogues": rows[:CATALOGUES],
        "missing": missing,
        "left_out": max(0, len(rows) - CATALOGUES),
        "errors": [],
    }


def catalogues_in(folder, label):
    """The catalogues of a folder that Django reads; `.po` files are read from the source."""
    rows = []
    try:
        locales = sorted(os.listdir(folder))
    except OSError:
        return rows
    for locale in locales:
        inner = os.path.join(folder, locale, "LC_MESSAGES")
        if not os.path.isdir(inner):
            continue
        there = set(os.listdir(inner))
        for domain in sorted({name[:-3] for name in there if name.endswith((".po", ".mo"))}):
            source, compiled = domain + ".po", domain + ".mo"
            row = dict.fromkeys(UNREAD)
            row.update(
                domain=text_of(domain),
                language=locale.replace("_", "-").lower(),
                folder=relative(folder),
                app=label,
                used=True,
                po=relative(os.path.join(inner, source)) if source in there else None,
                mo=relative(os.path.join(inner, compiled)) if compiled in there else None,
                compiled=None if compiled in there else "missing",
                compiled_messages=None,
                differing=0,
                example=None,
                errors=[],
            )
            if compiled in there:
                read_compiled(os.path.join(inner, compiled), row)
            rows.append(row)
    return rows


def read_compiled(path, row):
    """Count what Python's own gettext, which Django uses, finds in the file."""
    import gettext
    import struct

    try:
        if os.path.getsize(path) > CATALOGUE_LIMIT:
            return
        with open(path, "rb") as file:
            known = gettext.GNUTranslations(file)
        keys = {key[0] if isinstance(key, tuple) else key for key in known._catalog}
        row["compiled_messages"] = len(keys - {""})
        row["compiled"] = None if row["po"] else "only"
    except (OSError, ValueError, LookupError, TypeError, struct.error) as error:
        row["compiled"] = "unreadable"
        why = text_of(error) or type(error).__name__
        text = "The compiled file cannot be read: %s" % why
        row["errors"].append({"text": text, "file": row["po"] or row["mo"], "line": None})


def without_catalogue(rows, offered, code, to_locale):
    """Offered languages that a folder does not have, whose other languages it has.

    The source itself is in the language of LANGUAGE_CODE, or in English: neither needs one.
    """
    own = {"en", str(code).split("-")[0].lower()}
    folders = {}
    for row in rows:
        folders.setdefault(row["folder"], set()).add(row["language"])
    found = []
    for folder, there in folders.items():
        for one in offered:
            # As gettext looks for them: pt_BR, then pt.
            parts = to_locale(one["code"]).replace("_", "-").lower().split("-")
            names = {"-".join(parts[:cut]) for cut in range(1, len(parts) + 1)}
            if not names & (there | own):
                found.append({"language": one["code"], "folder": folder})
    return found


def chooses_language(paths):
    """Whether a middleware is Django's LocaleMiddleware, or made of it."""
    from django.middleware.locale import LocaleMiddleware
    from django.utils.module_loading import import_string

    for path in paths:
        try:
            target = import_string(path)
        except Exception:  # noqa: BLE001, S112 - the section of middleware says so
            continue
        if isinstance(target, type) and issubclass(target, LocaleMiddleware):
            return True
    return False


def language_prefix():
    """Whether the routes have `i18n_patterns`; None where they cannot be loaded."""
    from django.conf import settings
    from django.conf.urls.i18n import is_language_prefix_patterns_used

    if not getattr(settings, "ROOT_URLCONF", None):
        return None
    try:
        return bool(is_language_prefix_patterns_used(settings.ROOT_URLCONF)[0])
    except Exception:  # noqa: BLE001 - the section of routes says so
        return None


# ----------------------------------------------------------------------------- side effects

WARNINGS = {}
# What was seen so far: each a dictionary of facts with a count.
FACTS = (GUARD.events, GUARD.env, WARNINGS)


def watch_warnings():
    """Collect deprecations instead of printing them."""

    def show(message, category, filename, lineno, file=None, line=None):
        key = (category.__name__, str(message), filename, lineno)
        if key in WARNINGS:
            WARNINGS[key]["count"] += 1
        elif len(WARNINGS) < 500:
            WARNINGS[key] = {"count": 1}

    warnings.showwarning = show
    warnings.simplefilter("default", DeprecationWarning)
    warnings.simplefilter("default", PendingDeprecationWarning)


def section_side_effects():
    seen = [
        {
            "category": category,
            "text": scrub(text),
            "file": relative(file),
            "line": line,
            "origin": origin(file),
            "count": fact["count"],
        }
        for (category, text, file, line), fact in list(WARNINGS.items())
    ]
    old = [one for one in seen if re.search("Deprecat|RemovedIn", one["category"])]
    other = [one for one in seen if not re.search("Deprecat|RemovedIn", one["category"])]
    return {
        "events": list(GUARD.events.values()),
        "env_reads": sorted(GUARD.env.values(), key=lambda fact: fact["name"]),
        "deprecations": old,
        "other_warnings": other,
        "threads": [
            text_of(one.name)
            for one in threading.enumerate()
            if one is not threading.main_thread() and one.name != "inspector-watchdog"
        ],
    }


# ------------------------------------------------------------------------------------- main

SECTIONS = [
    ("apps", section_apps),
    ("models", section_models),
    ("settings", section_settings),
    ("migrations", section_migrations),
    ("databases", section_databases),
    ("admin", section_admin),
    ("commands", section_commands),
    ("signals", section_signals),
    ("middleware", section_middleware),
    ("packages", section_packages),
    ("checks", section_checks),
    ("urls", section_urls),
    # As in makemigrations, which runs the checks first: importing the views brings in the models
    # that no models module imports.
    ("drift", section_drift),
    ("templates", section_templates),
    ("tasks", section_tasks),
    ("i18n", section_i18n),
]


def count_models():
    from django.apps import apps

    return sum(1 for _ in apps.get_models(include_auto_created=True))


class Ahead:
    """The last sections, made in a copy of this process while it goes on with the others.

    In large projects they take as long as the sections before them. The copy is made only where
    that is safe: on Linux, and while no thread but our own is there that could hold a lock. When
    anything goes wrong with it, the sections are made here, as everywhere else.
    """

    NAMES = ("drift", "templates")

    def __init__(self):
        self.pid = self.file = None
        self.models = []
        self.lines = {}
        self.threads = self.count_threads()
        self.seen = []
        self.started = 0.0

    def count_threads(self):
        """Threads of this process, also those that Python does not know; None where unknown."""
        try:
            return len(os.listdir("/proc/self/task"))
        except OSError:
            return None

    def wanted(self):
        if CONFIG["ahead"] is None or CONFIG["only"] is not None or sys.platform != "linux":
            return False
        alone = self.threads is not None and self.threads == self.count_threads()
        return alone and len(self.models) >= CONFIG["ahead"]

    def start(self):
        """To be called when the models are there and the migrations were imported."""
        self.models = known_models()
        if not self.wanted():
            return
        self.seen = [{key: one["count"] for key, one in facts.items()} for facts in FACTS]
        with _Ours(GUARD), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a fork beside threads, which are our own
            try:
                self.file = tempfile.TemporaryFile(dir=CONFIG["scratch"])
                self.pid = os.fork()
            except Exception:  # noqa: BLE001 - hooks of the project run at a fork
                if _GETPID() != _SPEAKER:
                    _EXIT(0)
                return
        self.started = _CLOCK()
        if self.pid == 0:
            try:
                self.work()
            finally:
                _EXIT(0)

    def work(self):
        """In the copy: the sections, each a line, and a line with what was seen meanwhile."""
        global _OUT, _SPEAKER
        _OUT, _SPEAKER = self.file.fileno(), _GETPID()
        send({"hello": {"pid": _SPEAKER}})
        for name, make in SECTIONS:
            if name in self.NAMES:
                section(name, make)
        new = [
            [(key, fact) for key, fact in facts.items() if fact["count"] > old.get(key, 0)]
            for facts, old in zip(FACTS, self.seen)
        ]
        send({"seen": new})

    def send(self, name):
        """Send the line of that section, if it was made and nothing has changed since."""
        if name not in self.NAMES:
            return False
        if self.pid:
            self.collect()
        if name not in self.lines or (name == "drift" and known_models() != self.models):
            return False
        write(self.lines[name])
        return True

    def collect(self):
        """Wait for the copy; take its lines, and what it saw happen."""
        limit = 2 * CONFIG["section_limit"] - (_CLOCK() - self.started)
        if not self.said():
            limit = 1.0  # it was long enough on its way: a hook of the project holds it
        pid, self.pid = self.pid, None
        with _Ours(GUARD):
            try:
                with Limit(max(1.0, limit)):
                    os.waitpid(pid, 0)
            except OutOfTime:
                os.kill(pid, signal.SIGKILL)
                reap(pid)
            except OSError:
                pass  # the project has children waited for: this one has ended, and is complete
        lines = self.said().split(b"\n")[1:-1]
        if len(lines) != len(self.NAMES) + 1 or not lines[-1].startswith(b'{"seen"'):
            return
        self.lines = {name: line + b"\n" for name, line in zip(self.NAMES, lines)}
        merge(json.loads(lines[-1].decode("ascii"))["seen"])

    def said(self):
        # By position: the copy writes with the same offset.
        return os.pread(self.file.fileno(), os.fstat(self.file.fileno()).st_size, 0)


def reap(pid):
    try:
        os.waitpid(pid, 0)
    except OSError:
        pass


def merge(copied):
    """Add what a copy of this process has seen.

    What both have seen since is as a rule the same module, imported in each: it counts once.
    """
    for facts, new in zip(FACTS, copied):
        for key, fact in new:
            key = tuple(key) if isinstance(key, list) else key
            known = facts.setdefault(key, fact)
            known["count"] = max(known["count"], fact["count"])


def known_models():
    """What the models are made of, as far as importing more code can change it."""
    from django.apps import apps

    return [
        (model._meta.label, len(model._meta.local_fields), len(model._meta.local_many_to_many))
        for model in apps.get_models(include_auto_created=True)
    ]


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


def main():
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
    # Tells where it hung, if even the timer cannot interrupt it; the host's own limit is later.
    faulthandler.dump_traceback_later(max(1.0, CONFIG["total_limit"]), exit=True)
    limit_resources()
    # A short process that makes many objects and throws few away: collect seldom. What is
    # garbage in cycles stays a little longer, within the limit of memory.
    gc.set_threshold(500000, 50, 50)
    watch_parent()
    watch_warnings()
    ahead = Ahead()
    sys.path[:0] = [CONFIG["base"], *CONFIG["paths"]]
    send({"hello": {"python": platform.python_version(), "pid": os.getpid()}})
    GUARD.start()
    if CONFIG.get("redirect"):
        redirect_writes()
    # From here on the project's code runs.
    if section("runtime", runtime, CONFIG["setup_limit"]):
        gc.freeze()  # what was imported stays until the end
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
                # The views have brought in models that no models module imports.
                for again in (("apps", section_apps), ("models", section_models)):
                    section(*again)
                section("databases", section_databases)
    if CONFIG["only"] is None:
        section("side_effects", section_side_effects)
    send(
        {
            "end": {
                "status": "complete",
                "seconds": round(_NOW() - STARTED, 3),
                "peak_rss_mb": peak_memory(),
            }
        }
    )


if __name__ == "__main__":
    code = 0
    try:
        main()
    except BaseException:  # noqa: BLE001 - without the end line it counts as a crash: say why
        code = 1
        _WRITE(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        # Threads and exit handlers of the project must not keep us alive.
        try:
            sys.stderr.flush()
        finally:
            _EXIT(code)
