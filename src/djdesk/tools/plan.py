"""Where the tools find the shell and the assets, and where they write their output.

Works the same in a checkout of djdesk and after installing its wheel, which ``scripts/wheel.js``
lays out.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import djdesk
from djdesk.app import App, render

PACKAGE = Path(djdesk.__file__).resolve().parent
ASSETS = PACKAGE / "tools" / "assets"
NODE_TOOLS = PACKAGE / "tools" / "node"
# An editable install has no assets of its own: they are in the checkout.
CHECKOUT = None if ASSETS.is_dir() else PACKAGE.parent.parent
# Output folder of the tools in an app's folder, ignored by git.
MADE = ".djdesk"


def made(app: App) -> Path:
    return app.root / MADE


def ejected(app: App) -> bool:
    """Whether the app has its own copy of the shell (``djdesk eject``)."""
    return (app.root / "electron" / "main.js").is_file()


def shell_folder(app: App) -> Path:
    """The folder that holds electron/."""
    if ejected(app):
        return app.root
    return CHECKOUT or PACKAGE / "shell"


def shell_sources() -> Path:
    return (CHECKOUT or ASSETS) / "electron"


def packaging_folder() -> Path:
    return (CHECKOUT or ASSETS) / "packaging"


def own_licence() -> Path:
    """djdesk's own licence."""
    return (CHECKOUT or ASSETS) / "LICENSE"


def changelog() -> Path:
    return (CHECKOUT or ASSETS) / "CHANGELOG.md"


def dist_folder(app: App) -> Path:
    named = os.environ.get("DJDESK_DIST")
    return Path(named).absolute() if named else app.root / "dist"


def write_app_json(app: App) -> Path:
    """Write ``.djdesk/app.json``, which the shell reads in development."""
    file = made(app) / "app.json"
    described = render(app)
    drawn = made(app) / "stage" / "icons" / "png" / "256x256.png"
    pictures = [drawn] if drawn.is_file() else []
    if described["windowIcon"]:
        pictures.append(app.root / described["windowIcon"])
    write_json(
        file,
        described
        | {
            "root": str(app.root),
            "icon": str(app.root / app.icon) if app.icon else "",
            "windowIcon": str(pictures[0]) if pictures else "",
        },
    )
    return file


def write_plan(app: App) -> Path:
    """Write the plan for the Node tools; src/djdesk/tools/node/setup/plan.js defines its shape."""
    folder = made(app)
    plan: dict[str, Any] = {
        "root": str(app.root),
        "app": str(write_app_json(app)),
        "shell": str(shell_folder(app)),
        "sources": ejected(app) or CHECKOUT is not None,
        "assets": str(packaging_folder()),
        "lock": str(CHECKOUT or ASSETS / "npm"),
        "modules": str(CHECKOUT) if CHECKOUT else None,
        "stage": str(folder / "stage"),
        "dist": str(dist_folder(app)),
        "python": sys.executable,
    }
    file = folder / "plan.json"
    write_json(file, plan)
    return file


def write_json(file: Path, value: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
