"""A way out for tests of the lines themselves, where no campaign stands behind a call: a permit made by hand."""

from __future__ import annotations

from firmware.model import Permit
from firmware.trunks.base import TrunkRoute


def over(trunk: str, number: str) -> TrunkRoute:
    """A route over a trunk to a number, permitted by nobody."""
    permit = Permit(
        number=number,
        decided_at=0.0,
        zone="Europe/Berlin",
        local_time="1970-01-01T01:00:00+01:00",
        window="",
        rule_version="test",
        dnc_lists={},
        attempts_before=0,
        last_attempt_at=None,
        caller_id="",
    )
    return TrunkRoute(permit, trunk)
