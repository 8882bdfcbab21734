"""Signals that apps can connect to."""

from django.dispatch import Signal

# Sent in the worker for a task that an earlier worker left unfinished. Arguments: ``task_result``
# and ``reason``, a sentence that says why.
task_interrupted = Signal()
