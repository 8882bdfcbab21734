"""The one definition of what a snapshot holds: each section, its rows and their fields.

The schema that data of children is checked against and the tables of docs/snapshot.md are made of
these classes by ``python -m scripts.snapshot write``; mypy checks the code against them. A section
is a class, and a line each in ``…Sections`` and ``…SectionEvent`` at the end of its file.
"""
