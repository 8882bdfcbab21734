"""Request every page of the staged app that takes no arguments.

A page that answers 500 is found here rather than by a user: it may work for the developer, where
debug settings tolerate missing static files and every package is installed.
"""

from __future__ import annotations

from collections.abc import Mapping

from djdesk.tools.serving import children, pages
from djdesk.tools.serving.pages import Server

from .places import RUN, Backend, StageProblem


def crawl(
    backend: Backend, server: Server, env: Mapping[str, str], *, with_faults: bool = False
) -> tuple[int, int, list[str]]:
    """Request every page, first anonymously, then as the first user. Returns the number of pages,
    how many of them the first user requested, and lines about tolerated failures: anonymous ones if
    there is a first user, who is logged in automatically, and all ``with_faults``.

    Raises StageProblem for other responses of 500 and above.
    """
    python = [str(backend.python), *RUN]
    try:
        paths = [str(page["path"]) for page in pages.addresses(python, env)]
        cookie = pages.session(python, env)
    except pages.CannotAsk as failure:
        raise StageProblem(
            "The staged app's pages cannot be requested.", "", str(failure)
        ) from None
    seen = [("nobody", None)] + ([("the first user", cookie)] if cookie else [])
    answers = [
        (path, who, pages.get(server, path, shown, body=False).status)
        for who, shown in seen
        for path in paths
    ]
    failed = [entry for entry in answers if entry[2] >= 500]
    passed = [entry for entry in failed if with_faults or (cookie and entry[1] == "nobody")]
    wrong = [entry for entry in failed if entry not in passed]
    if wrong:
        listed = "\n".join(map(_line, wrong))
        raise StageProblem(
            f"{len({path for path, *_ in wrong})} of the app's {len(paths)} pages do not work when "
            f"it is packaged.\n{listed}",
            "“djdesk prove” names the line of each. “djdesk start --as-packaged” shows them "
            "with the settings that users have. --with-faults packages the app as it is.",
            children.tail(server.log),
        )
    return len(paths), len(paths) if cookie else 0, [_line(entry) for entry in passed]


def _line(entry: tuple[str, str, int]) -> str:
    return f"  {entry[0]} answers {entry[2]} to {entry[1]}"
