"""Calls between a simulated desk phone and the exchange: people, machines and keys, measured at both ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from board.sim import tones
from board.sim.clips import Clip
from board.sim.exchange import Exchange
from board.sim.g711 import Samples
from board.sim.party import Party
from board.sim.phone import Phone
from board.sim.phone_settings import PhoneSettings, office
from board.sim.sdp import Direction
from tests.contract.exchange_support import NUMBER, QUICK, exchange
from tests.unit.board_sim.support import make_voices


@asynccontextmanager
async def calling(
    tmp_path: Path, what: object, sound: str = "talk"
) -> AsyncIterator[tuple[Exchange, Phone, Party]]:
    """A phone that has dialled a number of the exchange (and has asked it to be its registrar, in vain)."""
    async with exchange(tmp_path, what) as network:
        settings = PhoneSettings("1001", "", ("127.0.0.1", network.port), "127.0.0.1", sound=sound)
        async with Phone(settings, office(make_voices(tmp_path / "more"), keep_s=60)) as phone:
            yield network, phone, phone.dial(NUMBER)


def level_dbfs(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples.astype(float) ** 2) / (32768.0**2 / 2) + 1e-12))


def spectrum_at(samples: Samples, hertz: float) -> float:
    """The share of the power within 20 Hz of a frequency."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    at = np.fft.rfftfreq(len(samples), 1 / 8000)
    return float(power[np.abs(at - hertz) < 20].sum() / power.sum())


async def test_two_people_take_turns_until_the_talk_time_is_over(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "human", **QUICK, "talk_s": 4}) as (network, phone, _):
        ended = await network.wait_for("ended", timeout_s=30)
        assert (ended.figures["by"], ended.figures["how"]) == ("callee", "bye")
        assert (await network.wait_for("done")).figures["reason"] == "talk_time"
        assert len([one for one in network.witness.events if one.event == "spoke"]) >= 2
        first = await network.wait_for("heard_speech")
        assert first.figures["first"] is True
        # the phone waits for a pause of 0.5 s after the hello before it speaks
        assert 0.3 < float(str(first.figures["since_hello_end_s"])) < 2.0
        assert (await phone.wait_for("heard_speech")).t < first.t
        assert (await phone.wait_for("ended")).figures["by"] == "callee"


async def test_a_machine_greets_beeps_and_records(tmp_path: Path) -> None:
    what = {"behaviour": "machine", **QUICK, "record_s": 1}
    async with calling(tmp_path, what, sound="silent") as (network, phone, party):
        await network.wait_for("ended", timeout_s=30)
        spoken = [one for one in network.witness.events if one.event == "spoke"]
        assert [one.figures["kind"] for one in spoken] == ["machine_greeting", "beep"]
        assert 3.2 <= spoken[1].t - spoken[0].t <= 4.5
        await phone.wait_for("ended")
        heard = party.heard.samples()
        hertz = float(str(spoken[1].figures["clip"]).split()[1])
        begin = round((spoken[1].t - party.heard.first_at) * 8000) + 400
        assert spectrum_at(heard[begin : begin + 1200], hertz) > 0.95


async def test_a_tone_arrives_whole_and_as_loud_as_it_was_sent(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "silence", **QUICK}, sound="silent") as (
        network,
        phone,
        party,
    ):
        await phone.wait_for("answered")
        tone = Clip("tone", tones.agent_tone().samples[: 3 * 8000])
        await party.media.stream.mouth.play(tone)
        phone.hang_up()
        ended = await network.wait_for("ended")
        assert (ended.figures["by"], ended.figures["rtp_lost"]) == ("caller", 0)
        capture = network.calls[0].heard
        assert capture.holes() == []
        begin = (await network.wait_for("heard_speech")).t - capture.first_at
        heard = capture.samples()[round(begin * 8000) + 400 :][: 2 * 8000]
        assert spectrum_at(heard, 440) > 0.99
        assert level_dbfs(heard) == pytest.approx(level_dbfs(tone.samples), abs=0.1)


async def test_ringback_is_heard_before_the_answer(tmp_path: Path) -> None:
    what = {"behaviour": "human", **QUICK, "ring_s": 1.0, "ringback": True, "country": "FR"}
    async with calling(tmp_path, what, sound="silent") as (network, phone, party):
        answered = await network.wait_for("answered")
        assert (await phone.wait_for("ringing")).figures["status"] == 183
        before = party.heard.samples()[: round((answered.t - party.heard.first_at) * 8000) - 160]
        assert spectrum_at(before[800:], 440) > 0.98


@pytest.mark.parametrize(
    ("behaviour", "hertz", "seconds"),
    [("busy_tone", 425, 0.4), ("congestion_tone", 425, 0.2), ("fax", 2100, 2.0), ("fax_calling", 1100, 0.4)],
)
async def test_tones_of_the_network(tmp_path: Path, behaviour: str, hertz: float, seconds: float) -> None:
    what = {"behaviour": behaviour, **QUICK, "tone_s": 2, "record_s": 2}
    async with calling(tmp_path, what, sound="silent") as (_, phone, party):
        heard = await phone.wait_for("heard_speech")
        begin = round((heard.t - party.heard.first_at) * 8000) + 160
        await party.media.stream.ear.pause(0.1, 10.0)
        assert spectrum_at(party.heard.samples()[begin:][: round(seconds * 8000)], hertz) > 0.95


async def test_sit_is_heard_and_followed_by_words(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "sit_answered", **QUICK}, sound="silent") as (
        network,
        phone,
        party,
    ):
        ended = await network.wait_for("ended", timeout_s=20)
        assert ended.figures["answered"] is True
        await phone.wait_for("ended")
        heard = party.heard.samples()
        begin = round(((await phone.wait_for("heard_speech")).t - party.heard.first_at) * 8000)
        for n, hertz in enumerate((950, 1400, 1800)):
            part = heard[begin + round((n * 0.33 + 0.05) * 8000) :][:1600]
            assert spectrum_at(part, hertz) > 0.95
        assert (await phone.wait_for("heard_speech", nth=2)).t - (
            await phone.wait_for("heard_speech")
        ).t > 1.5


async def test_keys_arrive_both_ways(tmp_path: Path) -> None:
    what = {"behaviour": "presses_keys", **QUICK, "keys": "12#9", "keys_after_s": 0.1}
    async with calling(tmp_path, what, sound="silent") as (network, phone, _):
        for n, digit in enumerate("12#9", 1):
            assert (await phone.wait_for("digit", nth=n)).figures == {"digit": digit}
        await phone.press("*0D")
        for n, digit in enumerate("*0D", 1):
            assert (await network.wait_for("digit", nth=n)).figures == {"digit": digit}


async def test_the_phone_holds_and_comes_back(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "silence", **QUICK}) as (network, phone, party):
        await phone.wait_for("answered")
        await asyncio.wait_for(asyncio.shield(network.calls[0].call.confirmed), 5)
        assert await phone.hold() == 200
        assert network.calls[0].media.held
        assert not network.calls[0].media.stream.sending
        assert party.media.stream.sending
        assert await phone.unhold() == 200
        assert network.calls[0].media.stream.sending


async def test_a_person_on_hold_is_patient(tmp_path: Path) -> None:
    what = {"behaviour": "human", **QUICK, "patience_s": 1.0, "ask_again_s": 0.5, "hold_patience_s": 3.0}
    async with calling(tmp_path, what, sound="silent") as (network, phone, _):
        await phone.wait_for("answered")
        await asyncio.wait_for(asyncio.shield(network.calls[0].call.confirmed), 5)
        assert await phone.hold() == 200
        hello = await network.wait_for("spoke")
        done = await network.wait_for("done", timeout_s=15)
        assert done.figures["reason"] == "nobody_spoke"
        assert done.t - hello.t > 3.0


async def test_the_called_person_holds_and_comes_back(tmp_path: Path) -> None:
    what = {"behaviour": "holds", **QUICK, "hold_after_s": 0.1, "hold_s": 0.3}
    async with calling(tmp_path, what) as (network, _, party):
        assert (await network.wait_for("reinvite_sent")).figures == {"direction": "sendonly", "status": 200}
        assert party.media.held
        assert (await network.wait_for("reinvite_sent", nth=2)).figures == {
            "direction": "sendrecv",
            "status": 200,
        }
        assert not party.media.held


async def test_holding_at_the_same_moment_is_sorted_out(tmp_path: Path) -> None:
    """Glare: both send a re-INVITE, both get 491, both try again after different times (RFC 3261 §14.1)."""
    async with calling(tmp_path, {"behaviour": "silence", **QUICK}) as (network, phone, _):
        await phone.wait_for("answered")
        await asyncio.wait_for(asyncio.shield(network.calls[0].call.confirmed), 5)
        both = await asyncio.gather(phone.hold(), network.calls[0].call.reinvite(Direction.SENDONLY))
        assert both == [200, 200]


async def test_packets_are_lost_on_a_bad_line(tmp_path: Path) -> None:
    what = {"behaviour": "packet_loss", **QUICK, "loss_percent": 20, "talk_s": 3}
    async with calling(tmp_path, what) as (network, phone, party):
        ended = await network.wait_for("ended", timeout_s=20)
        await phone.wait_for("ended")
        for capture in (party.heard, network.calls[0].heard):
            assert 0.08 < capture.lost / (capture.lost + capture.received) < 0.35
        assert ended.figures["rtp_lost"] == network.calls[0].heard.lost


async def test_nothing_is_sent_where_nothing_is_to_be_sent(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "no_rtp", **QUICK, "limit_s": 0.5}) as (network, phone, party):
        assert (await network.wait_for("ended")).figures["rtp_sent"] == 0
        await phone.wait_for("ended")
        assert party.heard.received == 0


async def test_screening_is_passed_by_whoever_speaks(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "call_screening", **QUICK}) as (network, _, _):
        assert (await network.wait_for("spoke")).figures["kind"] == "call_screening"
        await network.wait_for("heard_speech")
        over = {(await network.wait_for("took_over", timeout_s=20)).event}
        assert over == {"took_over"}
        assert (await network.wait_for("spoke", nth=2)).figures["kind"] == "human_hello"


async def test_screening_hangs_up_on_silence(tmp_path: Path) -> None:
    what = {"behaviour": "call_screening", **QUICK}
    async with calling(tmp_path, what, sound="silent") as (network, _, _):
        ended = await network.wait_for("ended", timeout_s=30)
        assert ended.figures["by"] == "callee"
        assert "took_over" not in [one.event for one in network.witness.events]


async def test_the_phone_cancels(tmp_path: Path) -> None:
    async with calling(tmp_path, {"behaviour": "no_answer", "post_dial_s": 0}) as (network, phone, _):
        await phone.wait_for("ringing")
        phone.hang_up()
        assert (await network.wait_for("ended")).figures["how"] == "cancelled"
        assert (await phone.wait_for("ended")).figures["status"] == 487


async def test_a_run_repeats_itself(tmp_path: Path) -> None:
    """Same seed, same numbers, another order: the same calls."""
    numbers = [f"+493023125{n}" for n in range(100, 130)]
    seen = []
    for order in (numbers, numbers[::-1]):
        async with exchange(
            tmp_path, {"haste": 1000, "mix": {"busy": 1, "not_found": 1, "sit": 1}}
        ) as network:
            settings = PhoneSettings("1001", "", ("127.0.0.1", network.port), "127.0.0.1")
            async with Phone(settings, office(make_voices(tmp_path / "more"))) as phone:
                for nth, number in enumerate(order, 1):
                    party = phone.dial(number)
                    await network.wait_for("invite", number=number)
                    phone.hang_up()
                    await phone.wait_for("ended", nth=nth)
                    assert party.call.ended.done()
            seen.append(
                {one.number: one.behaviour for one in network.witness.events if one.event == "invite"}
            )
    assert seen[0] == seen[1]
    assert len(set(seen[0].values())) == 3


async def test_a_person_interrupts_whoever_does_not_pause(tmp_path: Path) -> None:
    what = {"behaviour": "human", **QUICK, "listens_s": 1.0, "talk_s": 5, "patience_s": 1.0}
    async with calling(tmp_path, what, sound="tone") as (network, _, _):
        assert (await network.wait_for("done", timeout_s=20)).figures["reason"] == "talk_time"
        assert len([one for one in network.witness.events if one.event == "spoke"]) >= 3
