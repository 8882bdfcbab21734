"""Runs the cells of our own notebooks, so that the stored outputs match the cells.

No kernel is needed: the cells are ours and use four names from Jupyter. A test runs each notebook
in a real kernel and compares every output.
"""

from __future__ import annotations

import ast
import builtins
import types
from collections.abc import Callable, Sequence
from typing import Any


class Markup(str):
    """Replaces ``IPython.display.HTML``."""


class Execution:
    """One run from top to bottom; ``count`` is the number of the last code cell."""

    def __init__(self) -> None:
        self.count = 0
        self._outputs: list[dict[str, Any]] = []
        jupyter = types.SimpleNamespace(HTML=Markup, display=self._display)

        def load(
            name: str,
            scope: Any = None,
            local: Any = None,
            names: Sequence[str] = (),
            level: int = 0,
        ) -> Any:
            if name == "IPython.display":
                return jupyter
            if name == "pandas":
                # The file must not depend on what is installed on this machine.
                raise ImportError(name)
            return __import__(name, scope, local, names, level)

        own: dict[str, Any] = {"__import__": load, "print": self._print}
        self._names: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": vars(builtins) | own,
            "display": self._display,
        }

    def outputs(self, source: str) -> list[dict[str, Any]]:
        """Run one code cell and return its outputs in nbformat's structure.

        As in Jupyter, the value of a final expression is an output.
        """
        self._outputs = []
        self.count += 1
        tree = ast.parse(source)
        last: Callable[[], Any] | None = None
        if tree.body and isinstance(end := tree.body[-1], ast.Expr):
            tree.body.pop()
            code = compile(ast.Expression(end.value), "<cell>", "eval")
            last = lambda: eval(code, self._names)  # noqa: E731 - our own cells
        exec(compile(tree, "<cell>", "exec"), self._names)
        if last and (value := last()) is not None:
            self._outputs.append(
                {
                    "output_type": "execute_result",
                    "execution_count": self.count,
                    "metadata": {},
                    "data": {"text/plain": repr(value)},
                }
            )
        return self._outputs

    def _display(self, value: object) -> None:
        data = {"text/plain": repr(value)}
        if isinstance(value, Markup):
            data = {"text/html": str(value), "text/plain": "<IPython.core.display.HTML object>"}
        self._outputs.append({"output_type": "display_data", "metadata": {}, "data": data})

    def _print(self, *words: object) -> None:
        text = " ".join(map(str, words)) + "\n"
        self._outputs.append({"output_type": "stream", "name": "stdout", "text": text})
