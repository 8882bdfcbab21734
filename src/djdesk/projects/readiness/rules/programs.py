"""BIN1: programs and libraries of the system that the project calls; a package has none of them."""

from __future__ import annotations

import re

from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision

# Packages that look for something of the system: what, and what for.
PACKAGES = {
    "weasyprint": "Pango's libraries",
    "pdf2image": "poppler (pdftoppm)",
    "pytesseract": "tesseract",
    "python-magic": "libmagic",
    "pyvips": "libvips",
    "ocrmypdf": "tesseract and ghostscript",
    "ffmpeg-python": "ffmpeg",
    "pydub": "ffmpeg",
    "moviepy": "ffmpeg",
    "wand": "ImageMagick",
    "pypandoc": "pandoc",
    "pdfkit": "wkhtmltopdf",
    "python-ldap": "OpenLDAP's libraries",
    "django-wkhtmltopdf": "wkhtmltopdf",
    "gdal": "GDAL",
    "xmlsec": "xmlsec1",
    "pygraphviz": "graphviz",
    "playwright": "a browser",
    "selenium": "a browser",
    "gitpython": "git",
    "pycairo": "cairo",
}
CALL = re.compile(
    r"\b(?:subprocess\.(?:run|Popen|call|check_call|check_output)|os\.execvp?|shutil\.which)\("
    r"\s*\[?\s*[\"']([a-zA-Z][\w.-]*)[\"']"
)
# What Python or the system always has, or what only a developer calls.
USUAL = {
    "python",
    "python3",
    "git",
    "npm",
    "npx",
    "node",
    "yarn",
    "pnpm",
    "docker",
    "sh",
    "bash",
    "make",
    "uv",
    "pip",
    "open",
    "xdg-open",
    "black",
    "ruff",
    "isort",
}


def rule(look: Look, draft: Draft) -> list[Decision]:
    decisions = [
        Decision(
            "BIN1",
            "B",
            f"{name} needs {PACKAGES[name]} on the user's computer.",
            "A package of the app has Python's packages, not the system's.",
            "",
            "Say so to users, or do without where it is missing.",
        )
        for name in sorted(look.wanted & set(PACKAGES))
    ]
    seen = set()
    for found in look.search(CALL):
        match = CALL.search(found.text)
        program = match[1] if match else ""
        if program in USUAL or program in seen or "scripts" in found.file.parts:
            continue
        seen.add(program)
        decisions.append(
            Decision(
                "BIN1",
                "B",
                f"The program {program} must be on the user's computer.",
                f"It is called: {found.text}",
                look.place(found.file, found.line),
                "Say so to users, or do without where it is missing.",
            )
        )
    return decisions
