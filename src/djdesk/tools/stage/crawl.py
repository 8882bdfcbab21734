"""Every page of the staged app that has an address without arguments, asked for as users will.

A page that answers 500 is refused here and not found by a user: it works for the developer, where
debug settings forgive a missing static file, and every package is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from djdesk.tools.serving import children, pages
from djdesk.tools.serving.pages import Server

from .places import RUN, Backend, StageProblem


def crawl(backend: Backend, server: Server, env: Mapping[str, str]) -> tuple[int, int]:
    """Ask for every page, first as nobody, then as the first user. Returns how many pages, and how
    many of them the first user was asked for. Raises StageProblem for answers of 500 and above."""
    python = [str(backend.python), *RUN]
    try:
        paths = [str(page["path"]) for page in pages.addresses(python, env)]
        cookie = pages.session(python, env)
    except pages.CannotAsk as failure:
        raise StageProblem(
            "The staged app cannot be asked for its pages.", "", str(failure)
        ) from None
    seen = [("nobody", None)] + ([("the first user", cookie)] if cookie else [])
    answers = [
        (path, who, pages.get(server, path, shown, body=False).status)
        for who, shown in seen
        for path in paths
    ]
    wrong = [entry for entry in answers if entry[2] >= 500]
    if wrong:
        listed = "\n".join(f"  {path} answers {status} to {who}" for path, who, status in wrong)
        raise StageProblem(
            f"{len({path for path, *_ in wrong})} of the app's {len(paths)} pages do not work when "
            f"it is packaged.\n{listed}",
            "“djdesk prove” names the place of each; “djdesk start --as-packaged” shows them with "
            "the settings that users have.",
            children.tail(server.log),
        )
    return len(paths), len(paths) if cookie else 0
