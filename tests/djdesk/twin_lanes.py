"""Two lanes that serve the same queue, as two workers would."""

from tests.djdesk.child_settings import *  # noqa: F403

WORKER_LANES = [["default"], ["default"]]
