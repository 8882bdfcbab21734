"""Seams for the app."""

from django.dispatch import Signal

# Sent in the worker for a task that an earlier worker left unfinished. Arguments:
# ``task_result`` and ``reason``, the sentence that says why.
task_interrupted = Signal()
