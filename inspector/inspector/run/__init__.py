"""Starts child processes for an inspection. No other package may do that."""

from inspector.run.child import Child, Outcome
from inspector.run.fingerprint import changed_files, fingerprint
from inspector.run.scratch import Scratch

__all__ = ["Child", "Outcome", "Scratch", "changed_files", "fingerprint"]
