"""Commands that may be run in a project: an allowlist and one way to run them."""
