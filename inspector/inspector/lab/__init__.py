"""Exports of a snapshot: tables, diagrams as text, notebooks, a report.

Everything here takes a snapshot (docs/snapshot.md) and returns text or bytes, without database or
request. Only the report needs Django, for its templates.
"""
