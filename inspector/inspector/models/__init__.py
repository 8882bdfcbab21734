"""The inspector's data: folders, their scans, and what each scan found."""

from .command import Command
from .export import Export
from .past_scan import PastScan
from .preferences import Preferences
from .scan import Scan
from .section import Section
from .workspace import Workspace

__all__ = ["Command", "Export", "PastScan", "Preferences", "Scan", "Section", "Workspace"]
