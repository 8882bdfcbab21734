"""``djdesk new``: a Django project that starts, passes its tests and can be packaged at once.

``files/`` holds its template with these placeholders: ``app_module`` (the Python package),
``app-slug`` (the project, last part of its id), ``App Title`` (for people). ``examples/`` has other
apps, which share the common files of ``files/``.
"""

from __future__ import annotations

import importlib.util
import keyword
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django import VERSION

from djdesk import __version__

from ..problem import ToolProblem

FILES = Path(__file__).with_name("files")
EXAMPLES = Path(__file__).with_name("examples")
# Files that examples share with the default app.
SHARED = (
    "gitignore",
    "icon.svg",
    "manage.py",
    "app_module/__init__.py",
    "app_module/migrations/__init__.py",
    "app_module/settings.py",
    "app_module/static/app_module/style.css",
)
NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# A leading dot would hide it here from developers and tools.
RENAMED = {"gitignore": ".gitignore"}
# For a Django in this environment that has no tasks of its own.
LTS = {
    "from django.tasks import": "from django_tasks import",
    '"django>=6.0"': '"django>=5.2,<6"',
    "djdesk>=": "djdesk[lts]>=",
}


def examples() -> list[str]:
    return sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())


def make_app(name: str, parent: Path, example: str = "") -> Path:
    """Write the app into ``parent / name`` and create its git repository. Returns that folder.

    Raises ToolProblem if the name is not a valid Python package name, the folder exists, or the
    example does not exist.
    """
    if example and example not in examples():
        raise ToolProblem(
            f"There is no example “{example}”.", f"There are: {', '.join(examples())}."
        )
    module = check_name(name)
    folder = parent / name
    if folder.exists() or folder.is_symlink():
        raise ToolProblem(f"{folder} already exists.", "Choose another name, or another folder.")
    if not parent.is_dir():
        raise ToolProblem(
            f"There is no folder {parent}.", "Create it first, or choose another one."
        )
    words = {
        "app_module": module,
        "app-slug": name.replace("_", "-"),
        "App Title": title(name),
        "DJDESK_VERSION": __version__,
        **(LTS if VERSION < (6, 0) else {}),
    }
    try:
        # Under a temporary name first: an interrupted command leaves nothing that looks like an
        # app.
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent) as scratch:
            made = Path(scratch) / name
            _write(made, words, _sources(example))
            made.rename(folder)
    except OSError as error:
        raise ToolProblem(
            f"{folder} could not be written: {error.strerror}.", "Choose another folder."
        ) from error
    _initialise_git(folder)
    return folder


def check_name(name: str) -> str:
    """The name of the Python package. Raises ToolProblem with the reason if it is invalid."""
    if not NAME.fullmatch(name):
        raise ToolProblem(
            f"“{name}” cannot be the name of an app.",
            "Use lower-case letters and digits, with - or _ between words, such as my-shelf. The "
            "name that users see is set in pyproject.toml.",
        )
    module = name.replace("-", "_")
    if keyword.iskeyword(module) or keyword.issoftkeyword(module):
        raise ToolProblem(f"“{name}” is a Python keyword.", "Choose another name.")
    taken = module in sys.stdlib_module_names or module in {"test", "tests", "site_packages"}
    if taken or importlib.util.find_spec(module) is not None:
        raise ToolProblem(
            f"There is already a Python package “{module}”.",
            "Choose another name: one of the two could not be imported.",
        )
    return module


def title(name: str) -> str:
    """``my-shelf`` as a title: ``My Shelf``."""
    return " ".join(word.capitalize() for word in re.split("[-_]", name))


def _sources(example: str) -> dict[str, Path]:
    """The app's files by their path in the app."""
    if not example:
        return _files_of(FILES)
    return {name: FILES / name for name in SHARED} | _files_of(EXAMPLES / example)


def _files_of(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        # Skip files left there by tools.
        if path.is_file() and "/." not in f"/{path.relative_to(folder)}" and path.suffix != ".pyc"
    }


def _write(folder: Path, words: dict[str, str], sources: dict[str, Path]) -> None:
    for place, source in sources.items():
        parts = [words.get(part, part) for part in Path(place).parts]
        parts[-1] = RENAMED.get(parts[-1], parts[-1])
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        for word, name in words.items():
            text = text.replace(word, name)
        target.write_text(text, encoding="utf-8", newline="\n")
    (folder / "manage.py").chmod(0o755)


def _initialise_git(folder: Path) -> None:
    """Without git there is no repository; nothing here needs one."""
    if git := shutil.which("git"):
        subprocess.run([git, "init", "--quiet", folder], check=False, capture_output=True)
