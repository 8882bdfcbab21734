"""Rewrite source of a newer Python than ours so that ours can parse it, keeping the lines.

Python 3.14: ``except A, B:`` without parentheses (PEP 758) and template strings (PEP 750). Python
3.15: ``lazy import`` (PEP 810). The rewritten text is close enough for extracting facts, and is
never run.
"""

from __future__ import annotations

import ast
import io
import tokenize

from djdesk.projects.reading import parse_python

TEMPLATE = {"t": "f", "rt": "rf", "tr": "fr"}  # same length, so that columns do not move
OPEN, CLOSE = set("([{"), set(")]}")


def rewritten(text: str) -> str | None:
    """The text without the newer syntax; None if there is none, or it is Python 2."""
    lines = text.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    edits: list[tuple[int, int, int, str]] = []  # line, from, to, new text
    for index, token in enumerate(tokens):
        if token.type != tokenize.NAME or index + 1 == len(tokens):
            continue
        following = tokens[index + 1]
        row, column = token.start
        if token.string.lower() in TEMPLATE and following.start == token.end:
            if following.type in STRINGS:
                edits.append((row, column, token.end[1], TEMPLATE[token.string.lower()]))
        elif token.string == "lazy" and following.string in {"import", "from"}:
            edits.append((row, column, following.start[1], ""))
        elif token.string == "except":
            edits += _bracketed(tokens, index)
    if not edits:
        return None
    for row, start, end, new in sorted(edits, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:start] + new + line[end:]
    return "".join(lines)


STRINGS = {tokenize.STRING, tokenize.FSTRING_START}


def _bracketed(tokens: list[tokenize.TokenInfo], index: int) -> list[tuple[int, int, int, str]]:
    """Parentheses around the classes of an ``except`` with a bare comma."""
    first = index + 2 if tokens[index + 1].string == "*" else index + 1
    depth, commas = 0, []
    for at in range(first, len(tokens)):
        one = tokens[at]
        if one.string in OPEN:
            depth += 1
        elif one.string in CLOSE:
            depth -= 1
        elif depth == 0 and one.string == ",":
            commas.append(at)
        elif depth == 0 and (one.string in {":", "as"} or one.type == tokenize.NEWLINE):
            if not commas or one.string != ":" or _of_python_2(tokens, commas, at):
                return []
            start, end = tokens[first].start, tokens[at].start
            return [(*end, end[1], ")"), (*start, start[1], "(")]
    return []


def _of_python_2(tokens: list[tokenize.TokenInfo], commas: list[int], end: int) -> bool:
    """Python 2's ``except ValueError, error:``, which names the exception."""
    last = tokens[commas[-1] + 1 : end]
    return len(commas) == 1 and len(last) == 1 and last[0].string.islower()


def parse(text: str, filename: str) -> tuple[ast.Module, str]:
    """The tree, and the text that it was parsed from. Raises what `parse_python` does."""
    try:
        return parse_python(text, filename), text
    except SyntaxError as error:
        other = rewritten(text)
        if other is None:
            raise
        try:
            return parse_python(other, filename), other
        except SyntaxError:
            raise error from None
