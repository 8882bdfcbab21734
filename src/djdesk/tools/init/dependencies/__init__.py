"""The project's packages: taken from its lock as far as possible, and installed for the app."""
