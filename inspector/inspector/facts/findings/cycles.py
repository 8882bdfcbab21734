"""Findings about apps that import each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, fact
from inspector.sections.code import AppImport
from inspector.sections.common import data_of

Findings = Iterator[Finding]
FEW = 3  # imports that can be moved in an hour


def cycles(known: Known) -> Findings:
    """Only cycles that a few imports close; the code page shows the others."""
    data = data_of(known.sections.get("code"))
    if data is None:
        return
    core = _core(known)
    for group in data.get("cycles", []):
        if len(group) == 2 and core in group:
            continue  # the package of the settings belongs to every app
        edges = [
            one
            for one in data["imports"]
            if one["source"] in group and one["target"] in group
            and not one["local"] and not one["typing_only"]
        ]  # fmt: skip
        closing = _closing(edges)
        if closing is None:
            continue
        yield Finding(
            f"apps.cycle:{'-'.join(group)}",
            "info",  # a design of many sound projects
            say("{names_list} import each other", names_list=listed(group)),
            say_n(
                "Without the {n} import of {target} in {source} there would be no cycle.",
                "Without the {n} imports of {target} in {source} there would be no cycle.",
                closing["count"],
                source=closing["source"],
                target=closing["target"],
            ),
            say(
                "None of them can be used, tested or moved without the others, and whether they "
                "load at all depends on the order of imports. Move shared code into an app that "
                "the others import, or reference models by strings."
            ),
            [
                fact(
                    say_n(
                        "{source} imports {target}, {n} time",
                        "{source} imports {target}, {n} times",
                        one["count"],
                        source=one["source"],
                        target=one["target"],
                    ),
                    "code",
                    one,
                )
                for one in [closing, *(one for one in edges if one is not closing)]
            ],
            "code",
            40,
        )


def _core(known: Known) -> str:
    """The label of the app in whose folder the settings are, or empty."""
    apps, settings = data_of(known.sections.get("apps")), data_of(known.sections.get("settings"))
    files = [str(one) for one in settings["files"]] if settings else []
    return next(
        (
            one["label"]
            for one in (apps["apps"] if apps else [])
            if one["origin"] == "project"
            and one["path"]
            and any(f"{file}".rpartition("/")[0] == one["path"] for file in files)
        ),
        "",
    )


def _closing(edges: list[AppImport]) -> AppImport | None:
    """The weakest edge whose removal breaks the cycle, if there is one."""
    weak = [one for one in edges if one["count"] <= FEW]
    for one in sorted(weak, key=lambda edge: edge["count"]):
        rest = [(two["source"], two["target"]) for two in edges if two is not one]
        if not _circular(rest):
            return one
    return None


def _circular(edges: list[tuple[str, str]]) -> bool:
    left = set(edges)
    while left:
        targets = {target for _, target in left}
        gone = {edge for edge in left if edge[0] not in targets}
        if not gone:
            return True
        left -= gone
    return False


RULES: list[Callable[[Known], Findings]] = [cycles]
