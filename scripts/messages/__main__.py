"""``python -m scripts.messages update|compile|check|list``; see docs/development.md, "Texts"."""

from __future__ import annotations

import argparse
import sys

from .catalogues import compiled, faults, forms_of, listed, places, update


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.messages", description=__doc__)
    parser.add_argument("action", choices=("update", "compile", "check", "list"))
    action = parser.parse_args().action
    wrong = 0
    for place in places():
        if action == "update":
            catalogue = update(place)
            missing = sum(1 for m in catalogue if m.id and not all(forms_of(m.string)))
            print(f"{place.shown}: {len(catalogue)} messages, {missing} not translated")
        elif action == "compile":
            place.mo.write_bytes(compiled(place))
        elif action == "list":
            print("\n".join(listed(place)))
        else:
            for line in faults(place):
                wrong += 1
                print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
