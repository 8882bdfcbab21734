"""Splits SQL into tokens for highlighting. It knows keywords, not grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

KEYWORDS = """
ADD ALTER AND AS ASC BEGIN BETWEEN BIGINT BIGSERIAL BLOB BOOL BOOLEAN BY BYTEA CASCADE CASE CAST
CHAR CHECK COLLATE COLUMN COMMENT COMMIT CONSTRAINT CREATE CROSS CURRENT_TIMESTAMP DATE DATETIME
DECIMAL DEFAULT DEFERRABLE DEFERRED DELETE DESC DISTINCT DOUBLE DROP ELSE END EXCLUDE EXISTS
EXTENSION FALSE FLOAT FOREIGN FROM FULLTEXT FUNCTION GENERATED GIN GIST GROUP HAVING IDENTITY IF
IMMEDIATE IN INCLUDE INDEX INITIALLY INNER INSERT INT INTEGER INTERVAL INTO IS JOIN JSON JSONB KEY
LEFT LIKE LIMIT LONGTEXT MODIFY NOT NULL NUMERIC ON OR ORDER OUTER PRECISION PRIMARY RAISE REAL
REFERENCES RENAME REPLACE RESTRICT RETURNING RIGHT SELECT SERIAL SET SMALLINT TABLE TEXT THEN TIME
TIMESTAMP TO TRANSACTION TRIGGER TRUE TRUNCATE TYPE UNION UNIQUE UPDATE USING UUID VALUES VARCHAR
VIEW WHEN WHERE WITH ZONE AUTOINCREMENT AUTO_INCREMENT UNSIGNED VARYING CONCURRENTLY VALID
VALIDATE INSTEAD START
"""
WORDS = frozenset(KEYWORDS.split())
PIECES = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<string>'(?:[^']|'')*(?:'|\Z))"
    r'|(?P<name>"(?:[^"]|"")*(?:"|\Z)|`[^`]*(?:`|\Z))'
    r"|(?P<number>\b\d+(?:\.\d+)?\b)"
    r"|(?P<word>\b[A-Za-z_]\w*\b)"
    r"|(?P<rest>[^-'\"`/\w]+|.)",
    re.DOTALL,
)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """(class, text): comment, string, name, number, keyword, or "" for the rest. The
    joined texts are the SQL.
    """
    for found in PIECES.finditer(text):
        kind = found.lastgroup or "rest"
        if kind == "word":
            kind = "keyword" if found[0].upper() in WORDS else ""
        yield "" if kind == "rest" else kind, found[0]
