"""Inspects a project without Django's help: stages, repairs and extra runs. See docs/engine.md."""

from inspector.engine.inspection import Options, diagnosed, inspect, sql_of

__all__ = ["Options", "diagnosed", "inspect", "sql_of"]
