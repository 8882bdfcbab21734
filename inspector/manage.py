#!/usr/bin/env python
"""Django's command line for work on the app; users never need it."""

import os
import sys
from pathlib import Path


def main() -> None:
    # The settings keep files in this folder.
    (Path(__file__).parent / ".djdesk" / "runserver").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspector.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
