"""Tests the inspector on real projects against an independent script; see ``__main__``."""
