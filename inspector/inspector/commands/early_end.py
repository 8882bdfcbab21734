"""Status and reason of a command that was ended early."""

from __future__ import annotations

from djdesk.messages import say

from ..models import Command


def early_end(command: Command, why: str, stopped: str = "") -> tuple[str, str] | None:
    """None unless ``why`` is ``cancelled`` or ``time``, as in ``run.child.Outcome``.

    ``stopped``: the reason to show if the user stopped it.
    """
    status = Command.Status
    if why == "cancelled":
        if command.was_stopped():
            return str(status.STOPPED), stopped
        return str(status.INTERRUPTED), say("The app was closed or restarted while it ran.")
    if why == "time":
        limit = f"{command.time_limit:.0f}"
        return str(status.TIME), say("It was ended after {limit} seconds.", limit=limit)
    return None
