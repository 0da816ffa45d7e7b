"""Every way a call over a trunk can end, with SIPp as the far end and the real edge in between."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from firmware.model import HangupCause as Cause
from firmware.model import LegId
from firmware.trunks.base import LegAnswered, LegEnded, LegHeld, LegRinging, PhoneRoute, Route
from tests.peers.far_ends import sipp
from tests.peers.house import CALLER, House
from tests.permitted import over

pytestmark = pytest.mark.peers


@pytest.mark.parametrize(
    ("scenario", "status", "q850", "cause"),
    [
        ("reject", "486 Busy Here", 17, Cause.BUSY),
        ("ring_reject", "486 Busy Here", 16, Cause.BUSY),
        ("reject", "404 Not Found", 1, Cause.NOT_FOUND),
        ("reject", "484 Address Incomplete", 28, Cause.NOT_FOUND),
        ("reject", "410 Gone", 22, Cause.NOT_FOUND),
        ("reject", "480 Temporarily Unavailable", 20, Cause.UNAVAILABLE),
        ("ring_reject", "480 No Answer", 19, Cause.NO_ANSWER),
        ("reject", "503 Service Unavailable", 34, Cause.NETWORK_FAILURE),
        ("reject", "500 Server Failure", 16, Cause.NETWORK_FAILURE),
        ("ring_reject", "603 Decline", 21, Cause.REJECTED),
        ("reject", "403 Forbidden", 16, Cause.REJECTED),
        ("reject", "302 Moved Temporarily", 16, Cause.UNAVAILABLE),
        ("early_reject", "404 Not Found", 1, Cause.NOT_FOUND),
    ],
)
def test_a_refusal_ends_with_its_cause(
    house: House, tmp_path: Path, scenario: str, status: str, q850: int, cause: Cause
) -> None:
    with sipp(scenario, house.trunk(), tmp_path, keys={"status": status, "cause": str(q850)}):
        leg = house.dial()
        end = house.wait(leg, LegEnded)
    assert (end.cause, end.by_far_end, end.sip_code, end.q850) == (cause, True, int(status[:3]), q850)
    before = [type(event) for event in house.of(leg)[:-1]]
    assert before == ([] if scenario == "reject" else [LegRinging])
    if scenario == "early_reject":
        assert house.wait(leg, LegRinging).early_media


def test_nobody_picks_up(house: House, tmp_path: Path) -> None:
    with sipp("no_answer", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial(ring_s=0.6)
        end = house.wait(leg, LegEnded)
        assert (end.cause, end.by_far_end) == (Cause.NO_ANSWER, False)
        assert [type(e) for e in house.of(leg)] == [LegRinging, LegEnded]
        assert far.wait(5) == 0, "the far end saw CANCEL and an ACK for its 487"


def test_we_give_up_while_it_rings(house: House, tmp_path: Path) -> None:
    with sipp("no_answer", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial()
        house.wait(leg, LegRinging)
        end = house.hang_up(leg)
        assert (end.cause, end.by_far_end) == (Cause.CANCELLED, False)
        assert far.wait(5) == 0


def test_a_far_end_deaf_to_cancel_does_not_hold_us(house: House, tmp_path: Path) -> None:
    with sipp("deaf", house.trunk(), tmp_path):
        leg = house.dial(ring_s=0.3)
        assert house.wait(leg, LegEnded, 2.0).cause == Cause.NO_ANSWER


def test_an_answer_that_crosses_our_cancel_is_hung_up(house: House, tmp_path: Path) -> None:
    with sipp("late_answer", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial()
        house.wait(leg, LegRinging)
        assert house.hang_up(leg).cause == Cause.CANCELLED
        assert far.wait(10) == 0, "the far end got a BYE"
    assert [type(e) for e in house.of(leg)] == [LegRinging, LegEnded]


def test_a_trunk_that_is_down_says_nothing_about_the_contact(house: House) -> None:
    leg = house.dial("nowhere")
    end = house.wait(leg, LegEnded)
    assert (end.cause, end.sip_code) == (Cause.NETWORK_FAILURE, 503)


def test_we_hang_up_after_the_answer(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial()
        house.wait(leg, LegAnswered)
        end = house.hang_up(leg)
        assert (end.cause, end.by_far_end) == (Cause.NORMAL, False)
        assert far.wait(5) == 0
    assert [type(e) for e in house.of(leg)] == [LegRinging, LegAnswered, LegEnded]


@pytest.mark.parametrize(
    ("q850", "cause"), [(16, Cause.NORMAL), (31, Cause.NORMAL), (38, Cause.NETWORK_FAILURE)]
)
def test_the_far_end_hangs_up(house: House, tmp_path: Path, q850: int, cause: Cause) -> None:
    with sipp("talk_bye", house.trunk(), tmp_path, keys={"cause": str(q850)}, pause_ms=300, calls=1) as far:
        leg = house.dial()
        end = house.wait(leg, LegEnded)
        assert (end.cause, end.by_far_end, end.q850) == (cause, True, q850)
        assert far.wait(5) == 0


def test_early_media_then_an_answer(house: House, tmp_path: Path) -> None:
    with sipp("early", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial()
        assert house.wait(leg, LegRinging).early_media
        house.wait(leg, LegAnswered)
        house.hang_up(leg)
        assert far.wait(5) == 0
    assert [type(e) for e in house.of(leg)] == [LegRinging, LegAnswered, LegEnded]


def test_a_reinvite_from_the_far_end_is_a_hold_and_its_end(house: House, tmp_path: Path) -> None:
    with sipp("reinvite", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial()
        assert house.wait(leg, LegHeld).held
        assert not house.wait(leg, LegHeld, nth=2).held
        assert house.hang_up(leg).cause == Cause.NORMAL
        assert far.wait(5) == 0


def test_a_lost_bye_is_noticed_by_the_silence(house: House, tmp_path: Path) -> None:
    with sipp("vanish", house.trunk(), tmp_path, pause_ms=300):
        leg = house.dial()
        house.wait(leg, LegAnswered)
        end = house.wait(leg, LegEnded, 6.0)
    assert (end.cause, end.by_far_end) == (Cause.MEDIA_LOST, False)


def test_a_far_end_that_dies_is_noticed(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path) as far:
        leg = house.dial()
        house.wait(leg, LegAnswered)
        far.kill()
        assert house.wait(leg, LegEnded, 6.0).cause == Cause.MEDIA_LOST


def test_commands_for_a_leg_that_has_ended_are_ignored(house: House, tmp_path: Path) -> None:
    with sipp("reject", house.trunk(), tmp_path, keys={"status": "486 Busy Here", "cause": "17"}):
        leg = house.dial()
        house.wait(leg, LegEnded)
    media = house.media
    for command in (media.hang_up, media.answer, media.hold, media.unhold, media.stop_playing):
        house.do(lambda command=command: command(leg))
    house.do(lambda: media.play(leg, tmp_path / "missing.wav"))
    house.do(lambda: media.send_digits(leg, "1"))
    house.do(lambda: media.bridge(leg, leg))
    assert [type(e) for e in house.of(leg)] == [LegEnded]


@pytest.mark.parametrize(
    "route",
    [
        over("far", "+4930;x=y"),
        over("far", "+4930@evil.example"),
        over("far", "+4930\r\nX-Evil: 1"),
        over("far", ""),
        over("no-such-trunk", "+493023125001"),
        PhoneRoute("boss@evil.example"),
        PhoneRoute(""),
    ],
)
def test_nothing_but_a_number_is_dialled(whole_house: House, route: Route) -> None:
    before = whole_house.media.faults
    leg = LegId(f"bad{time.monotonic_ns()}")
    whole_house.do(lambda: whole_house.media.originate(leg, route, CALLER, 5.0))
    assert whole_house.wait(leg, LegEnded).cause == Cause.OUR_FAULT
    whole_house.media._sip.legs.faults -= 1
    assert whole_house.media.faults == before
    whole_house.nothing_left()
