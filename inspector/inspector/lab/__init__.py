"""Files made of a snapshot: tables, diagrams as text, notebooks, a report.

Everything here takes a snapshot (docs/snapshot.md) and gives text or bytes; nothing asks a database
or a request. Only the report needs Django, for its templates.
"""
