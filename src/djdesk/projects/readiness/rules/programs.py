"""BIN1: system programs and libraries that the project uses; a package contains none of them."""

from __future__ import annotations

import ast
import re

from djdesk.projects.code.source import Module
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Found, Look
from djdesk.projects.readiness.report import Decision

# Packages that need something from the system: what, and what for.
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
SYSTEM = re.compile(r"platform|os\.name\b", re.IGNORECASE)
MISSING = {"Exception", "BaseException", "OSError", "FileNotFoundError", "EnvironmentError"}
# Always available with Python or the system, or used only by developers.
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
            "A packaged app contains Python packages, but no system packages.",
            "",
            "Tell your users, or do without it where it is missing.",
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
        where = look.place(found.file, found.line)
        if why := does_without(look, found):
            what = f"The program {program} is used if it is installed."
            decisions.append(Decision("BIN1", "", what, why, where))
            continue
        decisions.append(
            Decision(
                "BIN1",
                "B",
                f"The program {program} must be installed on the user's computer.",
                f"The project calls it: {found.text}",
                where,
                "Tell your users, or do without it where it is missing.",
            )
        )
    return decisions


def does_without(look: Look, found: Found) -> str:
    """Why a missing program does no harm; else empty."""
    if found.text.startswith("shutil.which("):
        return "The project checks whether it is installed."
    module = look.tree.read(found.file)
    if not isinstance(module, Module):
        return ""
    for node in ast.walk(module.tree):
        if not getattr(node, "lineno", 0) <= found.line <= (getattr(node, "end_lineno", 0) or 0):
            continue
        if isinstance(node, ast.If) and SYSTEM.search(ast.unparse(node.test)):
            return "It is used on some systems only."
        if isinstance(node, ast.Try) and any(map(_goes_on, node.handlers)):
            inside = found.line < node.handlers[0].lineno
            return "The project continues without it." if inside else ""
    return ""


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether the code handles a missing program without raising."""
    names = {ast.unparse(handler.type)} if handler.type else {"Exception"}
    if isinstance(handler.type, ast.Tuple):
        names = {ast.unparse(one) for one in handler.type.elts}
    raises = any(isinstance(node, ast.Raise) for one in handler.body for node in ast.walk(one))
    return bool(names & MISSING) and not raises
