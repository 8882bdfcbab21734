"""Files such as `.env.example` that show which variables a project needs.

The project's real `.env` is never opened here: it holds secrets, and a project that uses it reads
it itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from djdesk.projects.discovery.walk import folders
from djdesk.projects.reading import read_text

WORD = r"(?:example|sample|dist|template|tmpl|tpl|defaults?)"
EXAMPLE = re.compile(
    rf"^(?:\.?[\w-]*\.?env(?:\.[\w-]+)*[._-]{WORD}(?:\.(?:local|dev|txt))?"
    rf"|{WORD}[._-]env|\.?env[._-]{WORD}|\.?{WORD}\.env|[\w-]+\.env\.{WORD})$",
    re.IGNORECASE,
)
LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$")
REFERENCE = re.compile(r"\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)")
# Variables that change how the interpreter or system libraries run, or where our own folders are.
RESERVED = re.compile(
    r"^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|TMPDIR|TEMP|TMP|SHELL|IFS|ENV|BASH_ENV|VIRTUAL_ENV"
    r"|PYTHON\w*|LD_\w+|DYLD_\w+|XDG_\w+|DJANGO_SETTINGS_MODULE|SYSTEMROOT|COMSPEC|GIT_\w+)$"
)
SIZE_LIMIT = 256 * 1024


@dataclass
class Example:
    """One file: ``values`` in order, expanded. A variable without a value has ""."""

    file: Path
    values: dict[str, str] = field(default_factory=dict)


def find_examples(root: Path, base: Path) -> list[Example]:
    """All example files of the project: nearest to manage.py first, then by shortest name."""
    found: dict[Path, Example] = {}
    for folder, names in folders(root, 2):
        for name in names:
            if EXAMPLE.match(name):
                text = read_text(folder / name, SIZE_LIMIT)
                values = parse(text) if text is not None else {}
                if values:
                    found[folder / name] = Example(folder / name, values)

    def rank(one: Example) -> tuple[int, int, str]:
        near = [base, root]
        place = near.index(one.file.parent) if one.file.parent in near else len(near)
        return place, len(one.file.name), str(one.file)

    return sorted(found.values(), key=rank)


def parse(text: str) -> dict[str, str]:
    """The variables of a dotenv file. ``${NAME}``, ``${NAME:-default}`` and ``$NAME`` are expanded
    from the file itself; single-quoted values are not."""
    values: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        found = LINE.match(line)
        if found is None or RESERVED.match(found[1]):
            continue
        raw = found[2].strip()
        quote = raw[:1] if raw[:1] in {"'", '"'} else ""
        if quote:
            raw = raw[1:]
            while quote not in raw:  # a quoted value spanning several lines
                following = next(lines, None)
                if following is None:
                    break
                raw += "\n" + following
            raw = raw.partition(quote)[0]
        else:
            raw = "" if raw.startswith("#") else re.split(r"\s+#", raw, maxsplit=1)[0].strip()
        values[found[1]] = raw if quote == "'" else _expanded(raw, values)
    return {name: value for name, value in values.items() if "\0" not in value}


def _expanded(text: str, values: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        known = values.get(found[1] or found[3], "")
        return known or found[2] or ""

    return REFERENCE.sub(value, text)
