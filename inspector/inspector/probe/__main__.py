"""The probe: runs in the project's interpreter and reports what Django knows about the project.

Started as ``python -I FOLDER [--preload] FILE...`` with one JSON line on stdin (see `config.py`).
The files become modules of the package (see `shared_files`); for the option see `preload.py`. It
answers with JSON lines: hello, one line per section, end. Without an end line the run crashed, but
the earlier lines are still valid. All code here supports Python 3.8 to 3.14 and Django 3.2 to 6.1,
and imports only the standard library and, once the project may run, Django.

The project's code is not trusted to be careful: stdout is replaced before anything is imported, and
an audit hook refuses connections, processes and writes outside the scratch folder. That guard is a
seat belt, not a sandbox: C extensions can bypass it.
"""

import os
import sys

# Before anything else: our lines use a private descriptor and fd 1 becomes stderr, so that printing
# cannot break the protocol.
OUT = os.dup(1)
os.dup2(2, 1)

# A name that no project uses for a module.
PACKAGE = "djdesk_probe"


def as_package(files):
    """Make the folder a package, and remove it from sys.path, where its names
    would shadow others.
    """
    folder = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0]) == folder:
        del sys.path[0]
    load(PACKAGE, os.path.join(folder, "__init__.py"))
    for file in files:
        load(PACKAGE + "." + os.path.splitext(os.path.basename(file))[0], file)


def load(name, file):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, file)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)


if __name__ == "__main__":
    preloads = "--preload" in sys.argv
    as_package([one for one in sys.argv[1:] if one != "--preload"])
    del sys.argv[1:]
    from djdesk_probe.run import run

    run(OUT, preloads)
