"""Licences of Sphinx's files in the documentation site, as a vendored LICENSE.txt."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution

# Packages with files or templates in the site: Sphinx's other packages only help to build it.
IN_SITE = ("Sphinx", "furo", "sphinx-basic-ng")


def text_of(package: Distribution) -> str:
    files = [file for file in package.files or [] if re.search(r"LICEN[CS]E", file.name, re.I)]
    if not files:
        raise SystemExit(f"{package.name} {package.version} brings no text of its licence.")
    return "\n\n".join(file.read_text(encoding="utf-8").strip() for file in files)


def licence_of(package: Distribution) -> str:
    said = package.metadata.get("License-Expression")
    classified = [
        value.rpartition(" :: ")[2]
        for value in package.metadata.get_all("Classifier") or []
        if value.startswith("License ::")
    ]
    return said or ", ".join(classified)


if __name__ == "__main__":
    for name in IN_SITE:
        package = distribution(name)
        print(f"pypi/{name} {package.version} ({licence_of(package)})\n\n{text_of(package)}\n")
