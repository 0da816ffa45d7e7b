"""The exchange as SIPp sees it: an independent user agent calls every kind of number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.exchange_support import NUMBER, QUICK, exchange, sipp

pytestmark = pytest.mark.peers
BRIEF = {"post_dial_s": 0, "ring_s": 0.1, "tone_s": 0.3, "give_up_s": 0.3}


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        ("busy", 486),
        ("no_answer", 480),
        ("service_unavailable", 503),
        ("server_error", 500),
        ("not_found", 404),
        ("unavailable", 480),
        ("declined", 603),
        ("rejected", 603),
    ],
)
async def test_refusals_end_cleanly(tmp_path: Path, behaviour: str, status: int) -> None:
    async with exchange(tmp_path, {"behaviour": behaviour, **BRIEF}) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_refused", status=status)
        assert rc == 0, told
        ended = await network.wait_for("ended")
        assert (ended.figures["status"], ended.figures["by"], ended.figures["answered"]) == (
            status,
            "callee",
            False,
        )
        assert ended.figures["attempt"] == "attempt-1"
        assert "no_ack" not in [one.event for one in network.witness.events]


async def test_408_without_ringing(tmp_path: Path) -> None:
    async with exchange(tmp_path, {"haste": 100, "numbers": {"*": "request_timeout"}}) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_refused", status=408)
        assert rc == 0, told


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("sit", 404), ("early_announcement", 480), ("busy_tone", 486), ("congestion_tone", 503)],
)
async def test_early_media_carries_a_description(tmp_path: Path, behaviour: str, status: int) -> None:
    async with exchange(tmp_path, {"behaviour": behaviour, **BRIEF}) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_early", status=status)
        assert rc == 0, told
        assert int(str((await network.wait_for("ended")).figures["rtp_sent"])) > 10


async def test_a_person_answers_waits_and_hangs_up_when_nobody_speaks(tmp_path: Path) -> None:
    what = {"behaviour": "human", **QUICK, "ask_again_s": 0.5, "patience_s": 1.5}
    async with exchange(tmp_path, what) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_called_hangs_up")
        assert rc == 0, told
        names = [one.event for one in network.witness.events]
        assert names == ["invite", "ringing", "answered", "spoke", "spoke", "done", "bye_sent", "ended"]
        hellos = [one for one in network.witness.events if one.event == "spoke"]
        assert hellos[1].t - hellos[0].t >= 0.6 + 0.5
        ended = network.witness.events[-1]
        assert ended.t - (hellos[0].t + 0.6) >= 1.5


async def test_the_caller_hangs_up(tmp_path: Path) -> None:
    async with exchange(tmp_path, {"behaviour": "human", **QUICK}) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_caller_hangs_up", "-d", "500")
        assert rc == 0, told
        assert (await network.wait_for("ended")).figures["by"] == "caller"
        assert (await network.wait_for("bye_received")).number == NUMBER


@pytest.mark.parametrize("behaviour", ["no_answer", "slow_answer", "human"])
async def test_a_ringing_call_is_cancelled(tmp_path: Path, behaviour: str) -> None:
    async with exchange(tmp_path, {"behaviour": behaviour, "post_dial_s": 0, "ring_s": 30}) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_cancelled")
        assert rc == 0, told
        ended = await network.wait_for("ended")
        assert (ended.figures["how"], ended.figures["status"]) == ("cancelled", 487)
        assert (await network.wait_for("cancelled")).behaviour == behaviour


async def test_hold_and_unhold(tmp_path: Path) -> None:
    what = {"behaviour": "silence", **QUICK}
    async with exchange(tmp_path, what) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_hold", "-d", "300")
        assert rc == 0, told
        held = [one.figures["held"] for one in network.witness.events if one.event == "reinvited"]
        assert held == [True, True, False]


async def test_immediate_hang_up(tmp_path: Path) -> None:
    async with exchange(tmp_path, {"behaviour": "immediate_hang_up", **QUICK}) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_called_hangs_up")
        assert rc == 0, told
        answered, bye = await network.wait_for("answered"), await network.wait_for("bye_sent")
        assert 0.1 <= bye.t - answered.t < 1.0


async def test_sipps_echo_is_heard_without_loss(tmp_path: Path) -> None:
    """SIPp sends every packet back: what the exchange hears must be what it has said."""
    what = {"behaviour": "machine", **QUICK, "record_s": 0.5}
    async with exchange(tmp_path, what) as network:
        rc, told = await sipp(tmp_path, network.port, "exchange_called_hangs_up", "-rtp_echo")
        assert rc == 0, told
        ended = await network.wait_for("ended")
        assert ended.figures["rtp_lost"] == ended.figures["rtp_late"] == 0
        assert int(str(ended.figures["rtp_received"])) >= int(str(ended.figures["rtp_sent"])) - 3
        heard = await network.wait_for("heard_speech")
        spoke = await network.wait_for("spoke")
        assert heard.figures["first"] is True
        assert -0.02 <= heard.t - spoke.t < 0.5
        capture = network.calls[0].heard
        assert capture.holes() == []
        assert network.calls[0].media.stream.mouth.codec == "PCMA"
        assert len(capture.samples()) / 8000 >= 3.0  # the greeting


async def test_a_thousand_quick_calls_leave_nothing_behind(tmp_path: Path) -> None:
    plan = {"haste": 1000, "table": False, "mix": {"busy": 1}}
    async with exchange(tmp_path, plan, max_calls=200) as network:
        options = ["-r", "300", "-l", "150"]
        rc, told = await sipp(tmp_path, network.port, "exchange_refused", *options, status=486, calls=1000)
        assert rc == 0, told
        await network.wait_for("ended", nth=1000)
        assert (network.active, network.faults, network.malformed) == ([], 0, 0)
