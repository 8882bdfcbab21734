"""A small app to update: a program and a SQLite file, which handles the files of
docs/update-contract.md as a real shell and server do. It starts in 30 ms, so hundreds of kills can
be tried."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import sys
import tarfile
from pathlib import Path

PRODUCT = "org.example.standin"
ROWS = 50

PROGRAM = r"""#!@PYTHON@ -IBS
import json, os, pathlib, signal, sqlite3, subprocess, sys, time
VERSION, SCHEMA, FAULT = "@VERSION@", @SCHEMA@, "@FAULT@"
words = dict(word.partition("=")[::2] for word in sys.argv[1:])
data = pathlib.Path(words["--data-dir"])
trial = words.get("--update", "")


def failed():
    reason = "The first page did not load (500)."
    write("boot.json", id=trial, pid=os.getpid(), at=1, stage="failed", reason=reason)


def write(name, **values):
    path = data / "updates" / name
    path.with_name(name + ".part").write_text(json.dumps(values))
    os.replace(path.with_name(name + ".part"), path)


def wait_for_the_end():
    (data / f"waits-{os.getpid()}").touch()
    time.sleep(60)


def used(text):
    with open(data / "used.log", "a") as log:
        log.write(f"v{VERSION} {text}\n")


def migrate():
    with sqlite3.connect(data / "app.sqlite3") as db:
        schema = db.execute("SELECT v FROM schema").fetchone()[0]
        if schema > SCHEMA:
            used(f"REFUSED schema{schema}")
            sys.exit(3)
        db.execute("UPDATE schema SET v = ?", (SCHEMA,))
        return db.execute("SELECT count(*) FROM rows").fetchone()[0]


if "--rehearse" in words:
    if FAULT == "rehearsal":
        print(json.dumps({"event": "failed", "reason": "The first page did not load (500)."}))
        sys.exit(1)
    parent = os.getppid()
    (data / "rehearses").touch()
    for _ in range(600 if FAULT == "slow" else 0):
        time.sleep(0.1)
        if os.getppid() != parent:  # as the shell does
            sys.exit(1)
    migrate()
    sys.exit(0)
if not trial:
    # What every start does first.
    guardian = json.loads((data / "guardian.json").read_text())
    words = ["resume", f"--data-dir={data}", f"--shell={os.getpid()}", "--", *sys.argv]
    process = subprocess.Popen([*guardian, *words], stdout=subprocess.PIPE, start_new_session=True)
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "step_aside":
            sys.exit(0)
        if event["event"] == "go_on":
            trial = event["trial"]
            break
    else:
        used(f"BUSY {process.wait()}")
        sys.exit(0)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
if FAULT == "dies" and trial:
    os.abort()
if trial:
    write("boot.json", id=trial, pid=os.getpid(), at=time.time(), stage="starting")
rows = migrate()
if FAULT == "page" and trial:
    with sqlite3.connect(data / "app.sqlite3") as db:
        db.execute("INSERT INTO rows VALUES ('since')")
    failed()
    wait_for_the_end()
if FAULT == "hangs" and trial:
    wait_for_the_end()
while FAULT in ("waiting", "hindered") and trial:  # its page never comes
    write("boot.json", id=trial, pid=os.getpid(), at=time.time(), stage=FAULT)
    time.sleep(0.1)
if FAULT == "quits" and trial and not (data / "quit").exists():
    (data / "quit").touch()
    write("boot.json", id=trial, pid=os.getpid(), at=1, stage="quit", shown=True)
    sys.exit(0)
if trial:
    write("boot.json", id=trial, pid=os.getpid(), at=time.time(), stage="waiting")
    write("confirmed.json", id=trial, at=time.time())
used(f"schema{SCHEMA} rows{rows}")
"""


def program(version: str, schema: int, fault: str = "") -> str:
    words = {"PYTHON": sys.executable, "VERSION": version, "SCHEMA": str(schema), "FAULT": fault}
    text = PROGRAM
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return text


def put_program(path: Path, version: str, schema: int, fault: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(program(version, schema, fault))
    path.chmod(0o755)


def put_folder(root: Path, version: str, schema: int, fault: str = "") -> None:
    put_program(root / "app", version, schema, fault)
    (root / "resources").mkdir()
    about = {"id": PRODUCT, "version": version}
    (root / "resources" / "app.json").write_text(json.dumps(about))


def put_data(folder: Path) -> None:
    """50 rows of user data, in a WAL that is not checkpointed."""
    for name in ("logs", "updates"):
        (folder / name).mkdir(parents=True)
    with sqlite3.connect(folder / "app.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE schema (v INTEGER)")
        database.execute("INSERT INTO schema VALUES (1)")
        database.execute("CREATE TABLE rows (text TEXT)")
        database.executemany("INSERT INTO rows VALUES (?)", [(f"row {n}",) for n in range(ROWS)])
    database.close()
    (folder / "data.json").write_text(json.dumps({"version": "1.0"}))


def archive(root: Path, target: Path) -> None:
    with tarfile.open(target, "w:gz", compresslevel=1) as tar:
        tar.add(root, arcname="app-2.0")


def sha512(path: Path) -> str:
    return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def look(folder: Path) -> tuple[int, int]:
    """Schema and number of rows in the data."""
    with sqlite3.connect(folder / "app.sqlite3") as database:
        schema = database.execute("SELECT v FROM schema").fetchone()[0]
        rows = database.execute("SELECT count(*) FROM rows").fetchone()[0]
    database.close()
    return schema, rows
