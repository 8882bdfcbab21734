"""``python -m djdesk.desktop serve|worker``, for the shell; see docs/launch-contract.md."""

import sys


def main() -> int:
    match sys.argv[1:]:
        case ["serve"]:
            from .serve import main as run
        case ["worker"]:
            from .worker import main as run
        case _:
            print("usage: python -m djdesk.desktop serve|worker", file=sys.stderr)
            return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
