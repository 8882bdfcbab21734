"""One module per command; docs/cli.md lists them."""
