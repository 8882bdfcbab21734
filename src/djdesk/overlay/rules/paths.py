"""PATH1: further paths, named in the table's ``data.move``, move to the data folder."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

from ..rule import Context, Decision, OverlayProblem, Settings

# Settings that name a folder which the project may expect to exist.
FOLDER = re.compile(r"(DIR|DIRECTORY|FOLDER|ROOT)$", re.IGNORECASE)


def rule(settings: Settings, context: Context) -> Decision | None:
    if not context.app.data.move:
        return None
    changes: dict[str, Any] = {}
    moves = []
    folders: list[Path] = []
    for dotted in context.app.data.move:
        name, *keys = dotted.split(".")
        if name not in settings:
            raise OverlayProblem(f"PATH1: data.move names {dotted}, but there is no such setting.")
        value = copy.deepcopy(changes.get(name, settings[name]))
        if keys:
            holder = value
            for key in keys[:-1]:
                holder = holder.get(key) if isinstance(holder, dict) else None
            if not isinstance(holder, dict) or keys[-1] not in holder:
                raise OverlayProblem(f"PATH1: data.move names {dotted}, but there is no such key.")
            holder[keys[-1]] = moved = _moved(dotted, holder[keys[-1]], context)
        else:
            value = moved = _moved(dotted, value, context)
        changes[name] = value
        if FOLDER.search(dotted):
            folders.append(Path(moved))
        moves.append(f"{dotted} → {moved}")
    return Decision(f"Moved to the data folder: {', '.join(moves)}.", changes, tuple(folders))


def _moved(name: str, value: Any, context: Context) -> Any:
    """A path in the project: the same relative path in the data folder. Elsewhere: its last
    component there.
    """
    if not isinstance(value, str | Path) or not str(value):
        raise OverlayProblem(f"PATH1: data.move names {name}, which is {value!r}, not a path.")
    path = context.app.project / value
    try:
        inside = path.relative_to(context.app.project)
    except ValueError:
        inside = Path(path.name)
    return type(value)(context.data_dir / inside)
