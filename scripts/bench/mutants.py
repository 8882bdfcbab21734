"""Mutation testing of the runtime: change one thing at a time, and see whether a test fails.

    git worktree add /tmp/mutants && cd /tmp/mutants && npm test -- lint
    nice .venv/bin/python scripts/bench/mutants.py --count 60 --seed 1

It modifies the files of its own checkout and restores them: use one that nobody works in. For each
mutant, the test files that mention its module most often are run. Surviving mutants are printed;
each is a gap in the tests, or a change without effect.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "src/djdesk"
LEFT_OUT = ("tools/", "projects/", "windows")  # developers' tools; other systems
FILES = 2  # test files per mutant, at most
LIMIT = 240.0  # seconds; a timeout counts as noticed

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


def tests_of(file: Path) -> list[str]:
    """Test files that mention the module, most mentions first."""
    name = re.compile(rf"\b{re.escape(file.stem)}\b")
    found = {}
    for test in sorted((ROOT / "tests/djdesk").glob("test_*.py")):
        times = len(name.findall(test.read_text("utf-8")))
        own = test.stem == f"test_{file.stem}"
        if times or own:
            found[test] = times + (1000 if own else 0)
    best = sorted(found, key=lambda test: -found[test])[:FILES]
    return [test.relative_to(ROOT).as_posix() for test in best]


def survives(mutant: Mutant, tests: list[str]) -> bool:
    source = mutant.file.read_text("utf-8")
    try:
        mutant.write(source)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *tests],
            cwd=ROOT, capture_output=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        mutant.file.write_text(source, "utf-8")


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
    tests = {file: tests_of(file) for file in files}
    every = [mutant for file in files if tests[file] for mutant in mutants(file)]
    chosen = random.Random(options.seed).sample(every, options.count)
    alive = 0
    for number, mutant in enumerate(chosen, 1):
        lives = survives(mutant, tests[mutant.file])
        alive += lives
        before = mutant.file.read_text("utf-8")[mutant.start : mutant.end]
        where = f"{mutant.file.relative_to(ROOT)}:{mutant.line}"
        print(
            f"{number:3} {'SURVIVED' if lives else 'noticed '} {where}: "
            f"{before.splitlines()[0]} -> {mutant.text}",
            flush=True,
        )
    print(f"\n{len(chosen)} of {len(every)} mutants, {alive} survived")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
