"""What ``djdesk init`` decides from a project's files: one small module per topic.

Each rule is a function of a `Look` that writes into the `Draft` and returns what it did and why.
"""
