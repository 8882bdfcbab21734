"""What each finding was worth, judged by a person who opened the source.

``{project: {id of the finding: (verdict, why)}}``; verdicts are those of ``VERDICTS``. What a scan
finds and nobody has judged is counted as such, so a new kind of finding shows.
"""

VERDICTS = ("useful", "noise", "misleading", "false")

JUDGED: dict[str, dict[str, tuple[str, str]]] = {}
