"""Legs that others offer us, and legs that only exist because something in between asked for a password or a key."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.model import HangupCause as Cause
from firmware.trunks.base import LegAnswered, LegEnded, LegOffered
from tests.peers.far_ends import level_db, sipp
from tests.peers.house import NUMBER, House
from tests.peers.processes import eventually, running
from tests.peers.test_edge_guard import OFFER
from tests.peers.test_sip_phones import AGENT_HZ, CUSTOMER_HZ, heard, talking
from tests.peers.wire import Stranger

pytestmark = pytest.mark.peers


def offered(house: House, before: int) -> LegOffered:
    return house.wait_offer(before)


def test_a_phone_calls_and_is_refused(house: House, tmp_path: Path) -> None:
    with house.desk(tmp_path / "a", "agent1") as desk:
        before = len(house.events)
        desk.command("dial", "sip:110@strowger.invalid")
        offer = offered(house, before)
        assert (offer.phone, offer.caller, offer.called) == ("agent1", "agent1", "110")
        house.do(lambda: house.media.hang_up(offer.leg, 480))
        end = house.wait(offer.leg, LegEnded)
        assert (end.cause, end.by_far_end) == (Cause.REJECTED, False)
        eventually(lambda: desk.saw("CALL_CLOSED", "480"))


def test_a_phone_calls_and_is_answered(house: House, tmp_path: Path) -> None:
    with house.desk(tmp_path / "a", "agent1") as desk:
        before = len(house.events)
        desk.command("dial", "sip:100@strowger.invalid")
        offer = offered(house, before)
        eventually(lambda: desk.saw("CALL_RINGING"), why="undecided for half a second: it rings")
        house.do(lambda: house.media.answer(offer.leg))
        house.wait(offer.leg, LegAnswered)
        desk.command("hangup")
        end = house.wait(offer.leg, LegEnded)
        assert (end.cause, end.by_far_end) == (Cause.NORMAL, True)


def test_a_phone_calls_and_gives_up(house: House, tmp_path: Path) -> None:
    with house.desk(tmp_path / "a", "agent1") as desk:
        before = len(house.events)
        desk.command("dial", "sip:100@strowger.invalid")
        offer = offered(house, before)
        desk.command("hangup")
        end = house.wait(offer.leg, LegEnded)
        assert (end.cause, end.by_far_end) == (Cause.CANCELLED, True)


def test_a_flood_of_strangers_takes_no_call_slot(house: House, tmp_path: Path) -> None:
    before = len(house.events)
    stranger = Stranger(house.kamailio.address, "127.0.0.10")
    try:
        for number in range(600):
            stranger.send(stranger.request("INVITE", f"sip:{number}@strowger.invalid", body=OFFER))
        with sipp("talk", house.trunk(), tmp_path):
            leg = house.dial()
            house.wait(leg, LegAnswered)
            assert house.media.health().legs == 1
            house.hang_up(leg)
    finally:
        stranger.close()
    assert not [e for _, e in house.events[before:] if isinstance(e, LegOffered)]


def test_kamailio_restarts_under_a_call(house: House, tmp_path: Path) -> None:
    """The call goes on, phones come back by themselves, and the next call works."""
    with house.customer(tmp_path / "c", hertz=CUSTOMER_HZ), house.desk(tmp_path / "a", "agent1") as desk:
        customer, phone = talking(house, "agent1")
        pushes = house.edge.book.pushes
        house.kamailio.restart()
        eventually(lambda: house.edge.book.pushes == pushes + 1, why="the phone book is pushed again")
        assert abs(level_db(heard(desk, 1.0), CUSTOMER_HZ)) <= 1.0
        house.hang_up(customer)
        house.hang_up(phone)
        desk.stop()
    with house.desk(tmp_path / "b", "agent1"):
        phone = house.ring("agent1")
        house.wait(phone, LegAnswered)
        house.hang_up(phone)


@contextlib.contextmanager
def rtpengine(house: House) -> Iterator[None]:
    with running(house.kamailio.rendered.rtpengine_command(), house.folder / "rtpengine", "rtpengine"):
        eventually(
            lambda: (
                "result" in house.kamailio.ask("rtpengine.enable", "all", 1)
                and '"disabled": 0' in str(house.kamailio.ask("rtpengine.show", "all")).replace("'", '"')
            ),
            15.0,
            "rtpengine answers Kamailio",
        )
        yield


def test_a_phone_that_takes_only_encrypted_audio(house: House, tmp_path: Path) -> None:
    encrypted = ";mediaenc=srtp-mand"
    with (
        rtpengine(house),
        house.customer(tmp_path / "c", hertz=CUSTOMER_HZ) as far,
        house.desk(tmp_path / "a", "agent1", account=encrypted) as desk,
    ):
        customer, phone = talking(house, "agent1")
        assert abs(level_db(heard(desk, 1.0), CUSTOMER_HZ)) <= 1.0
        assert abs(level_db(heard(far, 1.0), AGENT_HZ)) <= 1.0
        house.hang_up(customer)
        house.hang_up(phone)


def test_the_far_end_is_told_who_calls_and_can_find_the_attempt(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path, calls=1) as far:
        leg = house.dial()
        house.wait(leg, LegAnswered)
        house.hang_up(leg)
        assert far.wait(5) == 0
    invite = next(tmp_path.glob("*_messages.log")).read_text()
    host = house.trunk()[0]
    assert f"Call-ID: {leg}@" in invite
    assert f"INVITE sip:{NUMBER}@{host}:{house.trunk()[1]}" in invite
    assert f"From: <sip:+493023125000@{host}>" in invite
    assert f"To: <sip:{NUMBER}@{host}>" in invite
    assert f"P-Asserted-Identity: <sip:+493023125000@{host}>" in invite
    assert "m=text" not in invite
    assert "m=video" not in invite
    assert "X-Strowger" not in invite
