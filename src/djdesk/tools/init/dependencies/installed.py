"""The app's packages during the trial: missing ones are added, outdated ones upgraded."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.readiness.report import Decision

from . import install, resolve

MOST = 8  # limit for additions and for upgrades


@dataclass
class Installed:
    """``text``: the requirements installed in ``folder``. ``decisions``: messages about them.
    ``added``: requirements that the lock lacks; ``renewed``: names of packages upgraded beyond the
    lock's version; ``kept``: those pinned back to the lock's version."""

    project: DiscoveredProject
    folder: Path
    python: str
    text: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def resolved(self) -> resolve.Resolved:
        return resolve.resolve(
            self.project, self.python, self.added, self.folder / install.WHEELS, self.renewed
        )

    def begin(self, resolved: resolve.Resolved) -> None:
        """Create an environment with these. A package that does not build is replaced by a version
        with a wheel or left out. Raises ToolProblem."""
        self.versions = resolved.versions

        def newer(name: str) -> str:
            self.renewed.append(normalize(name))
            found = self.resolved()
            before = self.versions.get(normalize(name), "")
            after = found.versions.get(normalize(name), "")
            if found.problem or after in ("", before):
                return ""
            self.versions = found.versions
            why = f"{before} has no wheel and does not build here."
            self.decisions.append(_renewed(name, before, after, why))
            return found.text

        self.text, left_out = install.make(
            self.folder, self.python, resolved.text, newer, older=resolved.older_setuptools
        )
        self.decisions += left_out

    def add(
        self,
        requirement: str,
        why: str,
        place: str,
        said: str = "It is declared in another dependency group only.",
    ) -> bool:
        """Install it; False if it was installed before or cannot be."""
        if not requirement or requirement in self.added or len(self.added) >= MOST:
            return False
        self.added.append(requirement)
        if not self._again():
            return False
        self.decisions.append(
            Decision(
                "DEP4", "", f"{requirement} is added: {why}", said, place,
            )
        )  # fmt: skip
        return True

    def renew(self, file: str, why: str) -> bool:
        """Upgrade the package whose ``file`` failed; False if there is no newer version."""
        said = f"The locked version does not run on Python {self.python} with this Django: {why}"
        return self._renew(self.package_of(file), said)

    def keep(self, file: str, why: str, place: str) -> bool:
        """Go back to the lock's version of the package that ``file`` belongs to, because the newer
        one lacks what the project uses; False if there is none or it does not fit."""
        name = self.package_of(file)
        locked = resolve.locked(self.project).get(name, "")
        before, requirement = self.versions.get(name, ""), f"{name}=={locked}"
        if not name or locked in ("", before) or name in self.kept:
            return False
        self.kept.append(name)
        self.added.append(requirement)
        if not self._again():
            self.added.remove(requirement)
            return False
        said = f"At {place}, the project uses something that {before} does not have: {why}"
        self.decisions.append(_renewed(name, before, locked, said))
        return True

    def newer(self, name: str) -> bool:
        """Install a newer version of ``name`` that has a wheel; False if there is none."""
        return self._renew(normalize(name), "No index has a wheel of the locked version.")

    def _renew(self, name: str, said: str) -> bool:
        if not name or name in self.renewed or len(self.renewed) >= MOST:
            return False
        before = self.versions.get(name, "")
        self.renewed.append(name)
        if not self._again() or self.versions.get(name, "") in ("", before):
            return False
        self.decisions.append(_renewed(name, before, self.versions[name], said))
        return True

    def package_of(self, file: str) -> str:
        """The normalised name of the package that installed ``file``, or empty."""
        for place in install.packages_of(self.folder):
            if Path(file).is_relative_to(place):
                top = Path(file).relative_to(place).parts[0]
                for one in distributions(path=[str(place)]):
                    if any(path.parts[0] == top for path in one.files or []):
                        return normalize(one.name)
        return ""

    def _again(self) -> bool:
        found = self.resolved()
        if found.problem:
            return False
        listed = self.folder / "requirements.txt"
        listed.write_text(found.text, encoding="utf-8", newline="\n")
        done = install.install(self.folder, ["--no-deps", "-r", str(listed)])
        if done.returncode != 0:
            listed.write_text(self.text, encoding="utf-8", newline="\n")
            return False
        self.text, self.versions = found.text, found.versions
        return True


def _renewed(name: str, before: str, after: str, why: str) -> Decision:
    return Decision(
        "DEP1", "", f"{name} {after} instead of {before}.", why, "requirements.txt",
        "Run the project's tests with it: djdesk test.",
    )  # fmt: skip
