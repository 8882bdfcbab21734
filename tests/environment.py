"""A pytest plugin for this folder: selects the app that the runtime is tested with."""

import os
from pathlib import Path

PARITY = Path(__file__).parent / "apps" / "parity"

os.environ.setdefault("DJDESK_APP", str(PARITY))
