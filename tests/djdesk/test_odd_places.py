"""Unusual folders, environments and users: the children start anyway, or say why not."""

import contextlib
import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from .children import Child

SETTINGS = "tests.djdesk.child_settings"
ROOT = Path(__file__).parents[2]


def starts(data_dir, **options):
    with Child("serve", data_dir, **{"settings": SETTINGS} | options) as server:
        port = server.until("listening")["port"]
        assert server.get(port, "/health/")[0] == 200
        assert server.end_of_stdin() == 0


@pytest.mark.parametrize(
    "name", ["with space", "Ünïcödé é", "漢字", "emoji 😀", 'quote\'s "double"', "100% & co;"]
)
def test_data_folder(tmp_path, name):
    if sys.platform == "win32" and '"' in name:
        pytest.skip("not a name on Windows")
    starts(tmp_path / name)


def test_install_path(tmp_path):
    """The code itself below such a path, as an installed app may be."""
    root = tmp_path / "Prögram Files 漢 😀"
    shutil.copytree(
        ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__", "tools")
    )
    paths = os.pathsep.join([str(root / "src"), str(ROOT)])
    starts(tmp_path / "data", python_path=paths)


def environment(**changes):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "PYTHON"))}
    return {k: v for k, v in (kept | changes).items() if v is not None}


@pytest.fixture
def poison(tmp_path):
    """A folder whose ``django`` and ``site`` modules fail on import."""
    folder = tmp_path / "poison"
    folder.mkdir()
    for module in ("django", "json", "sitecustomize", "usercustomize"):
        (folder / f"{module}.py").write_text(f"raise SystemExit('{module} of a stranger')\n")
    return str(folder)


def test_variables_that_mislead_python_are_ignored(tmp_path, poison):
    starts(
        tmp_path / "data",
        environment=environment(
            PYTHONPATH=poison,
            PYTHONHOME=poison,
            PYTHONSTARTUP=f"{poison}/json.py",
            VIRTUAL_ENV=poison,
            DJANGO_SETTINGS_MODULE="no.such.settings",
        ),
    )


def test_a_proxy_that_is_dead_is_not_asked(tmp_path):
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{dead.getsockname()[1]}"
        starts(
            tmp_path / "data",
            environment=environment(HTTP_PROXY=proxy, HTTPS_PROXY=proxy, ALL_PROXY=proxy),
        )


def test_without_a_home(tmp_path):
    starts(tmp_path / "data", environment=environment(HOME=None, USERPROFILE=None))


def test_in_another_language_and_time_zone(tmp_path):
    starts(
        tmp_path / "data",
        environment=environment(LANG="C", LC_ALL="C", TZ="Pacific/Kiritimati"),
    )


NOBODY = 65534
# Another user who can read everything, because an interpreter below /root must be readable, and
# write only where others may.
AS_NOBODY = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
    "--bounding-set=-dac_override,-fowner",
)  # fmt: skip

root_only = pytest.mark.skipif(
    not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("setpriv")),
    reason="takes root and setpriv to become another user",
)


@root_only
def test_two_users_at_once_do_not_meet(tmp_path):
    """Both run; each one's data and server are inaccessible to the other."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, NOBODY, NOBODY)
    with (
        Child("serve", tmp_path / "mine", settings=SETTINGS) as mine,
        Child("serve", theirs / "data", settings=SETTINGS, prefix=AS_NOBODY) as other,
    ):
        port = mine.until("listening")["port"]
        other_port = other.until("listening")["port"]
        assert port != other_port
        assert (theirs / "data").stat().st_uid == NOBODY
        assert mine.get(other_port, "/", token="e" * 64)[0] == 403
        for folder in (tmp_path / "mine", theirs / "data"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert mine.end_of_stdin() == other.end_of_stdin() == 0


@pytest.mark.skipif(
    not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("unshare")),
    reason="takes root and unshare to change /etc/hosts for one process",
)
def test_where_localhost_is_ipv6_only(tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text("::1 localhost ip6-localhost\n")
    bind = 'mount --bind "$0" /etc/hosts && exec "$@"'
    starts(tmp_path / "data", prefix=("unshare", "--mount", "sh", "-c", bind, str(hosts)))


@root_only
def test_a_folder_without_the_right_to_write(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o755)
    with Child("serve", tmp_path / "locked", settings=SETTINGS, prefix=AS_NOBODY) as server:
        failed = server.until("failed")
        assert server.wait() == 1
    assert failed["code"] == "data_dir_unwritable"
    assert "may not write" in failed["reason"]


@root_only
def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path):
    """A real small file system: full at the first start, then with space, then full again."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let tests mount")
    try:
        filler = disk / "filler"
        fill(filler)
        with Child("serve", disk / "data", settings=SETTINGS) as server:
            assert server.until("failed")["code"] == "disk_full"
            assert server.wait() == 1
        filler.unlink()
        starts(disk / "data")
        fill(filler)
        with Child("serve", disk / "data", settings=SETTINGS) as server:
            failed = server.until("failed")
            assert server.wait() == 1
        assert failed["code"] == "disk_full"
        assert "Free some space" in failed["hint"]
        filler.unlink()
        starts(disk / "data")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def fill(path):
    with path.open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
