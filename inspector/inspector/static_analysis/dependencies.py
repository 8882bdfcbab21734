"""The `dependencies` section: declared, locked and installed packages."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from djdesk.projects.code.tree import Tree
from djdesk.projects.discovery.installed import Distribution, distributions, normalize, state
from djdesk.projects.discovery.missing import missing
from djdesk.projects.discovery.requirements import read_declared
from djdesk.projects.redact import scrub
from inspector.sections.project import Declared as DeclaredRow
from inspector.sections.project import Dependencies
from inspector.static_analysis.facts_cache import FactsCache
from inspector.static_analysis.memo import digest_of


def section(
    tree: Tree, cache: FactsCache, *, has_interpreter: bool, python: str | None = None
) -> Dependencies:
    declared = read_declared(tree.root, tree.base)
    installed = _installed(tree.packages, cache) if has_interpreter else []
    versions = {normalize(one.name): one for one in installed}
    rows: list[DeclaredRow] = []
    for one in declared.requirements:
        dist = versions.get(normalize(one.name))
        rows.append(
            {
                "name": one.name,
                "specifier": scrub(one.specifier),
                "extras": one.extras,
                "marker": one.marker,
                "group": one.group,
                "pinned": one.pinned,
                "file": tree.relative(one.file),
                "line": one.line,
                "installed": dist.version if dist else None,
                "locked": declared.locked.get(normalize(one.name)),
                "license": dist.license if dist else None,
                "summary": dist.summary if dist else None,
                "installed_on": dist.installed_on if dist else None,
            }
        )
    direct = {normalize(one.name) for one in declared.requirements}
    absent = missing(declared, versions, tree.packages, python) if has_interpreter else None
    return {
        "declared": rows,
        "installed": [
            {
                "name": one.name,
                "version": one.version,
                "requires_python": one.requires_python,
                "license": one.license,
                "summary": one.summary,
                "installed_on": one.installed_on,
                "direct": normalize(one.name) in direct,
            }
            for one in installed
        ],
        "missing": absent,
        "requires_python": declared.requires_python,
        "library": tree.relative(declared.library) if declared.library else None,
        "files": [tree.relative(file) for file in declared.files],
        "errors": [
            {"text": text, "file": tree.relative(Path(file)), "line": line}
            for text, file, line in declared.errors
        ],
    }


def _installed(packages: list[Path], cache: FactsCache) -> list[Distribution]:
    """Installed packages, read again only after a change in these folders."""
    mark = digest_of(state(packages))
    rows = cache.result("installed:", mark)
    if rows is None:
        rows = [asdict(one) for one in distributions(packages)]
        cache.put("installed:", mark, rows)
    else:
        cache.keep("installed:")
    return [Distribution(**row) for row in rows]
