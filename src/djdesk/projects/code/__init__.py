"""A project's Python source: parsed files, their imports, and settings without executing them."""
