"""Has the edge begun? A box that starts reads the service while the machine still waits for its network.

The service goes by the same addresses of the machine as the edge's configuration, which is written as soon as there are
any (``strowger-edge.service``) into a folder that is empty after every start of the machine.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from firmware.edge.render import CONFIGURATION

_log = logging.getLogger(__name__)
LOOK_S = 0.1
PATIENCE_S = 60.0
"""Longer than the machine waits for a network, and the edge for its turn: a broken edge must not stop the service."""


async def begun(folder: Path, patience_s: float = PATIENCE_S) -> bool:
    """Wait for the edge's configuration; False if it does not come in time. Without the folder nobody makes one."""
    if not folder.is_dir():
        return False
    try:
        async with asyncio.timeout(patience_s):
            while not (folder / CONFIGURATION).exists():
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        _log.warning("edge: no configuration after %.0f s; the service goes on without it", patience_s)
        return False
    return True
