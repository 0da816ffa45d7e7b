"""What the backend does when something goes wrong that is nobody's fault on the wire."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from firmware.model import HangupCause as Cause
from firmware.trunks.base import LegAnswered, LegEnded, LegEvent, LegRinging
from tests.peers.far_ends import sipp
from tests.peers.house import House
from tests.peers.processes import eventually

pytestmark = pytest.mark.peers


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
        legs = [whole_house.dial(ring_s=60.0) for _ in range(room + 10)]
        for leg in legs:
            whole_house.do(lambda leg=leg: whole_house.media.hang_up(leg))
        causes = Counter(whole_house.wait(leg, LegEnded, 20.0).cause for leg in legs)
    assert set(causes) == {Cause.OUR_FAULT, Cause.CANCELLED}
    assert 10 <= causes[Cause.OUR_FAULT] < 60, (
        "all that came too late, and some whose slot was still saying goodbye"
    )
    whole_house.media._sip.legs.faults = 0
    whole_house.nothing_left()
    with sipp("talk", whole_house.trunk(), tmp_path / "again"):
        eventually(lambda: answered(whole_house), 40.0, "there is room again")
    whole_house.media._sip.legs.faults = 0
    whole_house.nothing_left()


def answered(house: House) -> bool:
    """Whether a call is answered; it is hung up again."""
    leg = house.dial()
    eventually(lambda: any(isinstance(e, LegAnswered | LegEnded) for e in house.of(leg)))
    house.do(lambda: house.media.hang_up(leg))
    house.wait(leg, LegEnded)
    return any(isinstance(e, LegAnswered) for e in house.of(leg))
