"""Implementation of `python -m djdesk.tools.notices`."""
