"""Ends the calls of a service that is gone: whoever is still on the line hears the end of it, not silence.

A service that comes back after a crash knows nothing of its old dialogues, but Kamailio does. Answered ones get a BYE
on both sides (RFC 3261 §15), ringing ones a CANCEL (§9). Run it before the first new call.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from firmware.edge.rpc import Rpc, RpcRefused

_log = logging.getLogger(__name__)
_ANSWERED = (3, 4)
_OVER = 5
"""States of Kamailio's dialog module: 1 and 2 before the answer, 3 and 4 after it, 5 ended."""


async def end_all(rpc: Rpc) -> int:
    """End every dialogue Kamailio knows; returns how many. Raises ``RpcDown``."""
    # The brief listing: an answer must fit into one datagram, and there may be hundreds of them.
    left = [brief for brief in await rpc.call("dlg.briefing", "cs") or () if brief["state"] < _OVER]
    for dialogue in left:
        try:
            await _end(rpc, dialogue)
        except RpcRefused as refusal:
            _log.info("edge: a left-over call had ended by itself: %s", refusal)
    if left:
        _log.warning("edge: %d calls of a service that is gone were ended", len(left))
    return len(left)


async def _end(rpc: Rpc, brief: Mapping[str, Any]) -> None:
    if brief["state"] in _ANSWERED:
        await rpc.call("dlg.end_dlg", brief["h_entry"], brief["h_id"])
    else:
        whole = await rpc.call("dlg.dlg_list", brief["call-id"])
        await rpc.call("tm.cancel", brief["call-id"], whole["caller"]["cseq"])
