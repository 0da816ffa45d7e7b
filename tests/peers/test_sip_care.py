"""What the backend does when something goes wrong that is nobody's fault on the wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.model import HangupCause as Cause
from firmware.model import LegId
from firmware.trunks.base import LegAnswered, LegEnded, LegEvent, LegRinging
from tests.peers.far_ends import sipp
from tests.peers.house import House
from tests.peers.processes import eventually

pytestmark = pytest.mark.peers
_LOT = 20


def test_a_call_longer_than_allowed_is_ended(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path):
        leg = house.dial()
        house.wait(leg, LegAnswered)
        house.on_sip_thread(lambda: setattr(house.leg(leg), "end_by", 0.0))
        end = house.wait(leg, LegEnded, 2.0)
    assert (end.cause, end.by_far_end) == (Cause.TOO_LONG, False)


def test_the_length_of_a_call_is_counted_from_its_answer(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path):
        leg = house.dial()
        house.wait(leg, LegAnswered)
        now = house.media._clock.monotonic()
        assert house.leg(leg).end_by == pytest.approx(now + house.media._settings.max_call_s, abs=2.0)
        house.hang_up(leg)


def test_an_end_the_library_forgot_to_tell_is_found_by_the_audit(whole_house: House, tmp_path: Path) -> None:
    with sipp("talk_bye", whole_house.trunk(), tmp_path, keys={"cause": "16"}, pause_ms=400):
        leg = whole_house.dial()
        whole_house.wait(leg, LegAnswered)
        whole_house.on_sip_thread(
            lambda: setattr(whole_house.leg(leg).call, "leg", None)
        )  # deaf from here on
        end = whole_house.wait(leg, LegEnded, 5.0)
    assert (end.cause, end.text) == (Cause.NETWORK_FAILURE, "lost by the library")
    assert whole_house.media.health().leaks == 1
    whole_house.media._sip.legs.audit.repaired = 0
    whole_house.nothing_left()


def test_a_failure_of_ours_ends_that_call_and_no_other(
    whole_house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    legs = whole_house.media._sip.legs
    with sipp("talk", whole_house.trunk(), tmp_path):
        other = whole_house.dial()
        whole_house.wait(other, LegAnswered)
        emit = legs.emit

        def failing(event: LegEvent) -> None:
            if isinstance(event, LegRinging):
                raise ZeroDivisionError("a mistake in the service")
            emit(event)

        legs.emit = failing
        try:
            leg = whole_house.dial()
            end = whole_house.wait(leg, LegEnded)
        finally:
            legs.emit = emit
        assert end.cause == Cause.OUR_FAULT
        assert legs.faults == 1
        assert "a mistake in the service" in caplog.text
        assert whole_house.hang_up(other).cause == Cause.NORMAL
    legs.faults = 0
    whole_house.nothing_left()


def test_more_legs_than_there_is_room_for(whole_house: House, tmp_path: Path) -> None:
    """The library's table is full: the call that finds no room ends at once, and room comes back."""
    room = whole_house.media._settings.max_legs
    with sipp("no_answer", whole_house.trunk(), tmp_path, messages=False):
        before = under_way(whole_house)
        legs = [whole_house.dial(ring_s=60.0)]
        while has_found_room(whole_house, legs[-1]):
            legs.append(whole_house.dial(ring_s=60.0))
        assert whole_house.wait(legs.pop(), LegEnded).cause == Cause.OUR_FAULT
        assert room - 20 < len(legs) <= room, "legs of other tests may still be saying goodbye"
        for ended, leg in enumerate(legs, 1):
            assert whole_house.hang_up(leg).cause == Cause.CANCELLED
            left = before + len(legs) - ended
            eventually(lambda left=left: under_way(whole_house) <= left, why="the CANCEL has met its 487")  # type: ignore[misc]
    whole_house.media._sip.legs.faults = 0
    whole_house.nothing_left()
    with sipp("talk", whole_house.trunk(), tmp_path / "again"):
        leg = whole_house.dial()
        whole_house.wait(leg, LegAnswered)
        whole_house.hang_up(leg)
    whole_house.nothing_left()


def has_found_room(house: House, leg: LegId) -> bool:
    """Whether it rings, which SIPp is given time for: a request sent twice is a mistake to it."""
    return isinstance(eventually(lambda: house.of(leg))[0], LegRinging)


def under_way(house: House) -> int:
    """Requests the far end has not answered yet; for each INVITE among them the library keeps a slot."""
    count = house.kamailio.ask("tm.stats")["result"]
    assert isinstance(count, dict)
    return int(count["current"]) - int(count["waiting"])
