"""Python source of a project: parsed files, the modules they import, settings by their text."""
