"""Try the inspector on real projects from the package index; see ``__main__``."""
