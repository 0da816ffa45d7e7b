"""The hour and the weekday where a contact lives, for conditions. Pure: the moment is an argument."""

from __future__ import annotations

from datetime import UTC, datetime

from firmware.compliance.windows import UnknownZoneError, zone_info


def hour_and_weekday(zones: str, default_zone: str, now: float) -> tuple[int, int]:
    """Return hour (0..23) and weekday (Monday 0) at ``now`` (UTC seconds) in the first of the contact's zones.

    ``zones`` are IANA names with blanks between; without one, or with one nobody knows, ``default_zone`` counts, and
    UTC if that is unknown too.
    """
    moment = datetime.fromtimestamp(now, UTC)
    for name in (*zones.split()[:1], default_zone):
        try:
            there = moment.astimezone(zone_info(name))
        except UnknownZoneError:
            continue
        return there.hour, there.weekday()
    return moment.hour, moment.weekday()
