"""A mark for tests that are too long for ``npm test``: .ci/run runs them."""

import os

import pytest

LONG = pytest.mark.skipif(
    not os.environ.get("DJDESK_TEST_LONG"),
    reason="takes long; .ci/run has it, or DJDESK_TEST_LONG=1",
)
