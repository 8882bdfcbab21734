# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about how the project is set up: checks, settings, environment, packages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from inspector.facts.finding import Finding, Known, and_more, check_text, fact
from inspector.wording import listed, say, say_n

Findings = Iterator[Finding]
Row = dict[str, Any]


def checks(known: Known) -> Findings:
    data = known.data("checks")
    if data is None:
        return
    rows = [one for one in data["messages"] if not one["silenced"]]
    own = [one for one in rows if one["origin"] not in {"third-party", "django"}]
    urgent = [one for one in own if not one["deploy"]]
    errors = [one for one in urgent if _level(one) == "error"]
    warnings = [one for one in urgent if _level(one) == "warning"]
    title = say_n("Django's checks find {n} error", "Django's checks find {n} errors", len(errors))
    yield from _checks("error", title, errors)
    title = say_n(
        "Django's checks find {n} warning", "Django's checks find {n} warnings", len(warnings)
    )
    yield from _checks("warning", title, warnings)
    foreign = [one for one in rows if one not in own]
    if foreign:
        yield Finding(
            "checks.third-party",
            "info",
            say_n(
                "{n} check finding about installed packages",
                "{n} check findings about installed packages",
                len(foreign),
            ),
            and_more(check_text(foreign[0]), len(foreign)),
            say(
                "They are about other people's code and kept apart from this project's own findings."
            ),
            [fact(check_text(one), "checks", one) for one in foreign],
            "checks",
            70,
        )


def _checks(severity: str, title: str, found: list[Row]) -> Findings:
    if found:
        yield Finding(
            f"checks.{severity}",
            severity,
            title,
            and_more(check_text(found[0]), len(found)),
            say(
                "These are findings about this project's own code and settings; each has its hint."
            ),
            [fact(check_text(one), "checks", one) for one in found],
            "checks",
            14,
        )


def _level(one: Row) -> str:
    return {"critical": "error", "error": "error", "warning": "warning"}.get(one["level"], "info")


def settings(known: Known) -> Findings:
    """By name and place; the values of secrets are never known here."""
    data = known.data("settings")
    if data is None:
        return
    rows = {one["name"]: one for one in data["variables"]}
    module = data["module"] or ""
    public = bool(re.search(r"prod|live|deploy|stag", module.rpartition(".")[2]))
    key, place = data["secret_key"] or {}, rows.get("SECRET_KEY", {})
    if key.get("hard_coded"):
        text = say("SECRET_KEY is a literal in {file}.", file=place.get("file") or module)
        if key.get("insecure_prefix"):
            text += " " + say("It is one that startproject made.")
        yield Finding(
            "settings.secret-key",
            "warning",
            say("SECRET_KEY is written in the source"),
            text,
            say(
                "Whoever can read the repository can forge sessions and password-reset links. Read it "
                "from the environment, and change it where it has been in use."
            ),
            [fact(say("SECRET_KEY is a literal"), "settings", place)],
            "settings",
            16 if public else 30,
        )
    debug = rows.get("DEBUG", {})
    if debug.get("value") == "True":
        yield Finding(
            "settings.debug",
            "warning" if public else "info",
            say("DEBUG is on"),
            say("{module} sets DEBUG to True.", module=module),
            say(
                "An error page shows source, settings and the environment to every visitor. Fine on one's "
                "own machine, never in public."
            ),
            [fact("DEBUG = True", "settings", debug)],
            "settings",
            17 if public else 65,
        )
    hosts = rows.get("ALLOWED_HOSTS", {})
    if "'*'" in str(hosts.get("value")):
        yield Finding(
            "settings.allowed-hosts",
            "warning",
            say("ALLOWED_HOSTS accepts every host"),
            say("ALLOWED_HOSTS holds '*' in {file}.", file=hosts.get("file") or module),
            say(
                "Links in e-mails and caches can be made to point to an attacker's host. Name the hosts."
            ),
            [fact(say("ALLOWED_HOSTS holds '*'"), "settings", hosts)],
            "settings",
            31,
        )
    yield from _environment(known, data)


def _environment(known: Known, data: Row) -> Findings:
    """What had to be assumed where the project was loaded; what the source requires otherwise."""
    runtime = known.data("runtime")
    if runtime is None:
        # What other files read may never be needed: a test, a command, other settings.
        missing = [
            one
            for one in data["env"]
            if one["required"]
            and not one["set"]
            and any(place.get("file") in data["files"] for place in one.get("places") or [one])
        ]
    else:
        assumed = {
            name
            for one in runtime.get("repairs", [])
            if one["kind"] in {"placeholder", "secret-key", "env-example"}
            for name in one["names"]
        }
        missing = [one for one in data["env"] if one["name"] in assumed]
    if missing:
        names = [one["name"] for one in missing]
        yield Finding(
            "settings.environment",
            "info",
            say_n("{n} variable without a default", "{n} variables without a default", len(names)),
            say("{names_list} must be in the environment.", names_list=listed(names)),
            say(
                "Without them the project does not start. An inspection runs without your environment."
            ),
            [fact(one["name"], "settings", one) for one in missing],
            "settings",
            62,
        )


def packages(known: Known) -> Findings:
    data = known.data("dependencies")
    if data is None:
        return
    declared = {_plain(one["name"]): one for one in data["declared"]}
    missing = data["missing"] or []
    if missing:
        yield Finding(
            "packages.missing",
            "warning",
            say_n(
                "{n} declared package not installed",
                "{n} declared packages not installed",
                len(missing),
            ),
            say("The environment lacks {names_list}.", names_list=listed(missing)),
            say(
                "What imports them fails, and their apps may be left out. Install the project's "
                "requirements into this environment."
            ),
            [fact(name, "dependencies", declared.get(_plain(name))) for name in missing],
            "dependencies",
            18,
        )
    main = [one for one in data["declared"] if one["group"] == "main"]
    # A compiled requirements.txt fixes what pyproject.toml leaves open.
    fixed = {_plain(one["name"]) for one in main if one["pinned"] or one["locked"]}
    loose = [one for one in main if _plain(one["name"]) not in fixed]
    if loose:
        names = list(dict.fromkeys(one["name"] for one in loose))
        yield Finding(
            "packages.unpinned",
            "info",
            say_n(
                "{n} package without a fixed version",
                "{n} packages without a fixed version",
                len(names),
            ),
            say("No file fixes the version of {names_list}.", names_list=listed(names)),
            say(
                "Two installations can get different versions, and a new release can break one that "
                "worked. A lock file fixes them."
            ),
            [fact(f"{one['name']}{one['specifier']}", "dependencies", one) for one in loose],
            "dependencies",
            66,
        )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


RULES: list[Callable[[Known], Findings]] = [checks, settings, packages]
