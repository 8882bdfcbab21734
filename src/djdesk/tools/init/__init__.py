"""``djdesk init``: the table for a project that exists, with what was decided and why."""
