"""One module for each command; docs/cli.md lists them."""
