"""The installed packages."""

import re

from ..errors import error_row
from ..redact import scrub


def section_packages():
    from importlib import metadata

    rows, needed, errors = {}, set(), []
    for one in metadata.distributions():
        try:
            facts = one.metadata
            name = facts.get("Name")
            if not name or normal(name) in rows:
                continue
            for text in one.requires or ():
                # What only an extra wants does not make a package somebody's dependency.
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


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def license_of(facts):
    for line in facts.get_all("Classifier") or ():
        if line.startswith("License :: "):
            return line.rpartition(" :: ")[2]
    return None
