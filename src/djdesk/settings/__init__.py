"""One module per way of running; see each module's docstring."""
