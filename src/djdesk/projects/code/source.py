"""Source files, parsed once, and the names that they import."""

from __future__ import annotations

import ast
import codecs
import re
import tokenize
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from djdesk.messages import say
from djdesk.projects.code import newer_syntax
from djdesk.projects.reading import Unreadable, read_bytes

SIZE_LIMIT = 4 * 2**20
TYPING = {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
# Returns the dotted name of an expression, as far as its file's imports show, or "".
FullName = Callable[[ast.expr], str]


@dataclass(frozen=True)
class Unparsable:
    """A file that could not be parsed, with the reason."""

    file: Path
    line: int | None
    text: str
    hint: str = ""
    newer: bool = False  # it needs a newer Python than ours
    older: bool = False  # it is Python 2 code


@dataclass
class Module:
    """One parsed file: ``imports`` maps local names to dotted names."""

    name: str
    file: Path
    tree: ast.Module
    lines: int
    text: str = field(repr=False, default="")
    imports: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    assigned: dict[str, ast.expr] = field(default_factory=dict)

    @property
    def is_package(self) -> bool:
        return self.file.name == "__init__.py"

    @property
    def package(self) -> str:
        return self.name if self.is_package else self.name.rpartition(".")[0]


def parse(file: Path, name: str) -> Module | Unparsable:
    """Read and parse one file; never raises because of its content."""
    try:
        raw = read_bytes(file, SIZE_LIMIT)
        if unread := _not_text(file, raw):
            return unread
        encoding, _ = tokenize.detect_encoding(BytesIO(raw).readline)
        text = raw.decode(encoding)
    except Unreadable as error:
        return Unparsable(file, None, str(error))
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError) as error:
        return Unparsable(file, None, say("cannot be read: {why}", why=error))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in other people's strings
            tree, text = newer_syntax.parse(text, str(file))
    except SyntaxError as error:
        hint, wanted = _hint(error, text)
        newer, older = wanted == NEWER, wanted == OLDER
        return Unparsable(file, error.lineno, str(error.msg), hint, newer, older)
    except (ValueError, RecursionError, MemoryError) as error:
        return Unparsable(file, None, say("too deep or malformed: {why}", why=type(error).__name__))
    module = Module(name, file, tree, text.count("\n") + (not text.endswith("\n")), text)
    try:
        _collect(module, tree.body)
    except RecursionError:
        return Unparsable(file, None, say("too deeply nested"))
    return module


# Byte order marks of UTF-16 and UTF-32.
WIDE = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
PYTHON_2 = re.compile(
    r"^\s*print\s+[\"'\w%(]|^\s*except\s+[\w.]+\s*,\s*[a-z_]\w*\s*:|^\s*raise\s+[\w.]+\s*,"
    r"|^\s*exec\s+[\"'\w]|\w\s*<>\s*\w|\bur['\"]|[=(,\s]0[0-7]+\b",
    re.MULTILINE,
)


def _not_text(file: Path, raw: bytes) -> Unparsable | None:
    """A file that Python rejects for its encoding, whatever its content."""
    wide = next((name for mark, name in WIDE.items() if raw.startswith(mark)), None)
    if wide:
        hint = say("Python reads its source as UTF-8: save the file as UTF-8.")
        return Unparsable(file, None, say("it is encoded as {name}", name=wide), hint)
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return Unparsable(file, line, say("it holds null bytes"), say("The file may be damaged."))
    return None


OLDER, NEWER, NEITHER = "older", "newer", ""
# Syntax that Python 3 never had, searched in a file that cannot be parsed. Words after `print` may
# be part of a string.
CERTAIN_2 = re.compile(
    r"^\s*except\s+\(?[\w., ]+\)?\s*,\s*[A-Za-z_]\w*\s*:\s*(?:#.*)?$"
    r"|^\s*print\s+[\"'][^\n]*[\"']\s*(?:%.*)?$|^\s*raise\s+[A-Z]\w+\s*,\s*[\"']",
    re.MULTILINE,
)


def _hint(error: SyntaxError, text: str) -> tuple[str, str]:
    """What the file may be instead: source for a newer Python than ours, or Python 2."""
    lines = text.splitlines()
    line = lines[error.lineno - 1].strip() if error.lineno and error.lineno <= len(lines) else ""
    message = str(error.msg)
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return say("An unfinished merge: the file holds conflict markers."), NEITHER
    if PYTHON_2.search(line) or "Missing parentheses in call to" in message:
        return say("This is Python 2 code."), OLDER
    if "leading zeros in decimal integer literals" in message:
        return say("This is Python 2 code."), OLDER
    bare = "multiple exception types must be parenthesized" in message
    if (bare or message == "invalid syntax") and CERTAIN_2.search(text):
        return say("This is Python 2 code."), OLDER
    if bare:
        return say("This code needs Python 3.14 or newer."), NEWER
    if re.search(r"(^|[=(,\s])(t|rt|tr)['\"]", line, re.IGNORECASE):
        return say("This code may need Python 3.14 or newer (template strings)."), NEWER
    return "", NEITHER


def _collect(module: Module, body: list[ast.stmt]) -> None:
    """Collect top-level definitions, including those in `if`, `try` and `with`."""
    for node in flatten(body):
        match node:
            case ast.Import():
                for alias in node.names:
                    if alias.asname:
                        module.imports[alias.asname] = alias.name
                    else:
                        top = alias.name.partition(".")[0]
                        module.imports[top] = top
            case ast.ImportFrom():
                source = absolute(module, node)
                for alias in node.names:
                    if alias.name == "*":
                        module.stars.append(source)
                    else:
                        module.imports[alias.asname or alias.name] = f"{source}.{alias.name}"
            case ast.ClassDef():
                module.classes.setdefault(node.name, node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                module.functions.setdefault(node.name, node)
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                module.assigned[target] = value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                module.assigned[target] = value


def flatten(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block, including those in nested `if`, `try`, `with` blocks."""
    for node in body:
        yield node
        match node:
            case ast.If(test=test) if dotted(test) in TYPING:
                # TYPE_CHECKING: never runs; it imports types but defines nothing.
                imports = (ast.Import, ast.ImportFrom)
                yield from (one for one in flatten(node.body) if isinstance(one, imports))
                yield from flatten(node.orelse)
            case ast.If() | ast.For() | ast.While():
                yield from flatten(node.body)
                yield from flatten(node.orelse)
            case ast.Try() | ast.TryStar():
                yield from flatten(node.body)
                for handler in node.handlers:
                    yield from flatten(handler.body)
                yield from flatten(node.orelse)
                yield from flatten(node.finalbody)
            case ast.With():
                yield from flatten(node.body)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """The dotted name of the module in a `from … import`."""
    if not node.level:
        return node.module or ""
    parts = module.package.split(".") if module.package else []
    parts = parts[: len(parts) - (node.level - 1)] if node.level > 1 else parts
    return ".".join([*parts, *([node.module] if node.module else [])])


def dotted(node: ast.expr) -> str | None:
    """``a.b.c`` for a chain of attributes, or None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
        return ".".join(reversed(parts))
    return None


def text_of(node: ast.expr | None) -> str:
    """The source text of an expression; never raises."""
    if node is None:
        return ""
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError, AttributeError):
        return "…"


def string(node: ast.expr | None) -> str | None:
    """The value of a string literal, also inside a translation call such as `_("x")`."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.Call(args=[ast.Constant(value=str() as value), *_]) if (
            dotted(node.func) or ""
        ).rpartition(".")[2] in {
            "_",
            "gettext",
            "gettext_lazy",
            "ugettext_lazy",
            "ugettext",
            "pgettext_lazy",
            "gettext_noop",
            "_lazy",
        }:
            return value
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, two = string(left), string(right)
            return one + two if one is not None and two is not None else None
    return None
