"""Which way backups get to the server that an address names."""

from __future__ import annotations

from pathlib import Path

from firmware.backup import sftp, smb
from firmware.backup.carrier import Carrier


def carrier_of(folder: str, keys: Path) -> Carrier | None:
    """By ``[backup] folder``; None: it is a folder of the box. ``keys``: where keys and passwords for servers are."""
    server = sftp.server_of(folder)
    if server is not None:
        return sftp.Session(server, keys)
    share = smb.share_of(folder)
    return None if share is None else smb.Session(share, keys)
