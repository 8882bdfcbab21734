"""The output of a child, when whoever takes it is slower than the child."""

from __future__ import annotations

import hashlib
import os
import sys

from inspector.run import child

LINES = 120_000
CODE = f"import sys; sys.stdout.write(''.join(f'line {{n}}\\n' for n in range({LINES})))"


def test_output_that_is_taken_slowly_is_taken_to_its_end(tmp_path, monkeypatch):
    # The lines below need several times as long as this.
    monkeypatch.setattr(child, "SILENCE", 0.2)
    running = child.Child(
        [sys.executable, "-I", "-c", CODE],
        cwd=tmp_path,
        env=dict(os.environ),
        stdin=b"",
        cancelled=lambda: False,
    )
    block = b"x" * 4096
    taken = 0
    for _line in running.lines():
        hashlib.sha256(block).digest()
        taken += 1
    assert taken == LINES
    assert running.outcome.why == "exited" and running.outcome.returncode == 0
