"""The inspector's data: folders, their scans, and what each scan found."""

from .command import Command
from .export import Export
from .past_scan import PastScan
from .preferences import Preferences
from .project import Project
from .scan import Scan
from .section import Section

__all__ = ["Command", "Export", "PastScan", "Preferences", "Project", "Scan", "Section"]
