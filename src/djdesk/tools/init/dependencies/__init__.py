"""The project's packages: what its lock says, kept where it can be, and installed for the app."""
