"""Reads a project's source code and describes it, without importing or running any of it.

Runs in its own process (``python -m inspector.static_analysis``), because a hostile file can
exhaust the parser's stack or memory.
"""
