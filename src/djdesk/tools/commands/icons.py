"""``djdesk icons``: icons for every system, drawn from the app's picture."""

from __future__ import annotations

import argparse

from djdesk.tools.project import add_app_option, on_app


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "icons",
        help="draw the app's icons",
        description="Draws the icons of every system from the app's picture.",
    )
    add_app_option(parser)
    parser.set_defaults(run=on_app(_icons))


def _icons(app, options: argparse.Namespace) -> int:
    from djdesk.tools.icons import draw

    print(draw(app))
    return 0
