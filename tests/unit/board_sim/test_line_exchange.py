"""The exchange behind the simulated line: what it understands, and what it does with every kind of far end."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from board.sim.line import (
    PROFILES,
    ChangeKind,
    FarEnd,
    HangUp,
    Hook,
    IncomingCall,
    LineSim,
    Outcome,
    Phase,
    Samples,
    recording,
)
from board.sim.line.fsk import KEY_HZ, keys
from board.sim.line.sim import tone
from board.sim.line.subscriber import KeyReceiver
from board.sim.line.tones import amplitude, render

NUMBER = "03023125100"


def dialled(far: FarEnd, country: str = "DE") -> LineSim:
    """A line with the number just dialled."""
    line = LineSim(country, {NUMBER: far}.get)
    line.set_hook(Hook.OFF)
    line.advance(600)
    sound = keys(NUMBER, 70, 70, -9.0).astype(np.int16)
    line.advance(len(sound) // 8 + 60, sound)
    return line


def phases(line: LineSim) -> list[str]:
    return [seen.what for seen in line.log if seen.what in set(Phase)]


def press(hz: tuple[float, float], ms: float, low_db: float = 0.0, dbm0: float = -11.0) -> Samples:
    at_s = np.arange(int(ms * 8)) / 8000
    low, high = (np.sin(2 * np.pi * one * at_s) * amplitude(dbm0) for one in hz)
    return np.concatenate((low * 10 ** (low_db / 20) + high, np.zeros(800))).astype(np.int16)


def understood(sound: Samples) -> str:
    ears = KeyReceiver()
    padded = np.concatenate((sound, np.zeros(-len(sound) % 160 + 160, np.int16))).astype(np.float32)
    return "".join(ears.frame(frame) for frame in padded.reshape(-1, 160))


@pytest.mark.parametrize("key", KEY_HZ)
def test_every_key_is_understood(key: str) -> None:
    assert understood(keys(key * 3, 50, 50).astype(np.int16)) == key * 3


@pytest.mark.parametrize("key", "147*0#369D")
def test_keys_within_the_tolerances_of_q24_are_understood(key: str) -> None:
    low, high = KEY_HZ[key]
    assert understood(press((low * 1.015, high * 0.985), 60)) == key
    assert understood(press((low * 0.985, high * 1.015), 60)) == key
    assert understood(press((low, high), 41)) == key
    assert understood(press((low, high), 60, low_db=8.0, dbm0=-19.0)) == key
    assert understood(press((low, high), 60, low_db=-4.0)) == key
    assert understood(press((low, high), 60, dbm0=-25.0)) == key


@pytest.mark.parametrize("key", "147*0#369D")
def test_keys_outside_of_them_are_not(key: str) -> None:
    low, high = KEY_HZ[key]
    assert understood(press((low * 1.04, high), 60)) == ""
    assert understood(press((low, high * 0.96), 60)) == ""
    assert understood(press((low, high), 22)) == ""
    assert understood(press((low, high), 60, dbm0=-50.0)) == ""
    assert understood(press((low, low), 60)) == ""


def test_an_answered_call_from_dial_tone_to_release() -> None:
    line = dialled(
        FarEnd(rings=2, voice=tone(-10.0, ms=2000), hangs_up_after_voice=True, answer_reversal=True)
    )
    line.advance(20_000)
    line.set_hook(Hook.ON)
    line.advance(1000)
    assert phases(line) == [
        "dial_tone", "dialling", "setting_up", "ringback", "talking", "cleared", "idle",
    ]  # fmt: skip
    assert [one.kind for one in line.changes()] == [ChangeKind.REVERSAL, ChangeKind.REVERSAL]


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.CONGESTION, Outcome.SIT])
@pytest.mark.parametrize("country", PROFILES)
def test_refusals_sound_like_the_countrys_tone(country: str, outcome: Outcome) -> None:
    line = dialled(FarEnd(outcome=outcome, set_up_ms=0), country)
    line.advance(200)
    heard = np.abs(np.fft.rfft(line.advance(1000)))
    wanted = np.abs(np.fft.rfft(render(PROFILES[country].tones[outcome])))
    strongest_hz = float(wanted.argmax()) * 8000 / (2 * (len(wanted) - 1))
    assert line.phase is Phase.REFUSED
    nearby = heard[max(0, round(strongest_hz) - 15) : round(strongest_hz) + 15]
    assert nearby.max() > 50 * np.median(heard)


def test_a_number_nobody_has_is_unobtainable_after_the_last_digit() -> None:
    line = LineSim("GB", {NUMBER: FarEnd()}.get)
    line.set_hook(Hook.OFF)
    line.advance(600)
    line.advance(300, keys("7").astype(np.int16))
    line.advance(2500)
    assert line.phase is Phase.DIALLING
    line.advance(3000)
    assert line.phase is Phase.REFUSED
    assert line.log[-1].detail == "unobtainable"


def test_metering_pulses_come_during_the_conversation() -> None:
    line = dialled(FarEnd(rings=1, metering_ms=1000))
    line.advance(12_000)
    answered = next(seen.at_ms for seen in line.log if seen.what == Phase.TALKING)
    pulses = [one.at_ms for one in line.changes() if one.kind is ChangeKind.METERING]
    assert pulses[:3] == [answered + 1000, answered + 2000, answered + 3000]


@pytest.mark.parametrize("country", ["DE", "GB", "US"])
def test_an_opened_loop_lasts_as_long_as_the_country_has_it(country: str) -> None:
    line = dialled(FarEnd(rings=1, talk_ms=1000, hang_up=HangUp.CPC), country)
    line.advance(14_000)
    off, on = (
        one.at_ms for one in line.changes() if one.kind in (ChangeKind.BATTERY_OFF, ChangeKind.BATTERY_ON)
    )
    assert on - off == PROFILES[country].cpc_ms


def test_a_flash_asks_for_another_dial_tone_and_a_second_one_goes_back() -> None:
    line = dialled(FarEnd(rings=1))
    line.advance(10_000)
    for wanted in (Phase.RECALL, Phase.TALKING):
        line.set_hook(Hook.ON)
        line.advance(200)
        line.set_hook(Hook.OFF)
        line.advance(200)
        assert line.phase is wanted
    assert [seen.what for seen in line.log].count("flash") == 2


@pytest.mark.parametrize(("break_ms", "phase"), [(20, Phase.TALKING), (1200, Phase.IDLE)])
def test_a_click_is_no_flash_and_a_long_break_is_a_release(break_ms: int, phase: Phase) -> None:
    line = dialled(FarEnd(rings=1))
    line.advance(10_000)
    line.set_hook(Hook.ON)
    line.advance(break_ms)
    assert line.phase is phase
    line.set_hook(Hook.OFF)
    line.advance(20)
    assert "flash" not in [seen.what for seen in line.log]


def test_keys_pressed_in_conversation_are_heard_by_the_far_end() -> None:
    line = dialled(FarEnd(rings=1))
    line.advance(10_000)
    sound = keys("91#").astype(np.int16)
    line.advance(700, sound)
    assert [seen.detail for seen in line.log if seen.what == "digit"][-3:] == ["9", "1", "#"]


def test_the_far_end_can_listen_and_answer() -> None:
    class Parrot:
        def frame(self, heard: Samples) -> Samples:
            return heard

    line = LineSim("DE")
    line.ring(IncomingCall(party=FarEnd(talker=Parrot)))
    line.set_hook(Hook.OFF)
    line.advance(100)
    loud, quiet = (line.advance(1000, tone(level, 1500)) for level in (-10.0, -60.0))
    assert np.abs(np.fft.rfft(loud))[1500] > 20 * np.abs(np.fft.rfft(quiet))[1500]


def test_a_recording_is_read_or_refused_in_words(tmp_path: Path) -> None:
    def written(rate: int, channels: int) -> Path:
        with wave.open(str(tmp_path / f"{rate}-{channels}.wav"), "wb") as file:
            file.setnchannels(channels)
            file.setframerate(rate)
            file.setsampwidth(2)
            file.writeframes(b"\1\0\2\0" * channels)
        return tmp_path / f"{rate}-{channels}.wav"

    assert recording(written(8000, 1)).tolist() == [1, 2]
    for rate, channels in ((16000, 1), (8000, 2)):
        with pytest.raises(ValueError, match="8000 Hz"):
            recording(written(rate, channels))
