"""Desk phones and people: baresip at both ends, audio judged from what each of them heard."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from firmware.model import HangupCause as Cause
from firmware.model import LegId
from firmware.trunks.base import LegAnswered, LegDigit, LegEnded, LegHeld, LegPlayed, LegRinging
from tests.peers.far_ends import RATE_HZ, Baresip, level_db, longest_gap_ms, read_wav, sipp, tone, write_wav
from tests.peers.house import House
from tests.peers.processes import eventually

pytestmark = pytest.mark.peers
CUSTOMER_HZ, AGENT_HZ = 440.0, 700.0


def heard(phone: Baresip, seconds: float) -> np.ndarray:
    """What a phone hears in the next ``seconds``."""
    start, began = len(phone.heard()), time.monotonic()
    need = int(seconds * RATE_HZ)
    eventually(lambda: len(phone.heard()) >= start + need, seconds + 10)
    took = time.monotonic() - began
    assert took < seconds + 0.5, f"{seconds} s of audio took {took:.2f} s"
    return phone.heard()[start : start + need]


def talking(house: House, agent: str) -> tuple[LegId, LegId]:
    """A customer and an agent, bridged."""
    phone = house.ring(agent)
    house.wait(phone, LegAnswered)
    customer = house.dial()
    house.wait(customer, LegAnswered)
    house.do(lambda: house.media.bridge(customer, phone))
    return customer, phone


def sent(house: House, leg: LegId) -> int:
    """RTP packets sent to the far end since its audio was last negotiated."""
    return int(house.on_sip_thread(lambda: house.leg(leg).call.getStreamStat(0).rtcp.txStat.pkt))


def test_both_hear_each_other_without_gaps_and_without_loss(house: House, tmp_path: Path) -> None:
    with (
        house.customer(tmp_path / "c", hertz=CUSTOMER_HZ) as far,
        house.desk(tmp_path / "a", "agent1") as desk,
    ):
        customer, phone = talking(house, "agent1")
        at_desk = heard(desk, 10.5)[RATE_HZ // 2 :]
        at_far = far.heard()[-8 * RATE_HZ :]
        house.hang_up(customer)
        house.hang_up(phone)
    assert abs(level_db(at_desk, CUSTOMER_HZ)) <= 1.0
    assert abs(level_db(at_far, AGENT_HZ)) <= 1.0
    assert level_db(at_desk, AGENT_HZ) < -40, "nobody hears himself"
    assert longest_gap_ms(at_desk) <= 20
    assert longest_gap_ms(at_far) <= 20


def test_an_unbridged_leg_is_silent_but_not_dead(house: House, tmp_path: Path) -> None:
    """A nailed-up phone hears nothing between calls, yet packets keep coming: many phones hang up without."""
    with house.desk(tmp_path / "a", "agent1") as desk:
        phone = house.ring("agent1")
        house.wait(phone, LegAnswered)
        quiet = heard(desk, 1.0)
        assert np.abs(quiet).max() < 50
        before = sent(house, phone)
        heard(desk, 1.0)
        assert 45 <= sent(house, phone) - before <= 70
        house.hang_up(phone)


def test_hold_cuts_both_ways_and_unhold_restores(house: House, tmp_path: Path) -> None:
    """The customer echoes: what the agent hears of himself has passed both directions."""
    with (
        sipp("held", house.trunk(), tmp_path / "c", echo=True, calls=1) as far,
        house.desk(tmp_path / "a", "agent1") as desk,
    ):
        customer, phone = talking(house, "agent1")
        eventually(lambda: abs(level_db(heard(desk, 0.3), AGENT_HZ)) <= 1.0, why="both ways are open")
        house.do(lambda: house.media.hold(customer))
        eventually(lambda: house.leg(customer).held)
        heard(desk, 0.3)
        assert level_db(heard(desk, 1.0), AGENT_HZ) < -40
        house.do(lambda: house.media.unhold(customer))
        eventually(lambda: not house.leg(customer).held)
        eventually(lambda: abs(level_db(heard(desk, 0.3), AGENT_HZ)) <= 1.0, why="both ways are open again")
        house.hang_up(customer)
        house.hang_up(phone)
        assert far.wait(5) == 0
    assert not any(isinstance(e, LegHeld) for e in house.of(customer)), "that was us, not the far end"


def test_the_phone_holds_us_and_takes_us_back(house: House, tmp_path: Path) -> None:
    with house.customer(tmp_path / "c") as far, house.desk(tmp_path / "a", "agent1") as desk:
        customer, phone = talking(house, "agent1")
        eventually(lambda: abs(level_db(heard(far, 0.3), AGENT_HZ)) <= 1.0)
        desk.command("hold")
        assert house.wait(phone, LegHeld).held
        heard(far, 0.3)
        assert level_db(heard(far, 1.0), AGENT_HZ) < -40
        before = sent(house, phone)
        desk.command("resume")
        assert not house.wait(phone, LegHeld, nth=2).held
        eventually(lambda: abs(level_db(heard(far, 0.3), AGENT_HZ)) <= 1.0)
        assert sent(house, phone) > before, "and the phone gets packets again"
        house.hang_up(customer)
        house.hang_up(phone)


def test_keys_both_ways(house: House, tmp_path: Path) -> None:
    with house.desk(tmp_path / "a", "agent1") as desk:
        phone = house.ring("agent1")
        house.wait(phone, LegAnswered)
        heard(desk, 0.3)
        house.do(lambda: house.media.send_digits(phone, "19*#"))
        for key in "19*#":
            eventually(lambda key=key: desk.saw("CALL_DTMF_START", key), why=f"the phone sees {key}")
        for number, key in enumerate("52#", 1):
            desk.command("sndcode", key)
            assert house.wait(phone, LegDigit, nth=number).digit == key
        house.hang_up(phone)
    assert [e.digit for e in house.of(phone) if isinstance(e, LegDigit)] == list("52#"), "each key once"


def test_either_side_may_hang_up(house: House, tmp_path: Path) -> None:
    with house.customer(tmp_path / "c") as far, house.desk(tmp_path / "a", "agent1") as desk:
        customer, phone = talking(house, "agent1")
        eventually(lambda: far.saw("CALL_ESTABLISHED"), why="the ACK has reached it")
        far.command("hangup")
        end = house.wait(customer, LegEnded)
        assert (end.cause, end.by_far_end) == (Cause.NORMAL, True)
        assert not any(isinstance(e, LegEnded) for e in house.of(phone)), "the phone stays open"
        desk.command("hangup")
        end = house.wait(phone, LegEnded)
        assert (end.cause, end.by_far_end) == (Cause.NORMAL, True)


def test_a_phone_that_refuses(house: House, tmp_path: Path) -> None:
    with house.desk(tmp_path / "a", "agent1", answer="manual") as desk:
        phone = house.ring("agent1")
        house.wait(phone, LegRinging)
        desk.command("hangup")
        end = house.wait(phone, LegEnded)
        assert end.by_far_end
        assert end.cause in (Cause.BUSY, Cause.REJECTED, Cause.UNAVAILABLE)


def test_a_phone_that_is_not_there(house: House) -> None:
    house.phone("absent")
    phone = house.ring("absent")
    end = house.wait(phone, LegEnded)
    assert (end.cause, end.sip_code) == (Cause.UNAVAILABLE, 480)


def test_a_phone_that_loses_power(house: House, tmp_path: Path) -> None:
    with house.desk(tmp_path / "a", "agent1") as desk:
        phone = house.ring("agent1")
        house.wait(phone, LegAnswered)
        desk.kill()
        assert house.wait(phone, LegEnded, 8.0).cause == Cause.MEDIA_LOST


def test_an_announcement_is_heard_whole_and_its_end_is_exact(house: House, tmp_path: Path) -> None:
    write_wav(tmp_path / "prompt.wav", tone(1.5, 1000.0))
    with house.customer(tmp_path / "c") as far:
        customer = house.dial()
        answered = house.wait(customer, LegAnswered)
        heard(far, 0.3)
        before = len(far.heard())
        house.do(lambda: house.media.play(customer, tmp_path / "prompt.wav"))
        played = house.wait(customer, LegPlayed)
        assert house.at(played) - house.at(answered) > 1.5
        heard(far, 0.5)
        house.hang_up(customer)
        audio = far.heard()[before:]
    loud = np.flatnonzero(np.abs(audio) > 300)
    assert (loud[-1] - loud[0]) / RATE_HZ == pytest.approx(1.5, abs=0.03)
    assert abs(level_db(audio[loud[0] : loud[-1]], 1000.0)) <= 1.0
    assert longest_gap_ms(audio[loud[0] : loud[-1]]) <= 20
    assert len([e for e in house.of(customer) if isinstance(e, LegPlayed)]) == 1


def test_an_announcement_stops_at_once(house: House, tmp_path: Path) -> None:
    write_wav(tmp_path / "prompt.wav", tone(30.0, 1000.0))
    with house.customer(tmp_path / "c") as far:
        customer = house.dial()
        house.wait(customer, LegAnswered)
        heard(far, 0.3)
        house.do(lambda: house.media.play(customer, tmp_path / "prompt.wav"))
        eventually(lambda: abs(level_db(heard(far, 0.2), 1000.0)) < 3)
        house.do(lambda: house.media.stop_playing(customer))
        heard(far, 0.2)  # what is on its way through the far end's jitter buffer
        assert np.abs(heard(far, 0.5)).max() < 50
        house.hang_up(customer)
    assert not any(isinstance(e, LegPlayed) for e in house.of(customer))


def test_an_announcement_that_cannot_be_read_ends_the_call(whole_house: House, tmp_path: Path) -> None:
    """What the law wants said was not said: better no call than a call that pretends."""
    with whole_house.customer(tmp_path / "c"):
        customer = whole_house.dial()
        whole_house.wait(customer, LegAnswered)
        whole_house.do(lambda: whole_house.media.play(customer, tmp_path / "missing.wav"))
        assert whole_house.wait(customer, LegEnded).cause == Cause.OUR_FAULT
    assert whole_house.media.faults > 0
    whole_house.media._sip.legs.faults = 0
    whole_house.nothing_left()


def test_a_recording_has_the_customer_left_and_the_agent_right(house: House, tmp_path: Path) -> None:
    path = tmp_path / "recordings" / "call.wav"
    with house.customer(tmp_path / "c", hertz=CUSTOMER_HZ), house.desk(tmp_path / "a", "agent1") as desk:
        customer, phone = talking(house, "agent1")
        house.do(lambda: house.media.record(customer, phone, path))
        heard(desk, 2.0)
        house.hang_up(customer)
        eventually(path.exists, why="closed with the customer's leg")
        house.hang_up(phone)
    left, right = read_wav(path, 0), read_wav(path, 1)
    assert 1.8 < len(left) / RATE_HZ < 4.0
    middle = slice(RATE_HZ // 5, int(1.7 * RATE_HZ))
    assert abs(level_db(left[middle], CUSTOMER_HZ)) <= 1.0
    assert abs(level_db(right[middle], AGENT_HZ)) <= 1.0
    assert level_db(left[middle], AGENT_HZ) < -40
    assert longest_gap_ms(left[middle]) <= 20
