# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about the project's setup: checks, settings, environment, packages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.discovery.requirements import bounded, local
from djdesk.projects.discovery.settings_kinds import kind_of
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, and_more, check_text, fact
from inspector.sections.checks import Message
from inspector.sections.common import Severity, data_of
from inspector.sections.project import Declared, Settings, Variable

Findings = Iterator[Finding]


def checks(known: Known) -> Findings:
    data = data_of(known.sections.get("checks"))
    if data is None:
        return
    rows = [one for one in data["messages"] if not one["silenced"]]
    own = [one for one in rows if one["origin"] not in {"third-party", "django"}]
    urgent = [one for one in own if not one["deploy"]]
    if _other_database(known):
        urgent = [one for one in urgent if not OF_DATABASE.match(one["id"])]
    wanted = _not_here(known)
    lacking = [one for one in urgent if _about(one, wanted)] if wanted else []
    urgent = [one for one in urgent if one not in lacking]
    unbuilt = [one for one in urgent if OF_BUILD.search(f"{one['id']} {one['msg']}")]
    urgent = [one for one in urgent if one not in unbuilt]
    errors = [one for one in urgent if _level(one) == "error"]
    warnings = [one for one in urgent if _level(one) == "warning"]
    title = say_n("Django's checks find {n} error", "Django's checks find {n} errors", len(errors))
    yield from _checks("error", title, errors)
    title = say_n(
        "Django's checks find {n} warning", "Django's checks find {n} warnings", len(warnings)
    )
    yield from _checks("warning", title, warnings)
    if unbuilt:
        yield Finding(
            "checks.build",
            "info",
            say_n(
                "{n} check message about files that a build makes",
                "{n} check messages about files that a build makes",
                len(unbuilt),
            ),
            and_more(check_text(unbuilt[0]), len(unbuilt)),
            say("Here the frontend is not built yet; its build makes them."),
            [fact(check_text(one), "checks", one) for one in unbuilt],
            "checks",
            61,
        )
    if lacking:
        yield Finding(
            "checks.environment",
            "info",
            say_n(
                "{n} check message about a variable that a scan does not have",
                "{n} check messages about variables that a scan does not have",
                len(lacking),
            ),
            and_more(check_text(lacking[0]), len(lacking)),
            say(
                "A scan runs without your environment. manage.py check says whether they hold with it."
            ),
            [fact(check_text(one), "checks", one) for one in lacking],
            "checks",
            61,
        )
    # Warnings about third-party code stay on their page; errors in it stop every command.
    foreign = [one for one in rows if one not in own and _level(one) == "error"]
    foreign = [one for one in foreign if not (one["deploy"] or _about(one, wanted))]
    if foreign:
        yield Finding(
            "checks.third-party",
            "error",
            say_n(
                "{n} check error in installed packages",
                "{n} check errors in installed packages",
                len(foreign),
            ),
            and_more(check_text(foreign[0]), len(foreign)),
            say("Django's commands fail until the package is set up as it requires."),
            [fact(check_text(one), "checks", one) for one in foreign],
            "checks",
            21,
        )


def _checks(severity: Severity, title: str, found: list[Message]) -> Findings:
    if found:
        yield Finding(
            f"checks.{severity}",
            severity,
            title,
            and_more(check_text(found[0]), len(found)),
            say(
                "They are about this project's own code and settings. The Checks page has the hint of each."
            ),
            [fact(check_text(one), "checks", one) for one in found],
            "checks",
            14,
        )


# Folders of static files that npm and the like make, and the manifest in them.
OF_BUILD = re.compile(
    r"^staticfiles\.W004 .*[/\\'](dist|build|built|bundles?|webpack_bundles|node_modules)['/\\]"
    r"|\b(manifest|webpack-stats)\b.*\b(file|generated)\b",
    re.IGNORECASE | re.DOTALL,
)
# Messages that depend on the database's features.
OF_DATABASE = re.compile(
    r"fields\.(E120|E13[0-4]|E180|E22\d|E01[12]|W16[123])$|models\.W0(2[789]|3\d|4\d)$"
)


def _other_database(known: Known) -> bool:
    """Whether a placeholder of the scan stands in for the project's database."""
    settings = data_of(known.sections.get("settings"))
    rows = settings["variables"] if settings else []
    return any(one["name"] == "DATABASES" and one.get("assumed") for one in rows)


def _not_here(known: Known) -> set[str]:
    """Variables that were read and not set, or made up, and the settings that depend on them."""
    data = data_of(known.sections.get("settings"))
    if data is None or not known.live("checks"):
        return set()
    unset = {one["name"] for one in data["env"] if one["set"] is False}
    names = {
        one["name"]
        for one in data["variables"]
        if one.get("assumed") or unset & set(one.get("env") or ())
    }
    return unset | names


def _about(one: Message, names: set[str]) -> bool:
    words = set(WORDS.findall(f"{one['msg']} {one['hint'] or ''}"))
    return bool(words & names)


WORDS = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*\b")


def _level(one: Message) -> str:
    return {"critical": "error", "error": "error", "warning": "warning"}.get(one["level"], "info")


def settings(known: Known) -> Findings:
    """Judges settings by name and location; values of secrets are never known here.

    Settings for a developer's machine are judged as such, with a single note about
    what they leave open.
    """
    data = data_of(known.sections.get("settings"))
    if data is None:
        return
    rows = {one["name"]: one for one in data["variables"]}
    module = data["module"] or ""
    kind = kind_of(module)
    open_ = [one for one in (_secret_key(data, rows, module), _hosts(known, rows)) if one]
    debug = rows.get("DEBUG")
    # If a variable decides, it is set by whoever starts the project.
    on = bool(debug and debug["value"] == "True" and not (debug.get("env") or _undecided(debug)))
    if on and debug and not (debug.get("assumed") or debug.get("computed")):
        open_.insert(0, (say("{module} sets DEBUG to True.", module=module), debug))
    if kind == "production" and not (on and MANY_USES.search(module)):
        yield from _public(open_, debug, on=on)
    elif kind in {"development", "test"} or OF_OTHERS.search(module):
        pass  # its name says it is for development, or a base for other settings
    elif on:
        yield from _development(known, open_, module)
    else:
        yield from _public(open_, debug, on=False)
    yield from _environment(known, data)


Open = tuple[str, Variable | None]
# A base for other settings, which set what it leaves open.
OF_OTHERS = re.compile(r"(^|[._])(base|common|defaults?|shared)$")


# Developers have settings for containers, too: those with DEBUG on are theirs.
MANY_USES = re.compile(r"docker|server|deploy", re.IGNORECASE)


def _undecided(row: Variable) -> bool:
    """Whether a condition or a file outside the repository may set the value."""
    return bool(row.get("conditional"))


def _secret_key(data: Settings, rows: dict[str, Variable], module: str) -> Open | None:
    place, key = rows.get("SECRET_KEY"), data["secret_key"]
    if not (key and key.get("hard_coded")):
        return None
    if place and (place.get("assumed") or _undecided(place)):
        return None
    file = place["file"] if place else None
    return say("SECRET_KEY is a literal in {file}.", file=file or module), place


def _hosts(known: Known, rows: dict[str, Variable]) -> Open | None:
    hosts = rows.get("ALLOWED_HOSTS")
    # A project middleware that rejects hosts may get its list elsewhere.
    middleware = data_of(known.sections.get("middleware"))
    code = data_of(known.sections.get("code"))
    files = {one["file"] for one in (middleware["middleware"] if middleware else [])}
    if files & set(code.get("host_checks", []) if code else []):
        return None
    if hosts is None or hosts.get("assumed") or hosts.get("env") or hosts["computed"]:
        return None
    if "'*'" not in str(hosts["value"]):
        return None
    if not hosts["file"] or _undecided(hosts):
        return None  # set where the source was not followed: a variable may decide
    return say("ALLOWED_HOSTS holds '*' in {file}.", file=hosts["file"]), hosts


def _public(found: list[Open], debug: Variable | None, *, on: bool) -> Findings:
    """One finding each for settings that may be public."""
    for text, place in found:
        if place is debug and debug:
            if on:
                yield Finding(
                    "settings.debug",
                    "warning",
                    say("DEBUG is on"),
                    text,
                    say(
                        "Error pages show source, settings and environment to every visitor. Fine on your own machine, never in public."
                    ),
                    [fact("DEBUG = True", "settings", debug)],
                    "settings",
                    17,
                )
        elif place is None or place["name"] == "SECRET_KEY":
            yield Finding(
                "settings.secret-key",
                "warning",
                say("SECRET_KEY is written in the source"),
                text,
                say(
                    "Anyone who can read the repository can forge sessions and password-reset links. Read it from the environment, and replace it wherever it has been used."
                ),
                [fact(say("SECRET_KEY is a literal"), "settings", place)],
                "settings",
                16,
            )
        else:
            yield Finding(
                "settings.allowed-hosts",
                "warning",
                say("ALLOWED_HOSTS accepts every host"),
                text,
                say(
                    "Links in e-mails and caches can be made to point to an attacker's host. List "
                    "the allowed hosts."
                ),
                [fact(say("ALLOWED_HOSTS holds '*'"), "settings", place)],
                "settings",
                31,
            )


def _development(known: Known, found: list[Open], module: str) -> Findings:
    """One note, and only if the project has no production settings besides these."""
    data = data_of(known.sections.get("settings"))
    others = [one["module"] for one in (data.get("modules", []) if data else [])]
    if not found or any(kind_of(one) == "production" for one in others):
        return
    yield Finding(
        "settings.development",
        "info",
        say("{module} is for development only", module=module),
        and_more(found[0][0], len(found)),
        say(
            "That is fine on your own machine. Before others can reach the site, give it settings for production; check --deploy with those says what is left."
        ),
        [fact(text, "settings", place) for text, place in found],
        "settings",
        69,
    )


def tied(known: Known) -> Findings:
    """A repository with several sites, of which one was inspected."""
    project = known.snapshot["project"]
    rows = project.get("settings_modules", []) if project else []
    chosen = next((one for one in rows if one["chosen"]), None)
    if chosen is None or not chosen.get("tied"):
        return
    kind = kind_of(chosen["module"])
    others = [
        one for one in rows
        if one.get("tied") and one is not chosen and kind_of(one["module"]) == kind
    ]  # fmt: skip
    if others:
        yield Finding(
            "settings.tied",
            "info",
            say_n(
                "{n} other settings module is equally likely",
                "{n} other settings modules are equally likely",
                len(others),
            ),
            say(
                "{module} was used; the others are {names_list}.",
                module=chosen["module"],
                names_list=listed([one["module"] for one in others]),
            ),
            say("They may be separate sites. Choose the one that you mean, and scan again."),
            [
                fact(f"{one['module']}: " + place["text"], "settings", place)
                for one in [chosen, *others]
                for place in one.get("evidence", [])
            ],
            "settings",
            50,
        )


def _environment(known: Known, data: Settings) -> Findings:
    """Variables that the source reads without a default, and those that an error asked for."""
    runtime = data_of(known.sections.get("runtime"))
    repairs = runtime.get("repairs", []) if runtime else []
    asked = {name for one in repairs for name in one.get("asked", [])}
    # Variables read in other files may never be needed: in a test, a command, other settings.
    missing = [
        one
        for one in data["env"]
        if one["name"] in asked
        or (
            not one["set"]
            and not runtime
            and one["required"]
            and any(place.get("file") in data["files"] for place in one.get("places") or [one])
        )
    ]
    if missing:
        names = [one["name"] for one in missing]
        yield Finding(
            "settings.environment",
            "info",
            say_n(
                "{n} required environment variable",
                "{n} required environment variables",
                len(names),
            ),
            say("{names_list} must be in the environment.", names_list=listed(names)),
            say("Without them the project does not start. A scan runs without your environment."),
            [fact(one["name"], "settings", one) for one in missing],
            "settings",
            62,
        )


def packages(known: Known) -> Findings:
    data = data_of(known.sections.get("dependencies"))
    if data is None:
        return
    # What runs the site says best where it is needed.
    rows = sorted(data["declared"], key=lambda one: one["group"] == "main")
    declared = {_plain(one["name"]): one for one in rows}
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
            install=[_wanted(name, declared.get(_plain(name))) for name in missing],
        )
    main = [one for one in data["declared"] if one["group"] == "main"]
    # A compiled requirements.txt pins what pyproject.toml leaves open.
    fixed = {_plain(one["name"]) for one in main if one["pinned"] or one["locked"]}
    # A bounded range is a choice; an open one accepts every new release.
    loose = [
        one
        for one in main
        if _plain(one["name"]) not in fixed
        and (data.get("library") is None or one["file"] != data["library"])
        and not (bounded(one["specifier"]) or local(one["specifier"]))
    ]
    if loose:
        names = list(dict.fromkeys(one["name"] for one in loose))
        yield Finding(
            "packages.unpinned",
            "info",
            say_n(
                "{n} package is not pinned",
                "{n} packages are not pinned",
                len(names),
            ),
            say("No file pins the version of {names_list}.", names_list=listed(names)),
            say(
                "Two installations can get different versions, and a new release can break one that "
                "worked. A lock file pins them."
            ),
            [fact(f"{one['name']}{one['specifier']}", "dependencies", one) for one in loose],
            "dependencies",
            66,
        )


def _wanted(name: str, row: Declared | None) -> str:
    """The package in its locked version, or else as declared."""
    if row is None:
        return name
    extras = f"[{','.join(row['extras'])}]" if row["extras"] else ""
    version = f"=={row['locked']}" if row["locked"] else row["specifier"]
    return f"{name}{extras}{version}"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


RULES: list[Callable[[Known], Findings]] = [checks, settings, tied, packages]
