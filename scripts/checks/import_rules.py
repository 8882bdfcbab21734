"""Import rules: which packages the modules of a folder may import.

    python -m scripts.checks.import_rules    writes the generated tables

``scripts/checks/import-rules.json`` contains the runtime's rules; an app may have its own in
``tests/import-rules.json``. ``document`` is the page that shows them. ``python`` and ``javascript``
are lists of rules; the first one that matches a module decides:

- ``room``: the dotted name of a module or package, or a folder of scripts.
- ``may``: what it may import besides itself, as the beginning of a dotted name; ``*`` is
  everything. Python's standard library is always allowed, Node's is the entry ``node:``.
- ``not``: what it must not import although ``may`` allows it.
- ``but``: further imports of single modules.
- ``why``: the reason, for the table.

Imports inside functions count. Those for type checkers alone do not. The tests of JavaScript are in
``tests/scripts/house-rules.test.js``.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "scripts/checks/import-rules.json"
START, END = "<!-- import rules -->", "<!-- end of import rules -->"
FILES = [RULES, *sorted(ROOT.glob("*/tests/import-rules.json"))]
LANGUAGES = ("python", "javascript")

Rule = dict[str, Any]


def load(file: Path) -> dict[str, list[Rule]]:
    """The rules in ``file``, by language."""
    content = json.loads(file.read_text("utf-8"))
    return {language: content[language] for language in LANGUAGES if language in content}


def document(file: Path) -> Path:
    """The document that shows the rules in ``file``; the file names it."""
    return (file.parent / json.loads(file.read_text("utf-8"))["document"]).resolve()


def broken(rules: list[Rule], package: Path) -> list[tuple[str, str]]:
    """(module, forbidden import) for all modules of ``package``.

    A module without a rule is a violation too: (module, "no rule")."""
    return [
        (name, imported)
        for name, found in modules(package).items()
        for imported in _refused(rules, name, found)
    ]


def modules(package: Path) -> dict[str, list[str]]:
    """Dotted names of the imports of each module below ``package``, by module name."""
    base = package.parent
    return {
        _dotted(file, base): sorted(_imports(file, base)) for file in sorted(package.rglob("*.py"))
    }


def table(rules: dict[str, list[Rule]]) -> str:
    """The rules as rows of a Markdown table. Python's standard library is not listed."""
    lines = ["| code | may import | because |", "| --- | --- | --- |"]
    for found in rules.values():
        for rule in found:
            names = [*map(_shown, rule["may"])]
            if rule.get("not"):
                names.append("not " + ", ".join(map(_shown, rule["not"])))
            for module, more in rule.get("but", {}).items():
                names.append(f"{', '.join(map(_shown, more))} in `{module}`")
            cells = [f"`{rule['room']}`", ", ".join(names) or "nothing else", rule["why"]]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def documented(text: str, rules: dict[str, list[Rule]]) -> str:
    """A document's text with the table of ``rules`` inserted between its two markers."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"The document lacks {START} or {END}.")
    return f"{before}{START}\n\n{table(rules)}\n\n{END}{after}"


def _shown(name: str) -> str:
    return {"*": "everything", "node:": "Node"}.get(name, f"`{name}`")


def _refused(rules: list[Rule], module: str, found: list[str]) -> list[str]:
    rule = next((one for one in rules if _within(module, one["room"])), None)
    if rule is None:
        return ["no rule"] if found else []
    allowed = [rule["room"], *rule["may"], *rule.get("but", {}).get(module, [])]
    return [
        name
        for name in found
        if any(_within(name, one) for one in rule.get("not", []))
        or not (
            "*" in allowed
            or name.partition(".")[0] in sys.stdlib_module_names
            or any(_within(name, one) for one in allowed)
            # The version, and the package's own docstring.
            or name in {module.partition(".")[0], f"{module.partition('.')[0]}.__version__"}
        )
    ]


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def _dotted(file: Path, base: Path) -> str:
    return ".".join(file.relative_to(base).with_suffix("").parts).removesuffix(".__init__")


def _imports(file: Path, base: Path) -> list[str]:
    package = file.relative_to(base).parent.parts
    found = []
    todo: list[ast.AST] = [ast.parse(file.read_text("utf-8"))]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            todo += node.orelse
            continue
        todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*start, *filter(None, [node.module])])
            found += [f"{origin}.{alias.name}" for alias in node.names]
    return found


def main() -> None:
    for file in FILES:
        page = document(file)
        page.write_text(documented(page.read_text("utf-8"), load(file)), "utf-8")


if __name__ == "__main__":
    main()
