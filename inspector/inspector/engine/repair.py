"""Decides what to assume so that a project loads: one careful step per failed attempt.

Values come from the user, from an example file in the project, or are typed placeholders for
variables that the project itself asked for. `runtime.repairs` lists every step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from djdesk.messages import say
from djdesk.projects.discovery.env_files import RESERVED, Example, find_examples
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.settings_kinds import kind_of
from djdesk.projects.discovery.settings_modules import holds_settings
from djdesk.projects.lists import listed
from djdesk.projects.reading import read_text
from inspector.engine.placeholders import BY_KIND, BY_NAME, RETYPE, SQLITE
from inspector.facts.causes.refusals import REFUSED_DATABASE, REFUSED_SQLITE, REFUSED_WRITE
from inspector.facts.causes.variables import MADE_UP, SECRET_MISSING, missing_variables
from inspector.facts.rows import PlanFacts
from inspector.sections.common import Error, Repair, RepairKind

if TYPE_CHECKING:
    from inspector.engine.inspection import Options

TRIES = 14
MOST = 12  # names listed in one sentence
NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


@dataclass
class Step:
    """One repair, as shown in `runtime.repairs`."""

    kind: RepairKind
    names: list[str]
    text: str
    file: str | None = None
    # The names that an error of the project asked for.
    asked: list[str] = field(default_factory=list)

    def as_dict(self) -> Repair:
        kind, names, file, text = self.kind, self.names, self.file, self.text
        row: Repair = {"kind": kind, "names": names, "file": file, "text": text}
        return {**row, "asked": self.asked} if self.asked else row


@dataclass
class Plan:
    """What the next attempt assumes. ``env`` is added to the child's environment."""

    project: DiscoveredProject
    allow_example: bool = True
    allow_copy: bool = True
    automatic: bool = True
    env: dict[str, str] = field(default_factory=dict)
    copy: bool = False
    database: bool = False
    # Redirect writes outside the project to a scratch folder.
    redirect: bool = False
    # Folders of the project to create in its private copy.
    folders: list[str] = field(default_factory=list)
    # Another settings module, used because the chosen one does not load, and why it does not.
    settings: str | None = None
    failed: Error | None = None
    steps: list[Step] = field(default_factory=list)
    attempts: int = 1
    kinds: dict[str, str] = field(default_factory=dict)
    # Template names that static analysis did not find: the project's engines are asked for them.
    templates: list[str] = field(default_factory=list)
    # Settings modules not tried yet; empty if the user has chosen one.
    others: list[str] = field(default_factory=list)
    fixed: bool = False
    # The plan started from what an earlier scan had learned (`learned.py`).
    recalled: bool = False
    _examples: list[Example] | None = None
    _whole: bool = False
    _placed: list[str] = field(default_factory=list)
    _retyped: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def start(cls, project: DiscoveredProject, options: Options, kinds: dict[str, str]) -> Plan:
        """The first attempt: what the user gave and asked for."""
        plan = cls(
            project,
            allow_example=options.use_env_example is not False,
            allow_copy=options.private_copy is not False,
            automatic=options.repair,
            kinds=kinds,
            others=_other_modules(project),
            fixed=options.settings is not None or bool(options.sql),
        )
        given = {
            name: value
            for name, value in options.env.items()
            if NAME.match(name) and not RESERVED.match(name) and "\0" not in value
        }
        if given:
            plan.env.update(given)
            names = sorted(given)
            plan.steps.append(
                Step("values", names, say("You gave {names_list}.", names_list=listed(names, MOST)))
            )
        refused = sorted(set(options.env) - set(given))
        if refused:
            text = say(
                "{names_list} cannot be set for an inspection and was left out.",
                names_list=listed(refused, MOST),
            )
            plan.steps.append(Step("values", [], text))
        if lost := sorted(set(options.forgotten) - set(given)):
            text = say(
                "{names_list} looked like a secret, so the value given for an earlier scan was "
                "not kept. Give it again if the project needs it.",
                names_list=listed(lost, MOST),
            )
            plan.steps.append(Step("forgotten", lost, text))
        if project.bundled:
            folders = ", ".join(str(project.relative(one)) for one in project.bundled)
            text = say(
                "The project carries Django in itself: {folders} was put on the path.",
                folders=folders,
            )
            plan.steps.append(Step("path", [], text))
        if options.use_env_example is True:
            plan._use_whole_example()
        if options.private_copy is True and plan.can_copy():
            plan.copy = True
            plan.steps.append(Step("copy", [], say("You asked for a private copy.")))
        return plan

    @property
    def examples(self) -> list[Example]:
        if self._examples is None:
            self._examples = find_examples(self.project.root, self.project.base)
        return self._examples

    def can_copy(self) -> bool:
        return self.project.base.is_relative_to(self.project.root)

    def after(self, error: Error) -> str | None:
        """Take one step that this error calls for. Returns a sentence for the user, or None if no
        step helps.
        """
        if not self.automatic or self.attempts >= TRIES:
            return None
        text = (
            self._redirect(error)
            or self._copy(error, certain=True)
            or self._folder(error)
            or self._database_copy(error)
            or self._named(error)
            or self._refused_example(error)
            or self._driver(error)
            or self._retype(error)
            or self._example(error)
            or self._copy(error, certain=False)
            or self._other_settings(error)
        )
        if text is not None:
            self.attempts += 1
        return text

    def _copy(self, error: Error, *, certain: bool) -> str | None:
        if self.copy or not self.allow_copy or not self.can_copy():
            return None
        whole = f"{error.get('message')} {error.get('cause', '')}"
        if certain:
            wanted = REFUSED_WRITE in whole or REFUSED_SQLITE in whole
        else:
            # A refused write inside the project, hidden by the code behind another error.
            wanted = any(
                isinstance(one, dict)
                and one.get("kind") in {"write", "sqlite-open"}
                and not _outside(str(one.get("what", "/")))
                for one in error.get("refused") or []
            )
        if not wanted:
            return None
        self.copy = True
        text = say("Loading a private copy, because the project writes files")
        said = say("The project writes while it loads: a copy was loaded.")
        self.steps.append(Step("copy", [], said))
        return text

    def _redirect(self, error: Error) -> str | None:
        """A refused write outside the project: redirect it to a scratch folder."""
        if self.redirect or not self.allow_copy:
            return None
        whole = f"{error.get('message')} {error.get('cause', '')}"
        refused = [
            str(one.get("what"))
            for one in error.get("refused") or []
            if isinstance(one, dict) and one.get("kind") in {"write", "sqlite-open"}
        ]
        outside = refused and Path(refused[-1]).is_absolute()
        if not outside or not (REFUSED_WRITE in whole or REFUSED_SQLITE in whole):
            return None
        self.redirect = True
        said = say(
            "The project writes outside its own folder while it loads ({name}): a scratch folder "
            "stood for that place.",
            name=refused[-1],
        )
        self.steps.append(Step("scratch", [], said))
        return say("Loading it with a scratch folder for what it writes elsewhere")

    def _folder(self, error: Error) -> str | None:
        """A folder that is not under version control, such as `data/`: create it in the copy."""
        if not self.allow_copy or not self.can_copy():
            return None
        missing = error.get("missing_folder")
        if not isinstance(missing, str) or missing in self.folders or len(self.folders) > 8:
            return None
        self.folders.append(missing)
        self.copy = True
        names = ", ".join(self.folders)
        text = say("{names} is not there: it was made in a private copy.", names=names)
        known = next((one for one in self.steps if one.kind == "folder"), None)
        if known is None:
            self.steps.append(Step("folder", [], text))
        else:
            known.text = text
        return say("Loading a private copy with the folder {name}", name=missing)

    def _driver(self, error: Error) -> str | None:
        """The placeholder database needs a driver that is not installed: use SQLite, which needs
        none.
        """
        whole = f"{error.get('message')} {error.get('cause', '')}"
        if not re.search(
            r"Error loading (psycopg|MySQLdb)|No module named '(psycopg|MySQLdb)", whole
        ):
            return None
        held = [
            name for name in self._placed if self.env[name].startswith(("postgres://", "mysql://"))
        ]
        for name in held:
            self.env[name] = "sqlite://:memory:"
        return say("Trying again with SQLite for {name}", name=held[0]) if held else None

    def _other_settings(self, error: Error) -> str | None:
        """Last resort: another settings module of the project may load as it is."""
        if not self.others or self.fixed:
            return None
        if self.failed is None:
            self.failed = {**error}
        self.settings = self.others.pop(0)
        self.steps = [one for one in self.steps if one.kind != "settings"]
        text = say(
            "{module} does not load: {other} was taken instead.",
            module=self.project.settings.module if self.project.settings else "?",
            other=self.settings,
        )
        self.steps.append(Step("settings", [], text))
        return say("Trying again with the settings {module}", module=self.settings)

    def _database_copy(self, error: Error) -> str | None:
        """A query during loading: a private copy of the SQLite file may answer it."""
        whole = f"{error.get('message')} {error.get('cause', '')}"
        if self.database or REFUSED_DATABASE not in whole:
            return None
        self.database = True
        text = say(
            "The project queries its database while it loads: private copies of its SQLite files "
            "answered, empty ones where there is no file."
        )
        self.steps.append(Step("database", [], text))
        return say("Loading it with a private copy of its database")

    def _named(self, error: Error) -> str | None:
        if SECRET_MISSING in str(error.get("message")):
            return None
        names = [
            name
            for name in missing_variables(error)
            if NAME.match(name) and name not in self.env and not RESERVED.match(name)
        ]
        if not names:
            return None
        texts = []
        for name in names[:50]:
            texts.append(self._fill(name))
        return _tries(texts[:3])

    def _refused_example(self, error: Error) -> str | None:
        """The project rejects the value from its own example file ("change the secret key")."""
        message = str(error.get("message"))
        for step in self.steps if error.get("type") != "KeyError" else []:
            for name in step.names if step.kind == "env-example" else []:
                if re.search(rf"\b{re.escape(name)}\b", message) and name not in self._placed:
                    step.names.remove(name)
                    self.steps = [one for one in self.steps if one.names or one is not step]
                    self.env[name] = self.placeholder(name)
                    self._placed.append(name)
                    kind: RepairKind = (
                        "secret-key" if name.endswith("SECRET_KEY") else "placeholder"
                    )
                    self._note(kind, name, None, asked=True)
                    return say("Trying again with another placeholder for {name}", name=name)
        return None

    def _fill(self, name: str) -> str:
        for example in self.examples if self.allow_example else []:
            if value := example.values.get(name):
                self.env[name] = value
                file = self.project.relative(example.file) or example.file.name
                self._note("env-example", name, file, asked=True)
                return say("{word} from {file}", word=name, file=file)
        self.env[name] = self.placeholder(name)
        self._placed.append(name)
        self._note(
            "secret-key" if name.endswith("SECRET_KEY") else "placeholder", name, None, asked=True
        )
        return say("a placeholder for {name}", name=name)

    def _note(self, kind: RepairKind, name: str, file: str | None, *, asked: bool = False) -> None:
        known = next((one for one in self.steps if (one.kind, one.file) == (kind, file)), None)
        if known is None:
            known = Step(kind, [], "", file)
            self.steps.append(known)
        known.names.append(name)
        if asked:
            known.asked.append(name)
        names = listed(known.names, MOST)
        known.text = (
            say("{names_list} taken from {file}.", names_list=names, file=file)
            if file
            else say(
                "{names_list} not set: a placeholder was used for this inspection.",
                names_list=names,
            )
        )

    def placeholder(self, name: str) -> str:
        """A harmless value of the type that the source or the name suggests."""
        if self.kinds.get(name) == "engine":
            return SQLITE
        if self.kinds.get(name) == "database" or re.search(BY_NAME[0][0], name):
            return self._database()
        if (kind := self.kinds.get(name)) in BY_KIND:
            return BY_KIND[kind or ""]
        for pattern, value in BY_NAME[1:]:
            if re.search(pattern, name):
                return value
        return MADE_UP

    def _database(self) -> str:
        """A database URL for a driver the project has. Nothing ever connects to it."""
        names = {one.name.lower() for one in self.project.declared.requirements}
        if any(name.startswith("psycopg") for name in names):
            return "postgres://localhost/placeholder"
        if names & {"mysqlclient", "pymysql"}:
            return "mysql://localhost/placeholder"
        return "sqlite://:memory:"

    def _retype(self, error: Error) -> str | None:
        """A placeholder had the wrong type: try the type that the message asks for."""
        message = str(error.get("message"))
        for name in self._placed:
            # `"django.db.backends." + NAME`
            if f"django.db.backends.{self.env[name]}'" in message and self.env[name] != "sqlite3":
                self.env[name] = "sqlite3"
                return say("Trying again with another placeholder for {name}", name=name)
        shown = [
            name for name in self._placed if len(self.env[name]) > 3 and self.env[name] in message
        ]
        for pattern, value in RETYPE:
            if not re.search(pattern, message):
                continue
            for name in reversed(shown or self._placed[-1:]):
                if (name, value) not in self._retyped and self.env[name] != value:
                    self._retyped.add((name, value))
                    self.env[name] = value
                    return say("Trying again with another placeholder for {name}", name=name)
        return None

    def _example(self, error: Error) -> str | None:
        """No variable is named, but some were read and missing: use the whole example file."""
        absent = set(error.get("unset") or []) - self.env.keys()
        if not self.allow_example or self._whole or not absent:
            return None
        if not any(absent & example.values.keys() for example in self.examples[:1]):
            return None
        return self._use_whole_example()

    def _use_whole_example(self) -> str | None:
        self._whole = True
        for example in self.examples[:1]:
            # Empty values are for a developer to fill in: leave them unset.
            names = [
                name for name, value in example.values.items() if value and name not in self.env
            ]
            if not names:
                return None
            file = self.project.relative(example.file) or example.file.name
            for name in names:
                self.env[name] = example.values[name]
                self._note("env-example", name, file)
            return say("Trying again with the variables of {file}", file=file)
        return None

    def facts(self) -> PlanFacts:
        """`assumed`, `repairs` and `attempts` for the snapshot."""
        return {
            "assumed": [one.text for one in self.steps if one.kind != "copy"],
            "repairs": [one.as_dict() for one in self.steps],
            "attempts": self.attempts,
        }


def _other_modules(project: DiscoveredProject) -> list[str]:
    """Up to three other candidates, development settings first."""
    chosen = project.settings
    if chosen is None or chosen.source == "chosen by you":
        return []
    order = ["development", "other", "production"]
    rows = [
        one.module
        for one in project.settings_modules
        if one.file
        and not one.chosen
        and kind_of(one.module) in order
        and holds_settings(read_text(one.file) or "")
    ]
    return sorted(rows, key=lambda name: order.index(kind_of(name)))[:3]


def _tries(texts: list[str]) -> str:
    """One to three values, each from a file or a placeholder."""
    if len(texts) == 1:
        return say("Trying again with {one_text}", one_text=texts[0])
    if len(texts) == 2:
        return say("Trying again with {one_text}; {two_text}", one_text=texts[0], two_text=texts[1])
    return say(
        "Trying again with {one_text}; {two_text}; {three_text}",
        one_text=texts[0],
        two_text=texts[1],
        three_text=texts[2],
    )


def _outside(place: str) -> bool:
    """Whether the probe names a path outside the project: absolute, or leading upwards."""
    return Path(place).is_absolute() or place.startswith(("/", "\\", ".."))
