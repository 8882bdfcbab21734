"""Detect folders unsuitable for a database: network shares and synced folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from djdesk.messages import say

# Folder names that the clients create, compared without case. (OneDrive adds " - Company".)
SYNCED = {
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "onedrive": "OneDrive",
    "box sync": "Box",
    "pcloud drive": "pCloud",
    "syncthing": "Syncthing",
}
NETWORK_TYPES = {
    "9p", "afpfs", "afs", "ceph", "cifs", "davfs", "fuse.rclone", "fuse.sshfs", "glusterfs",
    "nfs", "nfs4", "smb3", "smbfs", "sshfs", "webdav",
}  # fmt: skip


def warning(folder: Path, *, mounts: str | None = None, platform: str = sys.platform) -> str:
    """A warning about the location of the data folder, or an empty string.

    ``mounts`` replaces /proc/mounts in tests.
    """
    if service := synced_by(folder):
        return say(
            "The data folder {folder} is synced by {service}. Sync programs copy a database while "
            "it is being written and can damage it. Move the data elsewhere with --data-dir.",
            folder=folder,
            service=service,
        )
    if share := network_share(folder, mounts=mounts, platform=platform):
        return say(
            "The data folder {folder} is on a network share ({share}). A database in WAL mode "
            "needs a local disk. Move the data elsewhere with --data-dir.",
            folder=folder,
            share=share,
        )
    return ""


def synced_by(folder: Path) -> str:
    """The sync program whose folder contains this path, or an empty string."""
    for part in (name.lower() for name in folder.parts):
        if part in SYNCED:
            return SYNCED[part]
        if part.startswith("onedrive -"):
            return "OneDrive"
        # macOS: ~/Library/CloudStorage/GoogleDrive-name@example.com
        if part.startswith(("googledrive-", "dropbox-", "onedrive-", "box-")):
            return SYNCED.get(part.split("-")[0], "a cloud service")
    return ""


def network_share(folder: Path, *, mounts: str | None, platform: str) -> str:
    """The kind of network file system that contains the folder, or an empty string."""
    if platform == "win32":
        return _windows_share(folder)
    if platform == "darwin" and mounts is None:
        mounts = _macos_mounts()
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    best = ("", "")
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = point == "/" or str(folder) == point or str(folder).startswith(point + os.sep)
        # A later mount at the same point hides the earlier one.
        if inside and len(point) >= len(best[0]):
            best = (point, fields[2])
    return best[1] if best[1] in NETWORK_TYPES else ""


def _macos_mounts() -> str:
    """The output of ``mount`` ("//host/share on /Volumes/share (smbfs)") in Linux's format."""
    import subprocess

    try:
        said = subprocess.run(
            ["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = []
    for line in said.splitlines():
        device, found, rest = line.partition(" on ")
        point, opened, options = rest.rpartition(" (")
        if found and opened:
            kind = options.split(",")[0].rstrip(")")
            lines.append(f"{device.replace(' ', '_')} {point.replace(' ', chr(92) + '040')} {kind}")
    return "\n".join(lines)


def _windows_share(folder: Path) -> str:
    if str(folder).startswith("\\\\") and not str(folder).startswith("\\\\?\\"):
        return "a UNC path"
    if sys.platform != "win32":
        return ""
    try:
        import ctypes

        remote = 4  # DRIVE_REMOTE
        drive = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)
    except OSError:
        return ""
    return "a network drive" if drive == remote else ""
