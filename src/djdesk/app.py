"""An app: an ordinary Django project whose pyproject.toml has the table ``[tool.djdesk]``.

The single definition of an app's name, id, version, icon, scheme and languages. Python reads the
table; the shell reads the result of ``render``. docs/app-table.md describes every key.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from djdesk.table import AppError, Table

__all__ = ["App", "AppError", "current", "find", "load", "packaged", "program", "render"]

FILE = "pyproject.toml"
FORMAT = 1
# Optional functions of the shell for pages: electron/policy/bridge.js.
BRIDGE = ("exports", "files", "folders", "recent")
MENUS = ("file", "edit", "view", "go", "window", "help")
# Main categories of the freedesktop.org menu; the first one is the default.
CATEGORIES = (
    "Utility", "AudioVideo", "Development", "Education", "Game", "Graphics", "Network", "Office",
    "Science", "System",
)  # fmt: skip
INSIDE = r"(?!\.\.)[^\\/][^\\]*"
# Folder beside the table: metadata (name, version) that Python needs of a project that is not
# installed.
METADATA = "metadata"
SETTINGS_IN_MANAGE = re.compile(r"""DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']""")


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission that pages may request, such as ``media``, and the sentence that
    explains why.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pages:
    """``csp``: strict, relaxed (inline scripts and styles) or report. ``new_windows``: own-origin
    (for the app's own pages) or none. ``static_files``: strict refuses to package an app whose
    pages refer to missing files, lenient leaves such references unchanged."""

    csp: str = "strict"
    static_files: str = "strict"
    static_dirs: tuple[str, ...] = ()
    new_windows: str = "own-origin"
    permissions: tuple[Permission, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """``first_user``: os-user, form or project. ``move``: settings whose paths move to the data
    folder. ``upload_limit``: bytes per request. ``mail``: outbox or project. ``database``: project
    (must then be SQLite), or sqlite to replace a database server."""

    first_user: str = "os-user"
    move: tuple[str, ...] = ()
    upload_limit: int = 2**30
    mail: str = "outbox"
    database: str = "project"


@dataclass(frozen=True, slots=True)
class Update:
    """``feed``: the URL of the folder that announces newer versions. ``keys``: public keys
    (Ed25519, base64) whose signatures are accepted; without one, updates are off. ``channel``:
    which versions are offered; ``channels``: further ones that the user may choose."""

    feed: str = ""
    keys: tuple[str, ...] = ()
    channel: str = "stable"
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class App:
    """One app, with all defaults filled in. ``root`` is the folder of its pyproject.toml.

    ``given_project``: the folder of the Django project if it is not ``root`` (see ``project``).
    ``path``: further folders for ``sys.path``, relative to it. ``environment``: variables that the
    settings read; ``{data}`` and ``{secret}`` in them are filled in on each user's computer.
    """

    root: Path
    name: str
    id: str
    slug: str
    version: str
    description: str
    publisher: str
    settings: str
    icon: str
    scheme: str
    languages: tuple[str, ...]
    help_url: str
    online_help: str
    preferences: str
    pages: Pages = field(default_factory=Pages)
    data: Data = field(default_factory=Data)
    update: Update = field(default_factory=Update)
    processes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lanes: tuple[tuple[str, ...], ...] = ()
    menu: tuple[dict[str, Any], ...] = ()
    files: tuple[dict[str, str], ...] = ()
    bridge: tuple[str, ...] = ()
    category: str = CATEGORIES[0]
    deep_links: tuple[str, ...] = ()
    # Entry points of the group djdesk.commands: name -> "module:function".
    commands: dict[str, str] = field(default_factory=dict)
    given_project: Path | None = None
    path: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    # Project folders created when it is loaded; an installation has them from the start.
    folders: tuple[str, ...] = ()
    # Project files to package although git ignores them: results of a build.
    include: tuple[str, ...] = ()
    # (project folder, command), in order: they create files that are not in git.
    builds: tuple[tuple[str, str], ...] = ()
    # The project was written for a Django older than 5.
    older_django: bool = False

    @property
    def project(self) -> Path:
        """The folder that holds manage.py: on sys.path, and the working directory."""
        return self.given_project or self.root

    @property
    def import_folders(self) -> tuple[Path, ...]:
        """Folders that the app adds to ``sys.path``, in order."""
        found = [self.project, *(self.project / folder for folder in self.path)]
        own = self.root / METADATA
        return (*found, *([own] if own.is_dir() else []))


def find(start: Path) -> Path:
    """The nearest folder, from ``start`` upwards, whose pyproject.toml has the table.

    Raises AppError if there is none.
    """
    start = Path(start).absolute()
    for folder in (start, *start.parents):
        file = folder / FILE
        # Searched as text: a file with a syntax error is found too, and `load` reports the error.
        if file.is_file() and re.search(
            r"^\s*\[tool\.djdesk\b", file.read_text(encoding="utf-8", errors="replace"), re.M
        ):
            return folder
    raise AppError(
        start / FILE,
        0,
        f"There is no app in {start} or above it: no {FILE} has a table [tool.djdesk]. "
        "Go to the app's folder, or create one with djdesk new.",
    )


@cache
def load(folder: Path) -> App:
    """Read and check the table of ``folder``. Raises AppError with file, line and remedy."""
    file = Path(folder).absolute() / FILE
    try:
        text = file.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise AppError(file, 0, f"There is no {FILE} in {file.parent}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise AppError(file, 0, f"It cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise AppError(file, int(line[1]) if line else 0, f"It is not TOML: {error}.") from error
    return _app(file, raw.get("project", {}), Table(file, text, ("tool", "djdesk"), raw))


def current() -> App:
    """The app of this process: the one in the launch config, else DJDESK_APP, else the one packaged
    with this Python, else the one around the working directory."""
    from djdesk.desktop import launch

    config = launch.current()
    if config is not None and config.app is not None:
        return load(config.app)
    if named := os.environ.get("DJDESK_APP"):
        return load(Path(named).absolute())
    return load(packaged() or find(Path.cwd()))


def packaged() -> Path | None:
    """The project that this Python was packaged with, or None in development."""
    # resources/backend/python (or python/bin) and resources/backend/app
    folder = Path(sys.prefix).parent / "app"
    whole = (folder / FILE).is_file() and (folder.parent / "manifest.json").is_file()
    return folder if whole else None


def program() -> str:
    """The command that users type: the app's slug in an installation, else djdesk."""
    folder = packaged()
    return load(folder).slug if folder else "djdesk"


def render(app: App) -> dict[str, Any]:
    """``app.json``, as described in docs/launch-contract.md. Paths are relative to the project."""
    picture = Path(app.icon).with_suffix(".png").as_posix() if app.icon else ""
    return {
        "format": FORMAT,
        "name": app.name,
        "id": app.id,
        "slug": app.slug,
        "version": app.version,
        "description": app.description,
        "publisher": app.publisher,
        "category": app.category,
        "scheme": app.scheme,
        "files": list(app.files),
        "languages": list(app.languages),
        "icon": app.icon,
        "windowIcon": picture if picture and (app.root / picture).is_file() else "",
        "root": ".",
        "pages": {
            "csp": app.pages.csp,
            "newWindows": app.pages.new_windows,
            "permissions": [{"name": p.name, "reason": p.reason} for p in app.pages.permissions],
        },
        "menu": list(app.menu),
        "bridge": list(app.bridge),
        "processes": {name: {"command": list(words)} for name, words in app.processes.items()},
        "update": {
            "feed": app.update.feed,
            "keys": list(app.update.keys),
            "channel": app.update.channel,
            "channels": list(app.update.channels),
        }
        if app.update.feed or app.update.keys
        else {},
        "helpUrl": app.help_url,
        "preferences": app.preferences,
    }


def _app(file: Path, project: dict[str, Any], table: Table) -> App:
    root = file.parent
    table.only(
        "name", "id", "slug", "settings", "icon", "publisher", "scheme", "languages", "lanes",
        "deep-links", "bridge", "help-url", "online-help", "preferences", "category", "menu",
        "files", "pages", "data", "processes", "update", "project", "path", "environment",
        "folders", "include", "builds", "older-django",
    )  # fmt: skip
    given = str(project.get("name") or root.name)
    plain = _slug(given)
    # Valid in folder names on every system.
    name = table.text(
        "name",
        re.sub(r"[-_]+", " ", given).title(),
        r'[^\x00-\x1f\\/:*?"<>|. ]([^\x00-\x1f\\/:*?"<>|]{0,58}[^\x00-\x1f\\/:*?"<>|. ])?',
        "a name of 1 to 60 characters that a folder can have",
    )
    identifier = table.text(
        "id",
        f"local.{plain}",
        r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)+",
        "an identifier such as org.example.bookshelf",
    )
    slug = table.text(
        "slug",
        _slug(identifier.rpartition(".")[2]),
        r"[a-z][a-z0-9-]{0,40}",
        "a short name of a-z, 0-9 and -, beginning with a letter",
    )
    authors = [one.get("name", "") for one in project.get("authors", []) if isinstance(one, dict)]
    version = str(project.get("version") or "0.0.0")
    return App(
        root=root,
        name=name,
        id=identifier,
        slug=slug,
        version=version,
        description=str(project.get("description") or ""),
        publisher=table.text("publisher", next(filter(None, authors), name)),
        scheme=table.text("scheme", "", r"([a-z][a-z0-9+.-]{1,40})?", "a scheme such as bookshelf"),
        languages=table.texts(
            "languages", ("en",), r"[a-z]{2,3}(-[A-Za-z0-9]+)*", "a language code such as de"
        )
        or ("en",),
        help_url=_path(table, "help-url", "/desktop/help/"),
        online_help=table.text(
            "online-help", "", r"(https://\S+)?", "an https address, perhaps with {language} in it"
        ),
        preferences=_path(table, "preferences", "/desktop/preferences/"),
        pages=_pages(table.table("pages")),
        data=_data(table.table("data")),
        update=_update(table.table("update")),
        processes=table.table("processes").commands(),
        lanes=table.lanes("lanes"),
        menu=tuple(_menu_entry(one) for one in table.tables("menu")),
        files=tuple(_kind_of_file(one) for one in table.tables("files")),
        bridge=table.choices("bridge", BRIDGE),
        category=table.choice("category", CATEGORIES),
        deep_links=table.texts("deep-links", (), r"[\w:-]+", "the name of a URL pattern"),
        icon=_icon(root, table),
        given_project=_project(root, table),
        path=table.texts("path", (), r"[^\\/][^\\]*", "a folder of the project"),
        environment=table.table("environment").variables(),
        folders=table.texts("folders", (), INSIDE, "a folder of the project"),
        include=table.texts("include", (), INSIDE, "a folder of the project"),
        builds=table.table("builds").builds(),
        older_django=table.flag("older-django"),
        # Last: errors elsewhere are reported before a missing key.
        settings=_settings(root, table),
        commands=dict(project.get("entry-points", {}).get("djdesk.commands", {})),
    )


def _slug(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:41]
    return plain if plain[:1].isalpha() else f"app-{plain}".rstrip("-")


def _path(table: Table, key: str, default: str) -> str:
    return table.text(key, default, r"/[^\\\s]*", "a path of the app that begins with /")


def _project(root: Path, table: Table) -> Path | None:
    named = table.text("project", "", r"[^\\]*", "a folder, such as ../shop")
    if not named:
        return None
    folder = Path(os.path.abspath(root / named))  # noqa: PTH100 - links stay as they are
    if not folder.is_dir():
        raise table.error(
            "project",
            f"There is no folder {folder}. Set project to where the Django project is now.",
        )
    return folder if folder != root else None


def _settings(root: Path, table: Table) -> str:
    manage = root / "manage.py"
    found = ""
    if manage.is_file():
        match = SETTINGS_IN_MANAGE.search(manage.read_text(encoding="utf-8", errors="replace"))
        found = match[1] if match else ""
    module = table.text(
        "settings", found, r"([^\W\d]\w*(\.[^\W\d]\w*)*)?", "a module such as shop.settings"
    )
    if not module:
        raise table.error(
            "settings",
            "manage.py names no settings module. Name one, such as settings = “shop.settings”.",
        )
    return module


def _icon(root: Path, table: Table) -> str:
    default = next((n for n in ("icon.svg", "icon.png") if (root / n).is_file()), "")
    icon = table.text("icon", default, r"([^\\]+\.(svg|png))?", "an SVG or PNG file")
    if icon and not (root / icon).is_file():
        raise table.error("icon", f"There is no file {icon} in {root}.")
    return icon


def _pages(table: Table) -> Pages:
    table.only("csp", "new-windows", "permissions", "static-files", "static-dirs")
    permissions = []
    for one in table.items("permissions"):
        name, reason = (one.get("name"), one.get("reason")) if isinstance(one, dict) else ("", "")
        if not (isinstance(name, str) and name and isinstance(reason, str) and reason.strip()):
            raise table.error(
                "permissions",
                'Each needs a name and a reason: { name = "media", reason = "To scan barcodes." }.',
            )
        permissions.append(Permission(name, reason))
    return Pages(
        csp=table.choice("csp", ("strict", "relaxed", "report")),
        static_files=table.choice("static-files", ("strict", "lenient")),
        static_dirs=table.texts("static-dirs", (), INSIDE, "a folder of the project"),
        new_windows=table.choice("new-windows", ("own-origin", "none")),
        permissions=tuple(permissions),
    )


def _data(table: Table) -> Data:
    table.only("first-user", "move", "upload-limit", "mail", "database")
    return Data(
        first_user=table.choice("first-user", ("os-user", "form", "project")),
        move=table.texts(
            "move", (), r"[A-Z]\w*(\.\w+)*", "the name of a setting, such as EXPORT_ROOT"
        ),
        upload_limit=table.size("upload-limit", Data().upload_limit),
        mail=table.choice("mail", ("outbox", "project")),
        database=table.choice("database", ("project", "sqlite")),
    )


def _update(table: Table) -> Update:
    table.only("feed", "keys", "channel", "channels")
    channel, word = r"[a-z][a-z0-9-]{0,30}", "a word such as stable"
    return Update(
        # Without TLS only to this computer, for testing a feed.
        feed=table.text(
            "feed",
            "",
            r"(https://[^\s/]\S*|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?)?",
            "an https address",
        ),
        keys=table.texts(
            "keys",
            (),
            r"[A-Za-z0-9+/]{43}=",
            "a public key of 44 characters, as “djdesk release key” prints it",
        ),
        channel=table.text("channel", "stable", channel, word),
        channels=table.texts("channels", (), channel, word),
    )


def _menu_entry(table: Table) -> dict[str, Any]:
    table.only("menu", "submenu", "label", "path", "message", "accelerator")
    entry: dict[str, Any] = {"menu": table.choice("menu", MENUS), "label": table.label("label")}
    if table.has("path") == table.has("message"):
        raise table.error("label", "A menu entry has either a path or a message.")
    if table.has("path"):
        entry["path"] = _path(table, "path", "/")
    else:
        entry["message"] = table.text("message", "", r"[a-z][a-z0-9-]*", "a word such as open")
    if table.has("submenu"):
        entry["submenu"] = table.label("submenu")
    if table.has("accelerator"):
        entry["accelerator"] = table.text("accelerator", "")
    return entry


def _kind_of_file(table: Table) -> dict[str, str]:
    table.only("ext", "name")
    return {
        "ext": table.text("ext", "", r"[A-Za-z0-9]{1,12}", "an ending such as csv"),
        "name": table.text("name", "", r".+", "what people call such a file"),
    }
