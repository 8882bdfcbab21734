"""Programs that a project may start, because they only read."""

import os
import re

# Read-only programs, with exactly the arguments that ctypes.util.find_library and platform use:
# without them, libraries such as GDAL appear to be missing. {out} is a writable file.
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
# Accepted only in these folders, never in one that the project could write.
SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/opt/homebrew/bin/")
# Read-only git subcommands, and the number of positional arguments up to which they are read-only.
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

# Git variables that start no program and write no file, unlike GIT_CONFIG_… and GIT_TRACE….
GIT_PLACES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_OPTIONAL_LOCKS",
    "GIT_TERMINAL_PROMPT",
)


def only_reads(executable, words, env, may_write):
    """Whether it is a system program that writes nothing with these arguments.

    ``words``: the program and its arguments; ``may_write(path)``: whether a path is writable.
    """
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
        return False  # argv[0] differs from the program's name
    if program == "git":
        return git_only_reads(words[1:]) and git_environment_is_safe(env)
    if program == "sh" and words[1:2] == ["-c"] and len(words) == 3:
        # A read-only git command through the shell, without any shell syntax.
        plain = re.match(r"git( [\w./=:%-]+)+$", words[2].strip())
        places = env.get("PATH") if isinstance(env, dict) else None
        known = (shutil.which("git", path=places) or "").startswith(SYSTEM)
        return (
            bool(plain)
            and known
            and git_only_reads(words[2].split()[1:])
            and git_environment_is_safe(env)
        )
    wanted = HELPERS.get(program)
    if wanted is None:
        return False
    given = words[1:]
    if program == "ld":
        while given[1:2] == ["-L"] and len(given) > 2:
            del given[1:3]
        wanted = [one for one in wanted if one != r"(-L)*"]
    return len(given) == len(wanted) and all(
        may_write(word) if one == "{out}" else re.match("(?:%s)$" % one, word)
        for one, word in zip(wanted, given)
    )


def git_environment_is_safe(env):
    """Whether no environment variable makes git start programs or write files."""
    given = os.environ if env is None else env
    return all(
        name in GIT_PLACES for name in map(os.fsdecode, given) if name.upper().startswith("GIT_")
    )


def git_only_reads(words):
    """Whether git only reads with these arguments."""
    while words[:1] == ["--no-pager"] or (words[:1] == ["-C"] and len(words) > 1):
        words = words[1:] if words[0] == "--no-pager" else words[2:]
    if not words or words[0] not in GIT:
        return False
    rest = words[1:]
    if any(re.match(r"-o|--(ou|ext-|textconv|edit)", word) for word in rest):
        return False
    return sum(not word.startswith("-") for word in rest) <= GIT[words[0]]
