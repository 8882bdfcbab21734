"""Finds the project, its settings modules and its interpreters. Reads files, runs nothing.

Start with ``project``; nothing is imported here, because the static analysis needs only the modules
that read files.
"""
