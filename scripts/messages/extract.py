"""Extract every user-visible text from templates, Python and page scripts."""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from djdesk.tools.builds import ignored_by_git

ROOT = Path(__file__).resolve().parents[2]
# One catalogue per package, so that an app's translations move with the app.
APPS = (
    ROOT / "src/djdesk/desktop",
    ROOT / "src/djdesk/projects",
    *sorted(
        package.parent
        for project in ROOT.glob("*/pyproject.toml")
        for package in project.parent.glob("*/locale")
    ),
)
# Sample projects, third-party code, and the probe, which runs in other people's Python.
LEFT_OUT = {"sample", "vendor", "migrations", "locale"}

FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SENTENCES = {"say": None, "say_n": (1, 2), "say_noop": None}


@dataclass(frozen=True)
class Domain:
    """``suffixes`` of the source files; ``functions`` in Babel's format."""

    name: str
    suffixes: tuple[str, ...]
    functions: dict


DOMAINS = (
    Domain("django", (".html", ".py"), FUNCTIONS),
    Domain("djangojs", (".js",), FUNCTIONS),
    Domain("sentences", (".py",), SENTENCES),
)


def template(app: Path, domain: Domain) -> Catalog:
    """The messages of one app and domain, without translations, in source order."""
    catalogue = Catalog(fuzzy=False)
    for file in _files(app, domain):
        for line, message, comments, context in _messages(app, file, domain):
            place = (file.relative_to(ROOT).as_posix(), line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    return catalogue


def _files(app: Path, domain: Domain) -> Iterator[Path]:
    built = ignored_by_git(app)
    for file in sorted(app.rglob("*")):
        inside = file.relative_to(app).parts
        if built.intersection(file.parents):
            continue  # such as a package's copy of the documentation
        if file.suffix in domain.suffixes and not LEFT_OUT.intersection(inside):
            yield file


@cache
def _texts_of(app: Path) -> Callable[[Path], Iterable[str] | None]:
    """Messages from the app's ``scripts/message_texts.py``, for files whose texts are not in
    function calls.
    """
    file = app.parent / "scripts" / "message_texts.py"
    spec = importlib.util.spec_from_file_location(f"message_texts_of_{app.name}", file)
    if not file.is_file() or spec is None or spec.loader is None:
        return lambda file: None
    # It imports the app's own modules.
    sys.path.insert(0, str(app.parent))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Path], Iterable[str] | None] = module.texts_of
    return found


def _messages(app: Path, file: Path, domain: Domain) -> Iterator[tuple]:
    if domain.name == "sentences" and (bare := _texts_of(app)(file)) is not None:
        yield from ((0, one, [], None) for one in bare)
        return
    source = file.read_text(encoding="utf-8")
    method = "javascript" if file.suffix == ".js" else "python"
    if file.suffix == ".html":
        # The rest of a template is parsed as Python: a line must not look like an indented block.
        lines = templatize(source, origin=file.name).split("\n")
        source = "\n".join(line.lstrip() for line in lines)
    yield from extract(
        method,
        io.BytesIO(source.encode()),
        keywords=domain.functions,
        comment_tags=("Translators:",),
        options={"encoding": "utf-8", "template_string": "True"},
        strip_comment_tags=True,
    )
