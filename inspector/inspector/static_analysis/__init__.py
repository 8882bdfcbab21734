"""Reads a project's source and says what is in it. Imports nothing of the project, runs nothing.

Started as a process of its own (``python -m inspector.static_analysis``), because a hostile
file can exhaust the parser's stack or the memory.
"""
