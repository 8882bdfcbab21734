"""What `python -m djdesk.tools.notices` is made of."""
