"""CSP1 and CDN1: inline code in pages, and resources from other hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision

INLINE = re.compile(
    r"<script(?![^>]*\bsrc\s*=)(?![^>]*type\s*=\s*[\"'](?:application|text/template))[^>]*>"
    r"|<style\b|\sstyle\s*=\s*[\"']|\son(?:click|load|change|submit|input|key\w+)\s*=\s*[\"']",
    re.IGNORECASE,
)
FOREIGN = re.compile(
    r"<(?:script|iframe)\b[^>]*?\bsrc\s*=\s*[\"'](?P<script>(?:https?:)?//[^\"'\s]+)"
    r"|<link\b(?=[^>]*\brel\s*=\s*[\"']?(?:stylesheet|preload|icon|modulepreload))[^>]*?"
    r"\bhref\s*=\s*[\"'](?P<style>(?:https?:)?//[^\"'\s]+)"
    r"|@import\s+(?:url\()?[\"']?(?P<sheet>(?:https?:)?//[^\"')\s]+)"
    r"|url\(\s*[\"']?(?P<font>(?:https?:)?//[^\"')\s]+)",
    re.IGNORECASE,
)
# An unterminated comment extends to the end; otherwise the rest would be searched from each
# beginning.
COMMENTS = re.compile(
    r"<!--.*?(?:-->|\Z)|\{#(?:[^#\n]|#(?!\}))*+(?:#\})?"
    r"|\{%\s*comment.*?(?:endcomment\s*%\}|\Z)",
    re.DOTALL,
)
# E-mail templates are displayed by other programs.
MAIL = re.compile(r"e?mails?$|notification|newsletter", re.IGNORECASE)


def rule(look: Look, draft: Draft) -> list[Decision]:
    decisions = []
    shown = [(file, _without_comments(text)) for file, text in look.templates if not _is_mail(file)]
    inline = next(((f, t, m) for f, t in shown if (m := INLINE.search(t))), None)
    draft.set("pages.csp", "relaxed")
    where = look.place(inline[0], _line(inline[1], inline[2].start())) if inline else ""
    why = "Some have." if inline else "Pages of the admin and of packages contain some."
    decisions.append(
        Decision(
            "CSP1",
            "",
            "Pages may contain inline scripts and styles (“relaxed”).",
            why,
            where,
            "“strict” is safer once all of them are in files.",
        )
    )
    draft.set("pages.static-files", "lenient")
    foreign = list(_foreign(look, shown))
    for host in dict.fromkeys(host for host, *_ in foreign):
        rows = [row for row in foreign if row[0] == host]
        places = ", ".join(place for _, _, place in rows[1:4])
        decisions.append(
            Decision(
                "CDN1",
                "B",
                f"Pages load a file from {host}: {rows[0][1]}.",
                "A desktop app loads nothing from the network."
                + (f" Also in {places}." if places else ""),
                rows[0][2],
                "Add the file to the static files, and load it with {% static %}.",
            )
        )
    return decisions


def _foreign(look: Look, shown: list[tuple[Path, str]]) -> Iterator[tuple[str, str, str]]:
    """(host, URL, location) of every resource on another host."""
    for file, text in shown:
        for match in FOREIGN.finditer(text):
            address = next(filter(None, match.groups()))
            host = re.sub(r"^(https?:)?//", "", address).partition("/")[0]
            if "{" in host or host.startswith(("127.", "localhost")):
                continue
            # Without query and fragment, which only that host needs.
            address = re.split(r"[?#]", address, maxsplit=1)[0]
            # A page's own part is known only when it is made.
            address = re.sub(r"\{[{%].*", "…", address)
            yield host, address, look.place(file, _line(text, match.start()))


def _without_comments(text: str) -> str:
    """With comments blanked, keeping line numbers."""
    return COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), text)


def _is_mail(file: Path) -> bool:
    return any(MAIL.search(part) for part in (file.stem, *file.parts[-3:-1]))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
