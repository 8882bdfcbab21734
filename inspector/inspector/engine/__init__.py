"""Inspects a project: stages, repairs and extra runs. Does not import
Django. See docs/engine.md.
"""

from inspector.engine.inspection import Options, diagnosed, inspect, sql_of

__all__ = ["Options", "diagnosed", "inspect", "sql_of"]
