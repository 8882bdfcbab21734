"""Finds cycles in a graph."""

from __future__ import annotations


def cycles(edges: list[tuple[str, str]]) -> list[list[str]]:
    """Strongly connected components with more than one node, sorted (Tarjan, without recursion)."""
    following: dict[str, list[str]] = {}
    for source, target in edges:
        following.setdefault(source, []).append(target)
        following.setdefault(target, [])
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for start in sorted(following):
        if start in index:
            continue
        work = [(start, iter(following[start]))]
        index[start] = low[start] = len(index)
        open_.append(start)
        on_stack.add(start)
        while work:
            node, rest = work[-1]
            child = next(rest, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while True:
                        one = open_.pop()
                        on_stack.discard(one)
                        group.append(one)
                        if one == node:
                            break
                    if len(group) > 1:
                        found.append(sorted(group))
            elif child not in index:
                index[child] = low[child] = len(index)
                open_.append(child)
                on_stack.add(child)
                work.append((child, iter(following[child])))
            elif child in on_stack:
                low[node] = min(low[node], index[child])
    return sorted(found)
