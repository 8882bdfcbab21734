"""The second lane, ``commands``, fails twice before it works."""

from djdesk.desktop import lane
from tests.djdesk.child_settings import *  # noqa: F403

lane.BACKOFF = (0.1,)
_take = lane.Lane._take
_failures = iter((RuntimeError("out of order"), RuntimeError("still out of order")))


def _failing(self):
    if self.number == 2 and (error := next(_failures, None)):
        raise error
    return _take(self)


lane.Lane._take = _failing
