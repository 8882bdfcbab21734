"""Finds the project, its settings modules and its interpreters. Reads files, runs nothing."""

from inspector.discovery.project import DiscoveryError, Project, find_project

__all__ = ["DiscoveryError", "Project", "find_project"]
