"""The installed packages."""

import os
import re

from ..bounded import read_head
from ..errors import error_row
from ..redact import scrub

METADATA_LIMIT = 256 * 1024  # bytes


def section_packages():
    from importlib import metadata

    rows, needed, errors = {}, set(), []
    for one in metadata.distributions():
        try:
            facts = headers_of(one)
            name = facts.get("Name")
            if not name or normal(name) in rows:
                continue
            for text in facts.get_all("Requires-Dist") or ():
                # A requirement only for an extra does not make a package a dependency.
                found = re.match(r"[A-Za-z0-9._-]+", text)
                if found and "extra ==" not in text.replace("'", '"'):
                    needed.add(normal(found.group(0)))
            short = facts.get("License-Expression") or facts.get("License") or ""
            rows[normal(name)] = {
                "name": name,
                "version": facts.get("Version"),
                "requires_python": facts.get("Requires-Python"),
                "license": scrub(short.strip().split("\n")[0][:120]) or license_of(facts),
                "summary": scrub((facts.get("Summary") or "")[:300]),
                "django_classifiers": [
                    line.rpartition(" :: ")[2]
                    for line in facts.get_all("Classifier") or ()
                    if re.match(r"Framework :: Django :: \d", line)
                ],
                "direct": True,
                "declared": None,
            }
        except Exception as error:
            errors.append(error_row("", error))
    for name, row in rows.items():
        row["direct"] = name not in needed
    return {"packages": [rows[name] for name in sorted(rows)], "errors": errors}


class Headers:
    """Metadata headers with the interface of email's parser, which is ten times slower."""

    def __init__(self, text):
        self.rows = []
        for line in text.split("\n"):
            if not line:
                break
            name, colon, value = line.partition(":")
            if line[0] in " \t" and self.rows:
                self.rows[-1][1] += "\n" + line
            elif colon:
                self.rows.append([name.lower(), value.strip(" ")])

    def get_all(self, name):
        return [value for one, value in self.rows if one == name.lower()]

    def get(self, name):
        return next(iter(self.get_all(name)), None)


def headers_of(one):
    """The headers of a distribution; eggs and anything that is not a folder are left to Python."""
    folder = getattr(one, "_path", None)
    if type(one).__name__ == "PathDistribution" and str(folder).endswith(".dist-info"):
        data = read_head(os.path.join(str(folder), "METADATA"), METADATA_LIMIT)
        return Headers(data.decode("utf-8", "replace").replace("\r\n", "\n"))
    return one.metadata


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def license_of(facts):
    for line in facts.get_all("Classifier") or ():
        if line.startswith("License :: "):
            return line.rpartition(" :: ")[2]
    return None
