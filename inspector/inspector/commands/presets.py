"""The allowlist: which commands can be run, with which arguments, and what each of them promises.

A preset is an argument vector. Users fill in only its parameters, each checked against a pattern
that no option can match: `--settings`, `--pythonpath`, `--output` and the like load other code or
write elsewhere, so only the preset itself may pass them.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from djdesk.messages import say

TIME_LIMIT = 600.0  # seconds, unless DJDESK_INSPECTOR_TASK_TIMEOUT or the preset says otherwise
NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
READS = say("It reads the code and writes nothing.")
ASKS = say("It reads the code and asks the database; it changes neither.")


class Refused(ValueError):
    """Why a command is not run, as a sentence; ``field`` names the offending parameter."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Param:
    """One argument. An optional argument that is empty is left out."""

    name: str
    label: str
    pattern: str
    example: str
    required: bool = False

    def clean(self, value: str) -> str:
        value = value.strip()
        if not value:
            if self.required:
                raise Refused(
                    say(
                        "{label_text} is needed, for example {example}.",
                        label_text=self.label,
                        example=self.example,
                    ),
                    self.name,
                )
            return ""
        if len(value) > 200 or not re.fullmatch(self.pattern, value, re.ASCII):
            raise Refused(
                say(
                    "{label_text} is a name such as {example}.",
                    label_text=self.label,
                    example=self.example,
                ),
                self.name,
            )
        return value


@dataclass(frozen=True)
class Preset:
    """``args`` follow ``manage.py`` (or, with ``module``, ``python -m module``).

    ``contract`` tells the user what the command does to the project. ``reads_only`` promises that
    it writes nothing there, which is verified afterwards. ``asks``: it opens the database.
    ``export``: extension of the file it writes into our exports folder; the file's path replaces
    ``{export}``.
    """

    key: str
    title: str
    args: tuple[str, ...]
    contract: str
    params: tuple[Param, ...] = ()
    module: str = ""
    limit: float | None = None
    export: str = ""
    reads_only: bool = False
    asks: bool = False

    def arguments(self, values: dict[str, str]) -> list[str]:
        """The checked argument vector. Raises Refused."""
        if unknown := set(values) - {p.name for p in self.params}:
            raise Refused(
                say(
                    "{title_text} has no argument {names}.",
                    title_text=self.title,
                    names=", ".join(sorted(unknown)),
                )
            )
        given = [p.clean(values.get(p.name, "")) for p in self.params]
        return [*self.args, *(value for value in given if value)]

    def time_limit(self, chosen: dict[str, float] | None = None) -> float:
        """Time limit in seconds: from the environment if set there, else the user's choice for this
        preset (``own`` for the project's own commands), else the preset's default.
        """
        mine = (chosen or {}).get(self.key.partition(":")[0])
        return asked_limit() or mine or self.limit or TIME_LIMIT

    @property
    def shown(self) -> str:
        return " ".join(["python", "-m", self.module] if self.module else ["manage.py"]) + (
            " " + " ".join(self.args).replace("{export}", "…")
        )


def asked_limit() -> float | None:
    """Seconds from DJDESK_INSPECTOR_TASK_TIMEOUT, or None if it is unset or invalid."""
    try:
        limit = float(os.environ.get("DJDESK_INSPECTOR_TASK_TIMEOUT", ""))
    except ValueError:
        return None
    return limit if 1.0 <= limit <= 86400.0 else None


LABEL = r"[A-Za-z_]\w*"
APP = Param("app", say("App"), LABEL, "catalog")
ASKING: dict[str, Any] = {"reads_only": True, "asks": True}
PRESETS = {
    preset.key: preset
    for preset in (
        Preset("check", say("Check"), ("check",), READS, (APP,), reads_only=True),
        Preset(
            "check-deploy",
            say("Check for deployment"),
            ("check", "--deploy"),
            READS,
            (APP,),
            reads_only=True,
        ),
        Preset(
            "showmigrations",
            say("List migrations"),
            ("showmigrations", "--list"),
            ASKS,
            (APP,),
            **ASKING,
        ),
        Preset(
            "drift",
            say("Are migrations missing?"),
            ("makemigrations", "--check", "--dry-run", "--verbosity", "2"),
            ASKS,
            (APP,),
            **ASKING,
        ),
        Preset(
            "migrate-plan",
            say("What would migrate do?"),
            ("migrate", "--plan"),
            ASKS,
            (APP,),
            **ASKING,
        ),
        Preset(
            "sqlmigrate",
            say("SQL of a migration"),
            ("sqlmigrate",),
            ASKS,
            (
                Param("app", say("App"), LABEL, "catalog", required=True),
                Param("migration", say("Migration"), r"\w+", "0001_initial", required=True),
            ),
            **ASKING,
        ),
        Preset(
            "diffsettings", say("Settings that differ"), ("diffsettings",), READS, reads_only=True
        ),
        Preset(
            "inspectdb",
            say("Models of an existing database"),
            ("inspectdb",),
            ASKS,
            (Param("table", say("Table"), r"[A-Za-z_][\w.$]*", "shop_book"),),
            **ASKING,
        ),
        Preset(
            "dumpdata",
            say("Export data as JSON"),
            ("dumpdata", "--indent", "2", "--output", "{export}"),
            say("It reads the database and writes one file, into DJDesk's exports folder."),
            (Param("app", say("App or model"), rf"{LABEL}(\.\w+)?", "catalog.Book"),),
            export="json",
            **ASKING,
        ),
        Preset(
            "test",
            say("Run the tests"),
            ("test", "--noinput"),
            say(
                "It creates a test database and removes it. What else the tests do depends on "
                "the project."
            ),
            (Param("label", say("Only"), rf"{LABEL}(\.\w+)*", "catalog.tests"),),
            limit=1800.0,
        ),
        Preset(
            "pytest",
            say("Run pytest"),
            ("--color=yes", "-p", "no:cacheprovider"),
            say(
                "It creates a test database and removes it. What else the tests do depends on "
                "the project."
            ),
            module="pytest",
            limit=1800.0,
        ),
    )
}


def own_preset(name: str, safe: list[str], commands: list[dict[str, Any]]) -> Preset:
    """One of the project's own commands, without arguments.

    Raises Refused unless the project has this command and the user has marked it as safe.
    """
    known = {c.get("name") for c in commands if c.get("origin") == "project"}
    if not NAME.fullmatch(name) or name not in known:
        raise Refused(say("The last scan knows no such command of this project."))
    if name not in safe:
        raise Refused(say("{name} is not marked as safe.", name=name))
    return Preset(
        f"own:{name}",
        name,
        (name,),
        say("You marked it as safe. What it does depends on the project."),
    )
