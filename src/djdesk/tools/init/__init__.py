"""``djdesk init``: the table for an existing project, with the decisions made and their reasons."""
