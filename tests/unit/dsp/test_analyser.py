"""One leg from early media to the verdict, streamed as a call is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp import AmdModel, AmdSettings, Analyser, Event, Flip, GreetingEnd, Label, Tone, Verdict
from tests.unit.dsp.sounds import Pcm, pcm, silence, speech, tone

HELLO = ("en-gb+f3", "Hello?")
GREETING = (
    "en-gb+f3",
    "Hello, you have reached the voicemail of Peter Miller. I cannot take your call at the moment, please leave "
    "a message after the tone.",
)


def hear(samples: Pcm, settings_: AmdSettings | None = None, chunk: int = 160) -> list[Event]:
    ears = Analyser(settings_ or AmdSettings(), AmdModel.default())
    ears.answered()
    return [event for at in range(0, len(samples), chunk) for event in ears.feed(samples[at : at + chunk])]


def verdict(samples: Pcm, settings_: AmdSettings | None = None) -> Verdict:
    found = [event for event in hear(samples, settings_) if isinstance(event, Verdict)]
    assert len(found) == 1
    return found[0]


def person(after_ms: float = 500) -> Pcm:
    voice, text = HELLO
    return pcm(silence(after_ms), speech(text, voice), silence(4000), noise_dbfs=-60)


def machine(after_ms: float = 500) -> Pcm:
    voice, text = GREETING
    return pcm(silence(after_ms), speech(text, voice), silence(500), noise_dbfs=-60)


@pytest.mark.req("GEN-017")
@pytest.mark.parametrize("after_ms", [200, 450, 800])
def test_hello_and_a_wait_is_a_person_within_six_tenths(after_ms: float) -> None:
    found = verdict(person(after_ms))
    assert found.label == Label.HUMAN
    assert found.cause == "spoke_and_waited"
    assert found.at_ms <= after_ms + len(speech(HELLO[1], HELLO[0])) / 8 + 600


@pytest.mark.req("GEN-017")
@pytest.mark.parametrize("after_ms", [200, 450])
def test_a_greeting_that_starts_at_once_is_a_machine_in_time(after_ms: float) -> None:
    found = verdict(machine(after_ms))
    assert found.label == Label.MACHINE
    assert found.at_ms <= 3500


@pytest.mark.req("GEN-017")
@pytest.mark.parametrize("after_ms", [800, 1500, 2500])
def test_a_greeting_that_starts_late_is_at_least_not_taken_for_a_person(after_ms: float) -> None:
    assert verdict(machine(after_ms)).label in (Label.MACHINE, Label.UNSURE)


@pytest.mark.req("GEN-017")
def test_a_tune_is_no_machine() -> None:
    """Notes are held as no voice holds them: whatever the model believes, it is no voice on a tape."""
    notes = [tone((hz, 1.5 * hz), 400, -18) for hz in (440, 523, 659, 587, 784, 698, 523, 440, 587, 659)]
    ears = Analyser(AmdSettings(sensitivity="eager"), AmdModel.default())
    ears.answered()
    events = ears.feed(pcm(silence(200), *notes, silence(500), noise_dbfs=-55))
    assert [event.label for event in events if isinstance(event, Verdict)] != [Label.MACHINE]
    playing = [point.odds for point in ears.features() if 1500 <= point.at_ms <= 3000]
    assert playing
    assert all(odds.machine == 0.0 for odds in playing)


@pytest.mark.req("GEN-017")
def test_silence_is_called_silence_after_its_time() -> None:
    found = verdict(pcm(silence(5000)), AmdSettings(initial_silence_s=2.0))
    assert (found.label, found.cause, found.at_ms) == (Label.SILENCE, "nobody_spoke", 2000)


def test_digital_silence_and_a_late_start_of_media_change_nothing() -> None:
    late = np.concatenate((np.zeros(1600, dtype=np.int16), person(300)))
    assert verdict(late).label == Label.HUMAN


@pytest.mark.req("GEN-016")
def test_tones_of_an_unreachable_number_are_an_intercept_at_once() -> None:
    sit = [tone((hz,), 330, -20) for hz in (950.0, 1400.0, 1800.0)]
    found = hear(pcm(silence(300), *sit, silence(300), speech("The number you have dialled is not in use.")))
    assert [type(event) for event in found] == [Tone, Verdict]
    assert isinstance(found[1], Verdict)
    assert found[1].label == Label.INTERCEPT
    assert found[1].at_ms <= 1300


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("hz", [1100.0, 2100.0])
def test_a_fax_is_a_fax(hz: float) -> None:
    assert verdict(pcm(silence(400), tone((hz,), 500), silence(3000))).label == Label.FAX


def test_early_media_gives_tones_but_no_verdict() -> None:
    ears = Analyser(AmdSettings(), AmdModel.default())
    ring = pcm(silence(100), tone((425.0,), 1000), silence(4000), tone((425.0,), 1000), silence(3000))
    assert [event.kind for event in ears.feed(ring) if isinstance(event, Tone)] == ["ringback"]
    assert not any(isinstance(event, Verdict) for event in ears.feed(machine()))


def test_times_count_from_the_answer() -> None:
    ears = Analyser(AmdSettings(), AmdModel.default())
    ears.feed(pcm(silence(12_345)))
    ears.answered()
    events = ears.feed(person(500))
    expected = verdict(person(500))
    assert [event.at_ms for event in events if isinstance(event, Verdict)] == [expected.at_ms]


@pytest.mark.req("GEN-018")
def test_switched_off_it_never_judges_but_still_hears_tones() -> None:
    off = AmdSettings(enabled=False)
    assert hear(machine(), off) == []
    found = hear(pcm(silence(300), tone((2100.0,), 1000), silence(300)), off)
    assert [type(event) for event in found] == [Tone]


@pytest.mark.req("GEN-017")
@pytest.mark.parametrize("limit_s", [1.0, 2.2, 3.5, 5.0])
def test_the_verdict_is_never_later_than_asked_for(limit_s: float) -> None:
    asked = AmdSettings(max_decision_s=limit_s, initial_silence_s=10.0)
    tap = np.random.default_rng(3).normal(size=48_000) * 0.02
    for sound in (person(), machine(), pcm(silence(6000)), pcm(tap), pcm(silence(900), tap)):
        assert verdict(sound, asked).at_ms <= limit_s * 1000


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(min_value=0, max_value=24_000), max_size=40))
def test_how_the_audio_is_cut_changes_nothing(cuts: list[int]) -> None:
    sound = pcm(speech(*reversed(HELLO)), silence(300), tone((1000.0,), 300), silence(1500))[:24_000]
    whole = hear(sound, chunk=len(sound))
    ears = Analyser(AmdSettings(), AmdModel.default())
    ears.answered()
    pieces = [
        event
        for start, end in pairwise([0, *sorted(cuts), len(sound)])
        for event in ears.feed(sound[start:end])
    ]
    assert pieces == whole


def test_calls_side_by_side_do_not_disturb_each_other() -> None:
    sounds = [person(300), machine(300), pcm(silence(4000))]
    alone = [verdict(sound) for sound in sounds]
    together = [Analyser(AmdSettings(), AmdModel.default()) for _ in sounds]
    for ears in together:
        ears.answered()
    found: list[list[Event]] = [[] for _ in sounds]
    for start in range(0, 32_000, 160):
        for number, sound in enumerate(sounds):
            found[number] += together[number].feed(sound[start : start + 160])
    assert [[event for event in events if isinstance(event, Verdict)] for events in found] == [
        [one] for one in alone
    ]


def test_the_track_has_a_point_for_every_tenth_of_a_second() -> None:
    ears = Analyser(AmdSettings(), AmdModel.default())
    ears.answered()
    sound = person()
    ears.feed(sound)
    track = ears.features()
    assert [point.at_ms for point in track] == list(range(100, len(sound) // 800 * 100 + 1, 100))
    for point in track:
        odds = point.odds
        assert odds.human + odds.machine + odds.music + odds.silence == pytest.approx(1.0)
    assert max(point.odds.speech for point in track) > 0.8


@pytest.mark.req("GEN-017")
def test_a_machine_is_heard_to_its_beep() -> None:
    voice, text = GREETING
    sound = pcm(silence(400), speech(text, voice), silence(400), tone((1000.0,), 400), silence(3000))
    found = hear(sound)
    assert [type(event) for event in found if isinstance(event, GreetingEnd)] == [GreetingEnd]
    beep = next(event for event in found if isinstance(event, Tone))
    end = next(event for event in found if isinstance(event, GreetingEnd))
    assert (end.cause, end.at_ms) == ("beep", beep.at_ms)
    told = [event for event in found if isinstance(event, Verdict | Flip)]
    last = told[-1].verdict if isinstance(told[-1], Flip) else told[-1]
    assert last.label == Label.MACHINE


def test_a_person_who_waits_is_never_corrected() -> None:
    assert [type(event) for event in hear(np.concatenate((person(), pcm(silence(8000)))))] == [Verdict]


@pytest.mark.parametrize("wrong", [np.zeros(160), np.zeros(160, np.int32), np.zeros((2, 80), np.int16)])
def test_audio_of_another_kind_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(TypeError, match="int16"):
        Analyser(AmdSettings(), AmdModel.default()).feed(wrong)


def test_no_samples_are_no_event() -> None:
    assert hear(np.zeros(0, dtype=np.int16)) == []
