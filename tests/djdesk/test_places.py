"""Folders unsuitable for a database."""

from pathlib import Path

import pytest

from djdesk.desktop.places import warning

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /home/ada/net nfs4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /home/ada/net/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "word"),
    [
        ("/home/ada/Dropbox/app", "Dropbox"),
        ("/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/app", "iCloud"),
        ("/Users/ada/Library/CloudStorage/GoogleDrive-ada@example.com/app", "Google Drive"),
        ("/c/Users/ada/OneDrive - Example Ltd/app", "OneDrive"),
        ("/home/ada/net/app", "network share"),
        ("/mnt/my share/app", "network share"),
    ],
)
def test_warned(folder, word):
    text = warning(Path(folder), mounts=MOUNTS, platform="linux")
    assert word in text
    assert "--data-dir" in text


@pytest.mark.parametrize(
    "folder",
    [
        "/home/ada/.local/share/djdesk",
        "/home/ada/net/local/app",
        "/home/ada/network",
        "/srv/onedrives",
    ],
)
def test_fine(folder):
    assert warning(Path(folder), mounts=MOUNTS, platform="linux") == ""
