"""What this process was asked to do, and what has come of it so far."""

CONFIG = {
    "root": "",  # the project's folder
    "base": "",  # the folder that goes on sys.path
    "manage_py": None,  # absolute path or null
    "settings": None,  # dotted name or null
    "settings_source": "",  # where that name comes from
    "settings_forced": False,  # the user chose it: manage.py must not override it
    "scratch": "",  # the only folder that may be written
    "bytecode": None,  # bytecode cache, may be written too
    "section_limit": 60.0,
    "setup_limit": 90.0,
    "total_limit": 300.0,
    "memory_limit": 4 * 2**30,
    "real_root": None,  # "root" is a private copy of this folder
    "masked": [],  # variables whose values the user gave and nobody may read
    "only": None,  # names of the sections to make besides runtime; null: all
    "ask": [],  # aliases of server databases that the user wants asked
    "scratch_database": False,  # queries of SQLite go to a private copy of the file
    "paths": [],  # folders of packages that the project carries in itself
    "places": {},  # {path: [size, mtime in ns, {name: line}]} of files that were parsed already
    "sql": None,  # {"app", "name", "engine", "alias"}: only the SQL of that migration is wanted
    "tell_files": False,  # send a line with the files of the project that were read
    "ahead": None,  # from so many models on, sections are made ahead (see `Ahead`); null: never
}
STATE = {"assumed": [], "setup_seconds": 0.0, "settings_source": "", "phase": "load"}
