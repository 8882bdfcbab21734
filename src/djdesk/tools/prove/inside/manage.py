"""``manage.py`` under the desktop's settings, watched: manage.py COMMAND …"""

import os
import sys
from pathlib import Path


def main() -> None:
    from djdesk.tools.prove import watch

    watch.begin(Path(os.environ["DJDESK_PROVE"]))
    from django.core.management import ManagementUtility

    ManagementUtility(["manage.py", *sys.argv[1:]]).execute()


if __name__ == "__main__":
    main()
