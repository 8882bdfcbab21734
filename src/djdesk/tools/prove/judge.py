"""From what was seen to lines of the readiness report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from djdesk.projects.readiness.report import Decision, union

from . import policies
from .places import Places
from .purpose import always_raises
from .seen import PAGES, Seen, Visit, pages
from .vendoring import advice

# What the runtime shows at / where the project shows nothing.
WELCOME = "djdesk.desktop.welcome.welcome"


def judge(seen: Seen, places: Places) -> list[Decision]:
    """The gravest first; a level is empty where nothing is lost."""
    found = [
        *_steps(seen, places),
        *_checks(seen, places),
        *_errors(seen, places),
        *_circles(seen, places),
        *_missing(seen, places),
        *_foreign(seen, places),
        *policies.judged(seen, places),
        *_processes(seen, places),
        *_scripts(seen),
        *_dead_links(seen, places),
        *_first_page(seen, places),
        *_not_seen(seen),
    ]
    return union(found)


def _steps(seen: Seen, places: Places) -> Iterator[Decision]:
    for step in seen.failed:
        where = places.named(step.get("file", ""), int(step.get("line") or 0))
        where = where or places.of_text(step.get("text", ""))
        yield Decision(
            step["rule"],
            step.get("level", "C"),
            step["what"],
            why=step.get("why", ""),
            where=where,
            todo=step.get("todo", ""),
        )


def _few(texts: list[str]) -> str:
    more = f" and {len(texts) - PAGES} more" if len(texts) > PAGES else ""
    return "; ".join(texts[:PAGES]) + more


def _checks(seen: Seen, places: Places) -> Iterator[Decision]:
    for check in seen.facts.get("checks", []):
        yield Decision(
            "CHECK1",
            "C" if check["error"] else "",
            f"{check['id']}: {check['what']}".removeprefix(": "),
            why="A check of Django " + ("fails." if check["error"] else "warns."),
            where=places.named(check["file"], check["line"]),
            todo=check["hint"]
            or "Correct it. If it does not matter on a desktop, name it in SILENCED_SYSTEM_CHECKS.",
        )
    for missing in seen.facts.get("migrations", []):
        yield Decision(
            "MIG2",
            ("C" if missing["breaks"] else "B") if missing["alters"] else "",
            f"Models of {missing['app']} have changes that are in no migration: "
            f"{_few(missing['changes'])}.",
            why="Users' databases are created by migrations, so these changes would be "
            "missing there." + ("" if missing["breaks"] else " The visited pages work without it.")
            if missing["alters"]
            else "They change nothing in the database.",
            where=places.named(missing["file"], missing["line"]),
            todo=f"Run djdesk manage makemigrations {missing['app']}.",
        )


def _errors(seen: Seen, places: Places) -> Iterator[Decision]:
    """One line for each place, with all its pages."""
    raised = {record["path"]: record for record in seen.records if record["kind"] == "error"}
    same: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for visit in seen.visits:
        if visit.status >= 500:
            path = _path_of(visit.url) or visit.path
            record = raised.get(path) or raised.get(visit.path) or {}
            view = seen.views.get(visit.path, {})
            where = places.named(
                record.get("file") or view.get("file", ""),
                record.get("line") or view.get("line", 0),
            )
            what = record.get("what") or f"The page answers {visit.status} without an exception."
            same[what, where].append(visit)
    for (what, where), visits in same.items():
        missing = re.search(r"Missing staticfiles manifest entry for '([^']+)'", what)
        if missing:
            name = missing[1]
            yield Decision(
                "STAT1", "C", f"The static file {name} is missing.",
                why=f"Pages that name it cannot be shown: {pages(visits)}.",
                where=where or places.of_text(name),
                todo="Put it into a folder static/ of an app, or correct its name.",
            )  # fmt: skip
            continue
        if always_raises(*places.lines_of(where)):
            yield Decision(
                "PAGE1", "", f"{pages(visits)} fails on purpose: {what.split('\n')[0]}.",
                why="Its view raises an exception for every request.", where=where,
            )  # fmt: skip
            continue
        yield Decision(
            "PAGE1", _weight(visits, seen), f"Error {visits[0].status} on {pages(visits)}.",
            why=what.split("\n")[0] + (f" {SELDOM}" if _seldom(visits, seen) else ""),
            where=where,
            todo="Correct the line. djdesk start --as-packaged shows the page as users see it.",
        )  # fmt: skip
    slow = [visit for visit in seen.visits if visit.status == 0 and not _is_foreign(visit, seen)]
    if slow:
        yield Decision(
            "PAGE2", "B", f"{pages(slow)} did not answer in time.",
            why="It was given 20 seconds, which is as long as a user would wait.",
            todo="Do long work in a task, and show its progress.",
        )  # fmt: skip


SELDOM = "Only a user who has logged out sees it."


def _seldom(visits: list[Visit], seen: Seen) -> bool:
    """The computer's user is logged in: they see pages as nobody only once they log out."""
    nobody = all(visit.who == "nobody" for visit in visits)
    if any(one["rule"] == "AUTH1" for one in seen.failed):
        return False  # nobody can be logged in
    return nobody and seen.facts.get("first_user") == "os-user"


def _weight(visits: list[Visit], seen: Seen) -> Literal["B", "C"]:
    """An app without a few of its pages works, and they are named; not one without the first page,
    or without a third of all."""
    if _seldom(visits, seen):
        return "B"
    others = {visit.path for visit in seen.visits if visit.who == visits[0].who}
    lost = {visit.path for visit in visits}
    return "C" if "/" in lost or 3 * len(lost) >= len(others) else "B"


def _circles(seen: Seen, places: Places) -> Iterator[Decision]:
    """Pages that redirect until a browser gives up."""
    by_path = {record["path"]: record for record in seen.records if record["kind"] == "redirect"}
    same: dict[str, list[Visit]] = defaultdict(list)
    for visit in seen.visits:
        if 300 <= visit.status < 400 and not is_foreign(visit.url):
            record = by_path.get(visit.path, {})
            same[places.named(record.get("file", ""), record.get("line", 0))].append(visit)
    for where, visits in same.items():
        yield Decision(
            "PAGE1", _weight(visits, seen),
            f"Redirect loop on {pages(visits)}.",
            why="A browser gives up and shows its own error page."
            + (f" {SELDOM}" if _seldom(visits, seen) else ""),
            where=where, todo="Exempt the page that the redirect leads to.",
        )  # fmt: skip


def _missing(seen: Seen, places: Places) -> Iterator[Decision]:
    """Files of the app that pages name and that are not there."""
    static, media = seen.facts.get("static") or "", seen.facts.get("media") or ""
    same: dict[str, list[Visit]] = defaultdict(list)
    for visit in seen.visits:
        for request in visit.requests:
            if request["status"] in (404, 410) and _path_of(request["url"]):
                same[_path_of(request["url"]).partition("?")[0]].append(visit)
    for path, visits in same.items():
        if path == "/favicon.ico":
            continue  # browsers ask for it by themselves; a window has its own icon
        is_media = bool(media) and path.startswith(media)
        prefix = media if is_media else static
        kind = "uploaded file" if is_media else "static file" if path.startswith(prefix) else "file"
        yield Decision(
            "MEDIA1" if is_media else "STAT1", "B", f"The {kind} {path} is missing.",
            why=f"It is used on {pages(visits)}.",
            where=places.of_static(path, prefix),
            todo="A new user has no uploads: ship what every user needs as a static file."
            if is_media
            else "Put it into a folder static/ of an app, or correct its name.",
        )  # fmt: skip


def _foreign(seen: Seen, places: Places) -> Iterator[Decision]:
    same: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for visit in seen.visits:
        # What the policy refuses before it is asked for is known from the violation alone.
        refused = [(item["blocked"], item["directive"]) for item in visit.violations]
        asked = [(request["url"], request["type"]) for request in visit.requests]
        for url, kind in dict.fromkeys([*asked, *refused]):
            if is_foreign(url) and not any(one.startswith(url) for one, _ in asked if one != url):
                same[url, KINDS.get(kind, "A file")].append(visit)
    merged: dict[tuple[str, str], tuple[str, str, list[Visit]]] = {}
    for (url, kind), visits in same.items():
        key = urlsplit(url).netloc, places.of_url(url) or url
        before = merged.get(key, (url, kind, []))
        merged[key] = (*before[:2], [*before[2], *visits])
    for (host, where), (url, kind, visits) in merged.items():
        yield Decision(
            "CDN1", "B", f"{kind} from {host} does not load on {pages(visits)}.",
            why=f"A desktop app loads nothing from the network: {url}",
            where="" if where == url else where, todo=advice(url),
        )  # fmt: skip


KINDS = {
    "Script": "A script", "Stylesheet": "A style sheet", "Font": "A font", "Image": "A picture",
    "Media": "A video or audio file", "Document": "A page", "XHR": "An answer",
    "Fetch": "An answer",
    "script-src-elem": "A script", "script-src": "A script", "style-src-elem": "A style sheet",
    "font-src": "A font", "img-src": "A picture", "frame-src": "A page",
    "connect-src": "An answer",
}  # fmt: skip


def _processes(seen: Seen, places: Places) -> Iterator[Decision]:
    """Writes outside the data folder, connections and programs, of the app's processes."""
    for record in seen.records:
        where = places.named(record["file"], record["line"])
        if record["kind"] == "write":
            name = places.named(record["what"])
            yield Decision(
                "PATH1", "C" if record["refused"] else "B",
                f"{name} is written outside the data folder.",
                why="A user's installation can be read-only, and an update replaces it."
                if record["refused"]
                else "Backups and moves to another computer do not include it.",
                where=where,
                todo="If a setting names the path, add that setting to data.move in "
                "[tool.djdesk.data]; otherwise build the path from settings.DATA_DIR.",
            )  # fmt: skip
        elif record["kind"] == "connect":
            yield Decision(
                "NET1", "B", f"The app connects to {record['what']}.",
                why="The connection was refused. Users may be offline, and your servers are "
                    "not on their computers.",
                where=where,
                todo="Do without it, or catch the error and say what is missing.",
            )  # fmt: skip
        elif record["kind"] == "program":
            yield Decision(
                "BIN1", "", f"The app starts the program {record['what']}.",
                why="A user's computer may not have it.",
                where=where,
                todo="If the app does not work without it, say in the app what must be "
                     "installed.",
            )  # fmt: skip
    for file in seen.changed:
        yield Decision(
            "PATH1", "C", f"{places.named(file)} is written outside the data folder.",
            why="A user's installation can be read-only, and an update replaces it. It was "
                "not written by Python code, so the line is not known.",
            todo="Look for the library or the program that writes there.",
        )  # fmt: skip


def _scripts(seen: Seen) -> Iterator[Decision]:
    same: dict[str, list[Visit]] = defaultdict(list)
    for visit in seen.visits:
        for error in visit.errors:
            same[re.sub(r"http://127\.0\.0\.1:\d+", "", error)].append(visit)
    for error, visits in same.items():
        yield Decision(
            "JS1", "", f"A script on {pages(visits)} fails: {error}",
            why="It may be a consequence of what is named above.",
        )  # fmt: skip


def _dead_links(seen: Seen, places: Places) -> Iterator[Decision]:
    dead = [visit for visit in seen.visits if visit.status == 404 and visit.path not in seen.views]
    for path in sorted({visit.path for visit in dead}):
        yield Decision(
            "LINK1", "", f"A link leads to {path}, which does not exist.",
            where=places.of_text(f'"{path}"', f"'{path}'"),
        )  # fmt: skip


def _first_page(seen: Seen, places: Places) -> Iterator[Decision]:
    """Where the window opens."""
    view = seen.views.get("/", {})
    first = [visit for visit in seen.visits if visit.path == "/"]
    # Who is nobody may well be sent away, where somebody else is let in.
    users = [visit for visit in first if visit.who != "nobody"] or first
    if users and all(visit.status in (401, 403) for visit in users):
        yield Decision(
            "HOME1", "C",
            f"The window opens with a page that refuses its user: / answers {users[0].status}.",
            why="The project requires more than an account, such as membership of an "
                "organisation, and a new user can reach no page that provides it.",
            where="" if view.get("view") == WELCOME
            else places.named(str(view.get("file", "")), int(view.get("line") or 0)),
            todo="Create what it requires in a migration, or let / lead to the page that "
                 "creates it.",
        )  # fmt: skip
    elif view.get("view") == WELCOME:
        yield Decision(
            "HOME1", "", "The project has no page at the address /.",
            why="The window opens with a page of the runtime, which links to the admin if there is "
            "one.",
            todo='Give one of the project\'s pages the pattern path("", …).',
        )  # fmt: skip
    elif any(visit.path == "/" and visit.status in (404, 410) for visit in seen.visits):
        yield Decision(
            "HOME1", "B", "The window opens with a page that does not exist: / answers 404.",
            why="The data of a new user may lack what this page shows.",
            where=places.named(str(view.get("file", "")), int(view.get("line") or 0)),
            todo="Create what it shows in a migration, or have the page say what to do first.",
        )  # fmt: skip


def _not_seen(seen: Seen) -> Iterator[Decision]:
    """What this run could not show; never a fault of the app."""
    if not seen.visits:
        return
    if seen.shell == "none":
        yield Decision(
            "SEEN1", "", "The pages were checked without a browser.",
            why=f"Scripts did not run and no policy was applied. {seen.no_window}".strip(),
            todo="Run djdesk prove where there is a window, or a Chromium.",
        )  # fmt: skip
    elif seen.no_window:
        yield Decision(
            "SEEN1", "", "The pages were checked in Chromium, not in the app's window.",
            why=f"There is no window: {seen.no_window}.",
        )  # fmt: skip
    if seen.left_out:
        yield Decision(
            "SEEN2", "", f"{seen.left_out} more pages were found and not visited.",
            todo="Visit more with --pages.",
        )  # fmt: skip


def is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in (
        "127.0.0.1", "localhost", None,
    )  # fmt: skip


def _is_foreign(visit: Visit, seen: Seen) -> bool:
    """Whether a page could not be shown because it leads to another host."""
    return any(is_foreign(request["url"]) for request in visit.requests)


def _path_of(url: str) -> str:
    """Path and query, for an address of the app only."""
    if is_foreign(url):
        return ""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
