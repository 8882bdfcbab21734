"""``python -m djdesk.desktop serve|worker|process NAME|update …``, for the shell, and
``job ID``, for the worker; see the launch contract (docs/launch-contract.md) and the update
contract."""

import sys

from . import deferred_imports


def main() -> int:
    # dataclasses would import inspect, which a desktop process does not need.
    deferred_imports.import_without(["inspect"])
    match sys.argv[1:]:
        case ["serve"]:
            from .serve import main as run
        case ["worker"]:
            from .worker import main as run
        case ["process", name]:
            from .process import main as run_process

            return run_process(name)
        case ["job", key]:
            from .jobs.child import main as run_job

            return run_job(key)
        case ["update", *words]:
            from .updating import main as run_update

            return run_update(words)
        case _:
            usage = "python -m djdesk.desktop serve|worker|process NAME|job ID|update COMMAND"
            print(f"usage: {usage}", file=sys.stderr)
            return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
