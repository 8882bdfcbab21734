"""What ``djdesk init`` decides from a project's files: one small file for each kind of thing.

Each rule is a function of a `Look`; it writes into the `Draft` and says what it did and why.
"""
