"""The request to this process, and its results so far."""

CONFIG = {
    "root": "",  # the project's folder
    "base": "",  # the folder to put on sys.path
    "manage_py": None,  # absolute path or null
    "settings": None,  # dotted name or null
    "settings_source": "",  # where that name was found
    "settings_forced": False,  # the user chose it: manage.py must not override it
    "scratch": "",  # the only writable folder
    "bytecode": None,  # bytecode cache, also writable
    "section_limit": 60.0,
    "setup_limit": 90.0,
    "total_limit": 300.0,
    "memory_limit": 4 * 2**30,
    "real_root": None,  # "root" is a private copy of this folder
    "masked": [],  # variables whose values the user gave, and which must not be shown
    "only": None,  # names of the sections to produce besides runtime; null: all
    "connect_to": [],  # aliases of server databases to connect to
    "scratch_database": False,  # SQLite queries use a private copy of the file
    "paths": [],  # folders of packages vendored in the project
    "places": {},  # {path: [size, mtime in ns, {name: line}]} of files already parsed
    "sql": None,  # {"app", "name", "engine", "alias"}: produce only the SQL of that migration
    "tell_files": False,  # send a line with the project files that were read
    "ahead": None,  # minimum number of models to produce sections ahead (see `Ahead`); null: never
}
STATE = {"assumed": [], "setup_seconds": 0.0, "settings_source": "", "phase": "load"}
