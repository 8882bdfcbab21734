"""Try the inspector on real projects, beside an independent script; see ``__main__``."""
