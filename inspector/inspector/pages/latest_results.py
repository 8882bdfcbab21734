"""Selects the scan and sections that a project's pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ..models import Command, Project, Scan, Section

if TYPE_CHECKING:
    from inspector.facts.rows import FindingRow
    from inspector.sections.common import Error
    from inspector.sections.scan import ProjectFacts

STATIC_ONLY = {"dependencies", "code", "tests", "readiness"}
LIVE_ONLY = {"runtime", "databases", "checks", "side_effects", "packages", "deploy"}


@dataclass(frozen=True)
class Facts:
    """One section as shown on a page. ``data``: of its class in `sections`; None unless ready.

    ``state``: ``ready``, ``loading`` (a scan is running), ``failed`` (see ``error``) or ``absent``
    (no scan has tried). With ``ready``, ``error`` belongs to the live half and the data shown is
    static. ``not_loaded``: the error is from loading the project. ``older``: the earlier scan the
    data comes from until newer data arrives.
    """

    name: str
    state: str
    source: str = ""
    data: Any = None
    error: Mapping[str, Any] | None = None
    not_loaded: bool = False
    older: Scan | None = None

    @property
    def live_only(self) -> bool:
        return self.name in LIVE_ONLY

    def __bool__(self) -> bool:
        return self.state == "ready"


def open_findings(scan: Scan, project: Project) -> list[FindingRow]:
    """Findings of a scan that are not dismissed, each with only its facts that are not."""
    # Imported here, because the first page does not need the rules.
    from ..facts import baseline

    known = baseline.fingerprints(project.dismissed_keys)
    return [row for one in scan.findings if (row := baseline.left(one, known)) is not None]


class LatestResults:
    """The newest scan of a project, completed from the last one with results.

    During a scan, earlier results stay on the page until the new facts arrive.
    """

    def __init__(self, project: Project, *, light: bool = False) -> None:
        """``light`` skips what the event stream does not need; it runs after every commit."""
        self.project = project
        self._left_out = ("discovered", "summary", "changed", "error", "findings") if light else ()
        # Read before anything else: a change while the page is being rendered then gives a newer
        # version, so the page fetches it. Read afterwards, such a change would be missed.
        self.versions = self._versions()
        if self.active and self.scan and not light:
            # The summary is written together with the sections, which were read after the versions.
            newer = Scan.objects.filter(pk=self.scan.pk).values_list("summary", flat=True)
            self.scan.summary = next(iter(newer), self.scan.summary)

    @cached_property
    def _recent(self) -> list[Scan]:
        return list(self.project.scans.shown().order_by("-pk").defer(*self._left_out))

    @property
    def scans(self) -> list[Scan]:
        """Every stored and visible scan, newest first."""
        return self._recent

    @property
    def scan(self) -> Scan | None:
        return self._recent[0] if self._recent else None

    @property
    def active(self) -> bool:
        return bool(self.scan and self.scan.is_active)

    @cached_property
    def base(self) -> Scan | None:
        """The scan that supplies what the newest one does not have."""
        scan = self.scan
        if scan is None or scan.status in Scan.RESULTS:
            return None
        for earlier in self._recent[1:]:
            if earlier.status in Scan.RESULTS:
                return earlier
        return None

    @property
    def summary(self) -> dict[str, Any]:
        """The summary of the finished scan until a new one is complete."""
        for scan in (self.base, self.scan):
            if scan and scan.summary:
                return scan.summary
        return {}

    @property
    def result(self) -> Scan | None:
        """The last scan with results; None before the first."""
        scan = self.scan
        return scan if scan and scan.status in Scan.RESULTS else self.base

    @property
    def findings(self) -> list[FindingRow]:
        """Findings, most important first, without dismissed ones."""
        return open_findings(self.result, self.project) if self.result else []

    @property
    def news(self) -> Scan | None:
        """The scan if it differs from the previous one, for the notice about changes."""
        return self.result if self.result and self.result.differences else None

    def is_live(self, name: str) -> bool:
        """Whether the section of the shown scan came from the running project."""
        result = self.result
        return any(
            s.ok and s.source == Section.Source.LIVE and result and s.scan_id == result.pk
            for s in self._index.get(name, [])
        )

    @property
    def has_run(self) -> bool:
        """Whether anything shown came from the running project. A scan that was cancelled before it
        ran the project does not count.
        """
        return any(
            s.ok and s.source == Section.Source.LIVE
            for sections in self._index.values()
            for s in sections
        )

    @property
    def counts(self) -> dict[str, Any]:
        return self.summary.get("counts") or {}

    @property
    def discovered(self) -> ProjectFacts:
        """Empty before the first scan."""
        rows = (scan.discovered for scan in (self.scan, self.base) if scan and scan.discovered)
        return cast("ProjectFacts", next(rows, {}))

    @cached_property
    def _index(self) -> dict[str, list[Section]]:
        """Sections of both scans without their data, best last (see ``_rank``)."""
        scans = [s for s in (self.scan, self.base) if s]
        index: dict[str, list[Section]] = {}
        for section in Section.objects.filter(scan__in=scans).defer("data"):
            index.setdefault(section.name, []).append(section)
        for sections in index.values():
            sections.sort(key=self._rank)
        return index

    def _rank(self, section: Section) -> tuple:
        newest = self.scan is not None and section.scan_id == self.scan.pk
        live = section.source == Section.Source.LIVE
        if self.active and self.scan and self.scan.trusted:
            # Earlier live facts take precedence over new static ones until the
            # new live ones arrive.
            return (section.ok, live, newest)
        return (section.ok, newest, live)

    @cached_property
    def commands(self) -> list[Command]:
        """The newest runs of commands that an open page follows."""
        return list(self.project.commands.defer("arguments", "changed")[:5])

    def _versions(self) -> dict[str, str]:
        """A version string for everything a fragment can depend on; it changes with the data."""
        scan = self.scan
        versions = {
            name: "-".join(f"{s.pk}{s.ok:d}" for s in sections)
            for name, sections in self._index.items()
        }
        versions["scan"] = (
            f"{scan.pk}:{scan.status}:{scan.trusted:d}:{scan.cancel_requested:d}" if scan else ""
        )
        versions["runs"] = " ".join(
            f"{c.pk}{c.status}{c.cancel_requested:d}" for c in self.commands
        )
        versions["exports"] = " ".join(
            f"{pk}{status}{stage}{progress}{cancel:d}"
            for pk, status, stage, progress, cancel in self.project.exports.values_list(
                "pk", "status", "stage", "progress", "cancel_requested"
            )
        )
        versions["project"] = ":".join(
            [
                f"{self.project.watch:d}",
                str(self.project.trusted_at),
                self.project.trusted_python,
                self.project.python,
                self.project.settings_module,
                ",".join([*self.project.env, *self.project.asked_names]),
                f"{self.project.use_env_example}{self.project.private_copy}",
                ",".join(one["when"] for one in self.project.dismissed),
            ]
        )
        return versions

    def get(self, *names: str) -> dict[str, Facts]:
        """The named sections with data, in one query."""
        best = {name: self._index[name][-1] for name in names if name in self._index}
        wanted = [s.pk for s in best.values() if s.ok]
        data = dict(Section.objects.filter(pk__in=wanted).values_list("pk", "data"))
        return {name: self._facts(name, best.get(name), data) for name in names}

    def _facts(self, name: str, best: Section | None, data: dict[int, Any]) -> Facts:
        not_loaded = self.load_error
        if best is None:
            if name in LIVE_ONLY and not_loaded:
                return Facts(name, "failed", error=not_loaded, not_loaded=True)
            return Facts(name, "loading" if self.active else "absent")
        older = self.base if self.base and best.scan_id == self.base.pk else None
        if not best.ok:
            return Facts(name, "failed", best.source, None, best.error or {}, older=older)
        live_error = next(
            (
                s.error
                for s in self._index[name]
                if not s.ok and s.scan_id == best.scan_id and s.source == Section.Source.LIVE
            ),
            None,
        )
        if live_error is None and best.source == Section.Source.STATIC and name not in STATIC_ONLY:
            live_error = not_loaded
        return Facts(
            name,
            "ready",
            best.source,
            data.get(best.pk) or {},
            live_error,
            live_error is not None and live_error is not_loaded,
            older,
        )

    @property
    def load_error(self) -> Error | None:
        """Why the newest scan could not load the project; None if it could or did not try."""
        for section in self._index.get("runtime", []):
            if not section.ok and self.scan and section.scan_id == self.scan.pk:
                return cast("Error", section.error or {})
        return None

    def failures(self) -> list[Section]:
        """Sections that the newest scan failed to produce, with the reason."""
        scan = self.scan
        return [
            s
            for sections in self._index.values()
            for s in sections
            if not s.ok and scan and s.scan_id == scan.pk
        ]
