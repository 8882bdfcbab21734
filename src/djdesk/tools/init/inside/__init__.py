"""Run in the app's own environment, as scripts."""
