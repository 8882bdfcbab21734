"""``python -m djdesk.desktop serve|worker|process NAME``, for the shell; see the launch contract
(docs/launch-contract.md)."""

import sys


def main() -> int:
    match sys.argv[1:]:
        case ["serve"]:
            from .serve import main as run
        case ["worker"]:
            from .worker import main as run
        case ["process", name]:
            from .process import main as run_process

            return run_process(name)
        case _:
            print("usage: python -m djdesk.desktop serve|worker|process NAME", file=sys.stderr)
            return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
