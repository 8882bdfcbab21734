"""Mutation testing of the runtime: change one thing at a time, and see whether a test fails.

    git worktree add /tmp/mutants && cd /tmp/mutants && npm test -- lint
    nice .venv/bin/python scripts/bench/mutants.py --count 60 --seed 1

It modifies the files of its own checkout and restores them: use one that nobody works in. For each
mutant, the test files that are likeliest to test its module are run until one fails. A mutant that
survives is a gap in the tests, a change without effect, or noticed by other tests.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "src/djdesk"
LEFT_OUT = ("tools/", "projects/", "windows")  # developers' tools; other systems
FILES = 6  # test files per mutant, at most
LIMIT = 240.0  # seconds for a test file; a timeout counts as a failure
NONE_COLLECTED = 5  # pytest's exit code

SWAPS: dict[type, str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.And: "or", ast.Or: "and",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    file: Path
    line: int
    start: int
    end: int
    text: str

    def write(self, source: str) -> None:
        self.file.write_text(source[: self.start] + self.text + source[self.end :], "utf-8")


def mutants(file: Path) -> Iterator[Mutant]:
    """All mutants of a file; ``start`` and ``end`` are character offsets in its text."""
    source = file.read_text("utf-8")
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(node: ast.expr, after: bool = False) -> int:
        row, column = (
            (node.end_lineno, node.end_col_offset) if after else (node.lineno, node.col_offset)
        )
        assert row is not None and column is not None
        line = source[starts[row - 1] : starts[row]]
        return starts[row - 1] + len(line.encode()[:column].decode())

    def between(left: ast.expr, right: ast.expr, text: str) -> Iterator[Mutant]:
        start, end = place(left, after=True), place(right)
        # Parentheses around the operands stay.
        found = re.fullmatch(r"([\s)]*)(\S.*?\S|\S)([\s(]*)", source[start:end], re.S)
        if found and "#" not in found[2]:
            yield Mutant(file, left.lineno, start + found.start(2), start + found.end(2), text)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for index, operator in enumerate(node.ops):
                yield from between(sides[index], sides[index + 1], SWAPS[type(operator)])
        elif isinstance(node, ast.BoolOp):
            yield from between(node.values[0], node.values[1], SWAPS[type(node.op)])
        elif isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
            yield from between(node.left, node.right, SWAPS[type(node.op)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            new = not node.value if isinstance(node.value, bool) else node.value + 1
            yield Mutant(file, node.lineno, place(node), place(node, after=True), repr(new))
        elif isinstance(node, ast.Return) and node.value and ast.unparse(node.value) != "None":
            value = node.value
            yield Mutant(file, node.lineno, place(value), place(value, after=True), "None")


@cache
def imports(file: Path) -> frozenset[str]:
    """Dotted names of what the file imports, wherever it does so."""
    package = list(file.relative_to(ROOT / "src").parts[:-1]) if RUNTIME in file.parents else []
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


@cache
def tests_of(file: Path) -> list[Path]:
    """Test files for the module, the likeliest first: named after it, then those that import it,
    named after its folder, that import a module which imports it, and that mention it."""
    module = ".".join(file.relative_to(ROOT / "src").with_suffix("").parts)
    users = {
        ".".join(user.relative_to(ROOT / "src").with_suffix("").parts)
        for user in RUNTIME.rglob("*.py")
        if module in imports(user)
    }
    name = re.compile(rf"\b{re.escape(file.stem)}\b")
    rooms = [part.rstrip("s") for part in file.relative_to(RUNTIME).parts[:-1]]
    found = {}
    for test in sorted((ROOT / "tests/djdesk").glob("test_*.py")):
        times = len(name.findall(test.read_text("utf-8")))
        rank = (
            test.stem == f"test_{file.stem}",
            module in imports(test),
            any(re.match(rf"test_{room}s?(_|$)", test.stem) for room in rooms),
            not users.isdisjoint(imports(test)),
        )
        if times or any(rank):
            found[test] = (*rank, times)
    return sorted(found, key=lambda test: found[test], reverse=True)[:FILES]


def run(test: Path) -> bool | None:
    """Whether all tests of the file pass; None if none of them ran."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", test],
            cwd=ROOT, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # no mutant stays compiled
            capture_output=True, timeout=LIMIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    if done.returncode in (0, NONE_COLLECTED):
        return True if b" passed" in done.stdout else None
    return False


@cache
def passes_unchanged(test: Path) -> bool:
    return run(test) is True


def verdict(mutant: Mutant) -> tuple[str, str]:
    """``noticed`` and by which test file, ``SURVIVED``, or ``UNTESTED`` if no test ran or the code
    without the mutant fails, too."""
    source = mutant.file.read_text("utf-8")
    ran = False
    for test in tests_of(mutant.file):
        try:
            mutant.write(source)
            passed = run(test)
        finally:
            mutant.file.write_text(source, "utf-8")
        if passed is False and passes_unchanged(test):
            return "noticed", test.stem
        ran = ran or passed is True
    return ("SURVIVED" if ran else "UNTESTED"), ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = [
        file
        for file in sorted(RUNTIME.rglob("*.py"))
        if not file.relative_to(RUNTIME).as_posix().startswith(LEFT_OUT)
        and "windows" not in file.name
        and "/migrations/" not in file.as_posix()
    ]
    every = [mutant for file in files for mutant in mutants(file)]
    chosen = random.Random(options.seed).sample(every, options.count)
    count: Counter[str] = Counter()
    for number, mutant in enumerate(chosen, 1):
        found, test = verdict(mutant)
        count[found] += 1
        before = mutant.file.read_text("utf-8")[mutant.start : mutant.end]
        where = f"{mutant.file.relative_to(ROOT)}:{mutant.line}"
        print(
            f"{number:3} {found} {where}: {before.splitlines()[0]} -> {mutant.text}"
            + (f" ({test})" if test else ""),
            flush=True,
        )
    counts = ", ".join(f"{number} {found.lower()}" for found, number in sorted(count.items()))
    print(f"\n{len(chosen)} of {len(every)} mutants: {counts}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
