"""Content of the sandboxed preview frame."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from typing import IO, Any

LARGEST = 24 * 2**20  # bytes: a larger report or notebook is not previewed
SHOWN = 256 * 2**10  # bytes shown of a text file
ROWS = 200
HEADING = re.compile(r"(#{1,4}) +(.*)")


class CannotShow(Exception):
    """Why there is no preview, as a key: ``large`` or ``damaged``."""


def whole(file: IO[bytes]) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise CannotShow("large")
    return data


def style_hashes(html: bytes) -> list[str]:
    """CSP hash sources for the style sheets in the head; style sheets in the body get none."""
    head = html.partition(b"<body")[0]
    sheets = re.findall(rb"<style>(.*?)</style>", head, re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(sheet).digest()).decode()}'" for sheet in sheets
    ]


def text(file: IO[bytes]) -> tuple[str, bool]:
    """The beginning of the file, and whether there is more."""
    data = file.read(SHOWN + 1)
    return data[:SHOWN].decode("utf-8", "replace"), len(data) > SHOWN


def notebook(file: IO[bytes]) -> list[dict[str, Any]]:
    """Cells in order: ``{"kind": "markdown", "blocks": [(tag, text)]}`` or ``{"kind": "code",
    "number", "source", "hidden", "outputs": [{"html"} or {"text"}]}``.
    """
    try:
        cells = json.loads(whole(file))["cells"]
        return [_cell(cell) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotShow("damaged") from error


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        return {"kind": "markdown", "blocks": _blocks(source)}
    outputs = []
    for output in cell["outputs"]:
        data = output.get("data") or {}
        if html := data.get("text/html"):
            outputs.append({"html": "".join(html)})
        else:
            outputs.append({"text": "".join(output.get("text") or data.get("text/plain") or "")})
    hidden = bool((cell["metadata"].get("jupyter") or {}).get("source_hidden"))
    number = cell.get("execution_count")
    return {
        "kind": "code",
        "number": number,
        "source": source,
        "hidden": hidden,
        "outputs": outputs,
    }


def _blocks(source: str) -> list[tuple[str, str]]:
    """Headings and paragraphs, which is all that our notebooks contain."""
    blocks: list[tuple[str, str]] = []
    for line in source.split("\n"):
        if found := HEADING.fullmatch(line):
            blocks.append((f"h{len(found[1])}", found[2]))
        elif blocks and blocks[-1][0] == "p":
            blocks[-1] = ("p", f"{blocks[-1][1]} {line}")
        elif line.strip():
            blocks.append(("p", line))
    return blocks


def names(file: IO[bytes]) -> list[str]:
    """Names of the tables in an archive."""
    try:
        with zipfile.ZipFile(file) as zipped:
            return [
                name.removesuffix(".csv") for name in zipped.namelist() if name.endswith(".csv")
            ]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise CannotShow("damaged") from error


def table(file: IO[bytes], name: str) -> tuple[list[str], list[list[str]], bool]:
    """Columns, the first ``ROWS`` rows, and whether there are more. Falls back to the first table
    if there is none of that name.
    """
    try:
        with zipfile.ZipFile(file) as zipped:
            members = zipped.namelist()
            member = f"{name}.csv" if f"{name}.csv" in members else members[0]
            with zipped.open(member) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as lines:
                reader = csv.reader(lines)
                columns = next(reader, [])
                rows = [row for _, row in zip(range(ROWS + 1), reader, strict=False)]
    except (zipfile.BadZipFile, OSError, ValueError, IndexError, csv.Error) as error:
        raise CannotShow("damaged") from error
    return columns, rows[:ROWS], len(rows) > ROWS
